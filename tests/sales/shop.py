"""A Medusa in memory that changes while it is read, and sums up its own money."""

from collections import deque
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal, localcontext
from itertools import count

import httpx
from msgspec.structs import replace

from omnicart_plugin.demo import DemoTransport
from omnicart_plugin.demo.sample import Sample
from omnicart_plugin.demo.trade import Trade
from omnicart_plugin.medusa import wire

Deed = Callable[[], object]


class Shop(DemoTransport):
    """Answers as the demo store does, with orders of its own."""

    def __init__(self, clock: datetime | None = None) -> None:
        super().__init__(datetime.now(UTC).date())
        self.clock = clock or datetime.now(UTC) - timedelta(minutes=10)
        self.orders: dict[str, wire.Order] = {}
        self.drafts: dict[str, wire.Order] = {}
        self.asked: list[httpx.URL] = []
        self.deeds: deque[Deed] = deque()
        """Each is done when one more question was answered, just before the answer is on its way."""
        self.fails: Callable[[httpx.URL], bool] = lambda _: False
        """Whether the line breaks instead of an answer."""
        self.left: int | None = None
        """How many more questions are answered before it breaks; None where it does not."""
        self._numbers = count(1)
        self._movements = count(1)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not request.url.path.startswith("/admin/"):
            return await super().handle_async_request(request)
        self.asked.append(request.url)
        if self.left is not None:
            self.left -= 1
        if self.fails(request.url) or (self.left is not None and self.left < 0):
            raise httpx.ReadError("The line is broken")
        answer = await super().handle_async_request(request)
        if self.deeds and answer.status_code == httpx.codes.OK:
            done = self.deeds.popleft()()
            if isinstance(done, Awaitable):
                await done
        return answer

    def _sample(self) -> Sample:
        trade = Trade(tuple(self.orders.values()), tuple(self.drafts.values()), {})
        return super()._sample()._replace(trade=trade)

    def tick(self, seconds: float = 1) -> datetime:
        """Medusa's times have milliseconds."""
        self.clock += timedelta(seconds=seconds)
        return self.clock.replace(microsecond=self.clock.microsecond // 1000 * 1000)

    def place(self, amount: str = "10", currency: str = "eur", *, late: int = 0, seconds: float = 1) -> str:
        """An order with an authorized payment. ``late``: it shows up so many seconds after the time that it bears."""
        number, at = next(self._numbers), self.tick(seconds) - timedelta(seconds=late)
        paid = wire.Payment(
            id=f"pay_{number:05}", amount=Decimal(amount), currency_code=currency, created_at=at, updated_at=at
        )
        collection = wire.PaymentCollection(id=f"pay_col_{number}", status="authorized", payments=(paid,))
        order_id = f"order_{number:05}"
        self.orders[order_id] = wire.Order(
            id=order_id,
            display_id=number,
            status="pending",
            currency_code=currency,
            created_at=at,
            updated_at=at,
            payment_collections=(collection,),
        )
        return order_id

    def draft(self) -> str:
        order_id = self.place()
        self.drafts[order_id] = replace(self.orders.pop(order_id), status="draft", payment_collections=())
        return order_id

    def convert(self, draft_id: str) -> None:
        """It keeps the day on which it was drafted."""
        drafted = self.drafts.pop(draft_id)
        self.orders[draft_id] = replace(drafted, status="pending", updated_at=self.tick())

    def payment(self, order_id: str) -> wire.Payment | None:
        payments = [p for collection in self.orders[order_id].payment_collections for p in collection.payments]
        return payments[0] if payments else None

    def capture(self, order_id: str, part: Decimal = Decimal(1)) -> None:
        """That part of what is left to capture. It moves the payment's time if nothing is left, and no order's."""
        paid, at = self.payment(order_id), self.tick()
        if paid and not paid.canceled_at and (amount := self._left(paid) * part):
            capture = wire.Capture(id=f"capt_{next(self._movements)}", amount=amount, created_at=at)
            paid = replace(paid, captures=(*paid.captures, capture))
            self._pay(order_id, replace(paid, captured_at=at, updated_at=at) if part == 1 else paid)

    def refund(self, order_id: str, part: Decimal = Decimal(1)) -> None:
        """That part of what is left to refund. It moves the order's time and not the payment's."""
        paid, at = self.payment(order_id), self.tick()
        if paid and (amount := _captured(paid) * part):
            refund = wire.Refund(id=f"ref_{next(self._movements)}", amount=amount, created_at=at)
            self._pay(order_id, replace(paid, refunds=(*paid.refunds, refund)))
            self.orders[order_id] = replace(self.orders[order_id], updated_at=at)

    def cancel(self, order_id: str) -> None:
        """What was captured is refunded; a payment that was not is cancelled."""
        self.refund(order_id)
        at, paid = self.tick(), self.payment(order_id)
        if paid and not paid.captures:
            self._pay(order_id, replace(paid, canceled_at=at, updated_at=at))
        self.orders[order_id] = replace(self.orders[order_id], status="canceled", canceled_at=at, updated_at=at)

    def revenue(self) -> dict[str, Decimal]:
        """Exact: more digits than Python's usual 28, to which a thousand halved amounts would be rounded."""
        found: dict[str, Decimal] = {}
        with localcontext(prec=100):
            for paid in filter(None, map(self.payment, self.orders)):
                if paid.captures:
                    found[paid.currency_code] = found.get(paid.currency_code, Decimal(0)) + _captured(paid)
        return found

    def _left(self, paid: wire.Payment) -> Decimal:
        return (paid.amount or Decimal(0)) - sum((c.amount or Decimal(0) for c in paid.captures), Decimal(0))

    def _pay(self, order_id: str, paid: wire.Payment) -> None:
        (collection,) = self.orders[order_id].payment_collections
        collections = (replace(collection, payments=(paid,)),)
        self.orders[order_id] = replace(self.orders[order_id], payment_collections=collections)


def _captured(paid: wire.Payment) -> Decimal:
    """Less what was refunded."""
    captured = sum((capture.amount or Decimal(0) for capture in paid.captures), Decimal(0))
    return captured - sum((refund.amount or Decimal(0) for refund in paid.refunds), Decimal(0))
