"""As much of a Medusa as orders and collections need, in memory, and a way to it on which answers get lost."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import anyio
import msgspec
from anyio.abc import ByteStream

from tests.medusa.raw_server import Asked, RawServer, answer, jwt
from tests.medusa_lab import Medusa

AT = "2026-11-25T10:00:00.000Z"
How = Literal["timeout", "disconnect", "half", "nothing", "late", "502", "503", "504"]
Store = Callable[[Asked], Awaitable[bytes]]


def payment(amount: float, captured: float = 0, refunded: float = 0) -> dict[str, Any]:
    captures = [{"id": "capt_1", "amount": captured, "created_at": AT}] if captured else []
    refunds = [{"id": "ref_0", "amount": refunded, "created_at": AT}] if refunded else []
    whole = AT if captured == amount else None
    return {
        "id": f"pay_{amount}_{captured}_{refunded}",
        "amount": amount,
        "currency_code": "eur",
        "captured_at": whole,
        "canceled_at": None,
        "captures": captures,
        "refunds": refunds,
    }


def order(number: int, *payments: dict[str, Any], **more: Any) -> dict[str, Any]:
    collections = [{"id": "paycol_1", "payments": list(payments)}] if payments else []
    return {
        "id": f"order_{number}",
        "display_id": number,
        "status": "pending",
        "currency_code": "eur",
        "created_at": AT,
        "canceled_at": None,
        "metadata": {},
        "total": 20,
        "items": [],
        "fulfillments": [],
        "payment_collections": collections,
        **more,
    }


@dataclass
class SmallShop:
    """`refuses` holds the ends of paths that it answers with 400, `expired` those that it answers with 401 once."""

    orders: dict[str, Any] = field(default_factory=lambda: {f"order_{n}": order(n) for n in range(1, 9)})
    collections: dict[str, Any] = field(default_factory=dict)
    refuses: set[str] = field(default_factory=set)
    expired: list[str] = field(default_factory=list)
    signed_in: int = 0

    async def __call__(self, asked: Asked) -> bytes:
        path, _, query = asked.path.partition("?")
        if path == "/health":
            return answer(b"OK")
        if path == "/auth/user/emailpass":
            self.signed_in += 1
            return answer({"token": jwt(3600, n=self.signed_in)})
        if "authorization" not in asked.headers or self._is_expired(path):
            return answer({"message": "Unauthorized"}, 401)
        if path == "/admin/stores":
            return answer({"stores": [{"id": "store_1", "name": "Small Shop"}]})
        if any(path.endswith(end) for end in self.refuses):
            return answer({"type": "not_allowed", "message": "All fulfillments must be canceled first"}, 400)
        of, *rest = path.removeprefix("/admin/").split("/")
        told = self._order(asked, rest) if of == "orders" else self._collection(asked, query)
        return answer(told) if told else answer({"type": "not_found", "message": "It is not here"}, 404)

    def _is_expired(self, path: str) -> bool:
        end = next((end for end in self.expired if path.endswith(end)), None)
        if end is not None:
            self.expired.remove(end)
        return end is not None

    def _order(self, asked: Asked, rest: list[str]) -> Any:
        match asked.method, rest:
            case "GET", [_, "changes"]:
                return {"order_changes": []}
            case "POST", [id_, "cancel"]:
                self._cancel(self.orders[id_])
            case "POST", [id_, "complete"]:
                self.orders[id_]["status"] = "completed"
            case "POST", [id_]:
                merged = {**self.orders[id_]["metadata"], **msgspec.json.decode(asked.body)["metadata"]}
                self.orders[id_]["metadata"] = {key: value for key, value in merged.items() if value}
        found = self.orders.get(rest[0])
        return {"order": found} if found else None

    @staticmethod
    def _cancel(one: dict[str, Any]) -> None:
        """Payments of which nothing was captured are cancelled, the others paid back."""
        one.update(status="canceled", canceled_at=AT)
        for paid in (paid for collection in one["payment_collections"] for paid in collection["payments"]):
            left = sum(c["amount"] for c in paid["captures"]) - sum(r["amount"] for r in paid["refunds"])
            if not paid["captures"]:
                paid["canceled_at"] = AT
            elif left > 0:
                paid["refunds"].append({"id": "ref_1", "amount": left, "created_at": AT})

    def _collection(self, asked: Asked, query: str) -> Any:
        if asked.method == "GET":
            handle = query.partition("handle=")[2]
            return {"collections": [group for group in self.collections.values() if group["handle"] == handle]}
        typed = msgspec.json.decode(asked.body)
        made = {"id": f"pcol_{typed['handle']}", **typed}
        self.collections[made["id"]] = made
        return {"collection": made}


@dataclass
class Fault:
    """What becomes of the answer to the first request whose ``METHOD path`` ends like this; of every one if `lasts`."""

    at: str
    how: How
    applied: bool = True
    lasts: bool = False
    then: "Fault | None" = None
    """What is wrong from then on."""
    reached: anyio.Event = field(default_factory=anyio.Event)
    over: anyio.Event = field(default_factory=anyio.Event)
    """A timeout ends with it."""


@dataclass
class Way:
    """Between the app and a store."""

    store: Store
    faults: list[Fault] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    server: RawServer | None = None

    async def reply(self, asked: Asked, stream: ByteStream) -> None:
        name = f"{asked.method} {asked.path.partition('?')[0]}"
        self.asked.append(name)
        fault = next((fault for fault in self.faults if name.endswith(fault.at)), None)
        if fault is None:
            return await stream.send(await self.store(asked))
        if not fault.lasts:
            self.faults.remove(fault)
        whole = await self.store(asked) if fault.applied else answer({"order": {}})
        if fault.then:
            self.faults.append(fault.then)
        fault.reached.set()
        match fault.how:
            case "timeout":
                await fault.over.wait()
            case "late":  # the next one is what it is about
                return await stream.send(whole)
            case "half":
                await stream.send(whole[:-5])
            case "502" | "503" | "504":
                return await stream.send(answer(b"<h1>Bad gateway</h1>", int(fault.how)))
        return await stream.aclose()

    def medusa(self) -> Medusa:
        assert self.server
        return Medusa(self.server.url, "a@example.com", "password", "sk_1")

    def count(self, end: str) -> int:
        return sum(name.endswith(end) for name in self.asked)
