"""The figures of a whole store: the first time, again after changes, and whether that depends on the store's size."""

from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import anyio
from anyio import to_thread

from benchmarks.bench import LARGE, SMALL, USUAL, Bench, host, newcomer
from benchmarks.browser import Bare, Load
from benchmarks.measure import Figure, against, exactly, ratio
from benchmarks.person import Person
from benchmarks.rows import NotMeasuredError, Reach, row
from benchmarks.sample import sample
from omnicart_plugin import webos
from tests.medusa_lab import Medusa

_ROUNDS = 5
_FLAT_ROUNDS = 9
"""Of half a second each, which varies more than a fill."""
_MOST_SECONDS = 300.0
_ASKED_AGAIN_SECONDS = 1.0
"""Unless the app says before that there is news."""
_PAGE = 1000
_SUMMED = "/admin/orders?fields=id,status,currency_code,total&order=created_at"


@dataclass(frozen=True)
class Filled:
    """An overview whose figures are all there."""

    seconds: float
    orders: float
    """That it counts."""


@row(
    "overview-first",
    "overview, first time, 30,000 orders",
    "summing by paging `/admin/orders`, once",
    time=Reach(0.05),
    bytes=Reach(0.04),
)
async def first(bench: Bench) -> Mapping[str, Figure]:
    medusa = bench.medusa()
    summed = await to_thread.run_sync(_summed, medusa)
    async with host() as running:
        seconds = [(await filled(await newcomer(running, medusa))).seconds for _ in range(_ROUNDS)]
    size = await _size(bench)
    return {
        "time": against(seconds, summed.seconds),
        "bytes": exactly(size / summed.size, f"{size / 1e6:.1f} MB against {summed.size / 1e6:.0f} MB"),
    }


@row(
    "overview-again",
    "overview again after 10 new orders, 5 captures, 2 refunds",
    "the first time",
    time=Reach(0.05),
)
async def again(bench: Bench) -> Mapping[str, Figure]:
    medusa = bench.medusa()
    firsts: list[float] = []
    seconds: list[float] = []
    async with host() as running:
        for _ in range(_ROUNDS):
            person = await newcomer(running, medusa)
            firsts.append((await filled(person)).seconds)
            seconds.append(await _after_changes(person, medusa))
    return {"time": ratio(seconds, firsts)}


@row(
    "overview-flat",
    "overview again after the same changes, at 100,000 orders",
    "the same at 1,000: the cost follows the changes, not the store",
    time=Reach(1.5),
)
async def flat(bench: Bench) -> Mapping[str, Figure]:
    large: list[float] = []
    small: list[float] = []
    async with host() as running:
        people = [(await newcomer(running, bench.medusa(orders)), bench.medusa(orders)) for orders in (LARGE, SMALL)]
        for person, _ in people:
            await filled(person)
        for _ in range(_FLAT_ROUNDS):
            for (person, medusa), seconds in zip(people, (large, small), strict=True):
                seconds.append(await _after_changes(person, medusa))
    return {"time": ratio(large, small)}


async def filled(person: Person, *, fresh: bool = False, orders: int | None = None) -> Filled:
    """Open the overview until its figures are complete, and count so many orders.

    Raises:
        NotMeasuredError: They are not there after minutes.
    """
    heard = person.host.events()
    began = perf_counter()
    with anyio.move_on_after(_MOST_SECONDS):
        while True:
            panel = await person.panel("overview", account_id=person.account_id, fresh=fresh)
            seconds = perf_counter() - began
            if not isinstance(panel, webos.Panel):
                raise NotMeasuredError(f"the overview answers: {panel.detail}")
            counted = _counted(panel)
            if not _is_filling(panel) and orders in (None, counted):
                return Filled(seconds, counted)
            fresh = False
            with anyio.move_on_after(_ASKED_AGAIN_SECONDS):
                await anext(heard)
    raise NotMeasuredError("the overview's figures are never complete")


def _is_filling(panel: webos.Panel) -> bool:
    return any(isinstance(node, webos.Progress) for node in panel.body)


def _counted(panel: webos.Panel) -> float:
    """All orders: the first number of the panel."""
    items = next(node for node in panel.body if isinstance(node, webos.Metrics)).items
    return next(float(item.value.number) for item in items if isinstance(item.value, webos.Number))


async def _after_changes(person: Person, medusa: Medusa) -> float:
    """Seconds of the overview that takes them in."""
    await to_thread.run_sync(_change, medusa)
    now = medusa.api("GET", "/admin/orders?limit=0&fields=id")["count"]
    return (await filled(person, fresh=True, orders=now)).seconds


def _change(medusa: Medusa) -> None:
    """10 new orders, 5 captures, 2 refunds."""
    api = medusa.api
    for draft in api("GET", "/admin/draft-orders?limit=1&fields=id,region_id,sales_channel_id,email")["draft_orders"]:
        lines = [{"title": "Engraving", "quantity": 1, "unit_price": 12}]
        body = {key: draft[key] for key in ("region_id", "sales_channel_id", "email")} | {"items": lines}
        for _ in range(10):
            made = api("POST", "/admin/draft-orders", body)["draft_order"]["id"]
            api("POST", f"/admin/draft-orders/{made}/convert-to-order", {})
    payments = _payments(medusa)
    waiting = [payment for payment in payments if not payment["captures"] and not payment["canceled_at"]]
    paid = [payment for payment in payments if payment["captured_at"] and not payment["refunds"]]
    if len(waiting) < 5 or len(paid) < 2:  # noqa: PLR2004 - what the row says
        raise NotMeasuredError("the store has too few payments to capture and refund")
    for payment in waiting[:5]:
        api("POST", f"/admin/payments/{payment['id']}/capture", {})
    for payment in paid[:2]:
        api("POST", f"/admin/payments/{payment['id']}/refund", {"amount": 1})


def _payments(medusa: Medusa) -> list[dict[str, Any]]:
    fields = "id,captured_at,canceled_at,captures.id,refunds.id"
    payments: list[dict[str, Any]] = medusa.api("GET", f"/admin/payments?limit=1000&order=created_at&fields={fields}")[
        "payments"
    ]
    return payments


def _summed(medusa: Medusa) -> Load:
    """Without OmniCart: every order is read, a thousand at a time."""
    bare = Bare(medusa.url, sample(medusa).headers)
    began = perf_counter()
    sizes = [len(bare.get(f"{_SUMMED}&limit={_PAGE}&offset={offset}")) for offset in range(0, USUAL, _PAGE)]
    seconds = perf_counter() - began
    bare.close()
    return Load(seconds, len(sizes), sum(sizes))


async def _size(bench: Bench) -> int:
    """Bytes that the first overview reads."""
    replay = bench.replay()
    replay.set(forward=True)
    async with host() as running:
        person = await newcomer(running, bench.medusa(), replay.url)
        replay.asked()
        await filled(person)
        return sum(asked.size for asked in replay.asked())
