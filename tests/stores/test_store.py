"""What a store is asked, how often, and what is shown meanwhile. The clock and the answers are held by hand."""

from collections import deque
from contextlib import suppress
from typing import Any

import anyio
import httpx
import pytest
from anyio.abc import TaskGroup

from omnicart_plugin import stores
from omnicart_plugin.medusa import commands, queries
from omnicart_plugin.medusa.auth import Password, SecretKey
from omnicart_plugin.medusa.client import Client
from omnicart_plugin.medusa.egress import Egress
from omnicart_plugin.medusa.errors import MedusaError, NotFound, TwoFactor
from omnicart_plugin.remembered import Answers, remembered
from omnicart_plugin.stores import SHOWN_SECONDS, Look, Store

pytestmark = pytest.mark.anyio
ORDERS = queries.count_orders()
PRODUCTS = queries.count_products()
COMPLETE = commands.complete_order("order_1")


class Shop(httpx.AsyncBaseTransport):
    """Answers each question with how many were asked before it, or as it is told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.status = 200
        self.count: int | None = None
        self.held: deque[anyio.Event] = deque()
        """Each request takes one and waits for it."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        count = len(self.asked) if self.count is None else self.count
        if self.held:
            await self.held.popleft().wait()
        body = (
            b'{"order": {"id": "order_1"}}'
            if request.method == "POST"
            else f'{{"count": {count}, "orders": []}}'.encode()
        )
        return httpx.Response(self.status, stream=httpx.ByteStream(body))


class Bench:
    """A store with its shop, and the panels that it called."""

    def __init__(self, tasks: TaskGroup, answers: Answers) -> None:
        self.shop = Shop()
        self.called: list[list[str]] = []
        client = Client(
            "http://shop", SecretKey("sk_1"), tasks=tasks, egress=Egress(allow_private=True), transport=self.shop
        )
        self.store = Store(client, tasks, lambda panels: self.called.append(sorted(panels)), answers)

    async def see(self, look: Look | None = None, question: Any = ORDERS, *, fresh: bool = False) -> tuple[int, str]:
        answer = await self.store.begin(question, fresh=fresh, look=look)()
        return answer.value.count, "old" if answer.failed else answer.source

    def open(self, panel: str = "orders", who: str = "u") -> Look:
        return self.store.look(panel, who)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        self.now += 1e-6  # time never stands still
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    held = Clock()
    monkeypatch.setattr(stores, "monotonic", held)
    return held


@pytest.fixture
def bench(tasks: TaskGroup, clock: Clock) -> Bench:  # noqa: ARG001 - the clock stands still behind it
    return Bench(tasks, remembered())


settled = anyio.wait_all_tasks_blocked


async def test_equal_questions_at_once_are_one_request(bench: Bench) -> None:
    begun = [bench.store.begin(ORDERS, look=bench.open(panel)) for panel in ("orders", "overview", "orders")]
    answers = {(await waiting()).value.count for waiting in begun}

    assert (answers, len(bench.shop.asked)) == ({1}, 1)


async def test_within_its_freshness_nothing_is_asked_and_after_it_the_old_is_shown_at_once(
    bench: Bench, clock: Clock
) -> None:
    look = bench.open()
    assert await bench.see(look) == (1, "live")
    clock.now += 9
    assert await bench.see(look) == (1, "cache")
    assert len(bench.shop.asked) == 1
    clock.now += 5
    assert await bench.see(look) == (1, "cache")
    await settled()

    assert (len(bench.shop.asked), bench.called) == (2, [["orders"]])
    assert await bench.see(look) == (2, "cache")
    assert len(bench.shop.asked) == 2


async def test_an_answer_that_is_the_same_calls_nobody(bench: Bench, clock: Clock) -> None:
    bench.shop.count = 7
    await bench.see(bench.open())
    clock.now += 20
    await bench.see(bench.open())
    await settled()

    assert (len(bench.shop.asked), bench.called) == (2, [])


async def test_who_cannot_be_called_and_who_would_be_shown_an_old_answer_waits(bench: Bench, clock: Clock) -> None:
    look = bench.open()
    await bench.see(look)
    clock.now += 20
    assert await bench.see() == (2, "live")
    clock.now += SHOWN_SECONDS + 1
    assert await bench.see(look) == (3, "live")


async def test_after_a_write_nothing_older_is_shown_not_even_what_was_on_its_way(bench: Bench) -> None:
    look = bench.open()
    await bench.see(look)
    late = anyio.Event()
    bench.shop.held.append(late)
    on_its_way = bench.store.begin(ORDERS, fresh=True, look=look)
    await settled()
    await bench.store.send(COMPLETE)

    assert await bench.see(look) == (4, "live")
    late.set()
    assert (await on_its_way()).value.count == 2
    assert await bench.see(look) == (4, "cache")


async def test_when_the_store_is_down_the_last_answer_is_shown_and_its_panels_are_called_once(
    bench: Bench, clock: Clock
) -> None:
    look = bench.open()
    bench.shop.count = 5
    await bench.see(look)
    bench.shop.status = 503
    clock.now += 20
    assert await bench.see(look) == (5, "cache")  # nobody knows yet
    await settled()
    assert bench.called == [["orders"]]
    for _ in range(3):
        assert await bench.see(look) == (5, "old")
    assert bench.called == [["orders"]]

    bench.shop.status = 200
    bench.store.renew({"orders"})
    await settled()
    assert bench.called == [["orders"], ["orders"]]  # the same answer, but it is not old any more
    assert await bench.see(look) == (5, "cache")


async def test_a_refusal_is_no_reason_to_show_the_last_answer(bench: Bench, clock: Clock) -> None:
    look = bench.open()
    await bench.see(look)
    bench.shop.status = 404
    clock.now += 20
    await bench.see(look)
    await settled()

    with pytest.raises(NotFound):
        await bench.see(look)


async def test_a_store_that_never_answered_has_nothing_to_show(bench: Bench) -> None:
    bench.shop.status = 503
    with pytest.raises(MedusaError):
        await bench.see(bench.open())


async def test_what_is_open_is_renewed_and_what_was_left_is_not(bench: Bench, clock: Clock) -> None:
    await bench.see(bench.open("orders"), queries.orders())
    await bench.see(bench.open("orders"), ORDERS)  # the same person goes to another page
    await bench.see(bench.open("products"), PRODUCTS)
    bench.store.renew({"orders", "products"})
    await settled()
    assert len(bench.shop.asked) == 3  # all are fresh
    clock.now += 60
    bench.shop.asked.clear()
    bench.store.renew({"orders"})
    await settled()

    assert (bench.shop.asked, bench.called) == (["/admin/orders"], [["orders"]])


async def test_two_people_at_one_panel_are_both_called(bench: Bench, clock: Clock) -> None:
    await bench.see(bench.open("orders", "u"))
    await bench.see(bench.open("overview", "v"))
    clock.now += 20
    bench.store.renew({"overview"})
    await settled()

    assert bench.called == [["orders", "overview"]]


async def test_so_many_panels_and_no_more_are_taken_to_be_open(bench: Bench) -> None:
    for who in range(stores.MOST_LOOKS + 5):
        bench.open(f"panel{who}", str(who))

    assert len(bench.store.shown) == stores.MOST_LOOKS
    assert "panel0" not in bench.store.shown


async def test_one_stores_answers_are_never_anothers(tasks: TaskGroup, clock: Clock) -> None:
    shared = remembered()
    one, two = Bench(tasks, shared), Bench(tasks, shared)
    one.shop.count, two.shop.count = 11, 22
    late = anyio.Event()
    one.shop.held.append(late)
    waiting = one.store.begin(ORDERS, look=one.open())
    assert await two.see(two.open()) == (22, "live")
    late.set()
    assert (await waiting()).value.count == 11
    assert await two.see(two.open()) == (22, "cache")
    one.store.forget()
    clock.now += 1
    assert await two.see(two.open()) == (22, "cache")
    one.store.close()

    assert len(shared) == 1
    assert one.called == two.called == []


async def test_all_answers_together_stay_within_their_bytes(tasks: TaskGroup, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = remembered(20_000)
    bench = Bench(tasks, shared)
    for offset in range(50):
        await bench.see(None, queries.orders(offset=offset))
    assert 5 < len(shared) < 50
    assert shared.currsize <= 20_000

    monkeypatch.setattr(stores, "LARGEST", 10)
    await bench.see(None, PRODUCTS)
    assert await bench.see(None, PRODUCTS) == (52, "live")


async def test_a_caller_that_gives_up_takes_nothing_from_the_others(bench: Bench) -> None:
    late = anyio.Event()
    bench.shop.held.append(late)
    with anyio.move_on_after(0):
        await bench.see(bench.open())
    waiting = bench.store.begin(ORDERS)
    late.set()

    assert (await waiting()).value.count == 1
    assert len(bench.shop.asked) == 1


async def test_a_store_that_takes_its_user_again_says_so(bench: Bench) -> None:
    statuses = []
    for bench.shop.status in (401, 500, 200):
        with suppress(MedusaError):
            await bench.see()
        statuses.append(bench.store.status)

    assert statuses == ["reauth", "reauth", "ok"]


async def test_a_user_who_needs_a_second_factor_is_to_sign_in_anew(bench: Bench) -> None:
    bench.store.client.sign_in_with(Password("a@example.com", "canary-password"))
    with pytest.raises(TwoFactor):  # what this shop answers a sign-in with holds no token
        await bench.see()

    assert bench.store.status == "reauth"


async def test_an_error_of_one_question_is_no_others(bench: Bench) -> None:
    bench.shop.status = 500
    failing = bench.store.begin(ORDERS)
    with pytest.raises(MedusaError):
        await failing()
    statuses = [bench.store.status]
    bench.shop.status = 200
    assert await bench.see(None, PRODUCTS) == (2, "live")

    assert [*statuses, bench.store.status] == ["unreachable", "ok"]
