"""Opening panels on a big store: against the bare request, and against what the dashboard asks for the same page."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from statistics import median
from time import perf_counter
from typing import Any

import msgspec
from anyio import to_thread

from benchmarks import overview
from benchmarks.bench import SMALL, Bench, host, newcomer
from benchmarks.browser import Bare, Browser, Load, waves
from benchmarks.measure import Figure, exactly, in_turn, ratio
from benchmarks.person import Person
from benchmarks.replay import Asked
from benchmarks.rows import NotMeasuredError, Reach, row
from benchmarks.sample import Sample, sample
from omnicart_plugin import webos
from omnicart_plugin.medusa.answer import decode
from omnicart_plugin.medusa.queries import Get
from omnicart_plugin.panels.registry import PANELS
from omnicart_plugin.stores import Answer
from omnicart_plugin.webos import HostEvent

PAIRS = 25
_BARE_PAIRS = 200
"""Of two things that differ by a hundredth."""
_AGAIN_PAIRS = 5
_AGAIN_TIMES = 5
"""How often it is opened again: a third of a millisecond varies much."""
_WORK_PAIRS = 300
_OF_A_STORE = (
    "overview",
    "orders",
    "order",
    "products",
    "product",
    "customers",
    "customer",
    "collections",
    "collection",
    "draft-orders",
    "draft-order",
    "settings",
)


@row(
    "orders", "open the orders list, cold cache", "the bare request of the same bytes (`http.client`)", time=Reach(1.05)
)
async def orders(bench: Bench) -> Mapping[str, Figure]:
    return await _against_bare(bench)


@row(
    "orders-replayed",
    "the same, the store's answer replayed in the median of the times it took",
    "the bare request of the same bytes (`http.client`)",
    time=Reach(1.05),
)
async def orders_replayed(bench: Bench) -> Mapping[str, Figure]:
    return await _against_bare(bench, replayed=True)


@row(
    "orders-admin",
    "open the orders list, cold cache",
    "Medusa admin's requests for its orders list, replayed",
    time=Reach(0.95),
    requests=Reach(1, "in all"),
)
async def orders_admin(bench: Bench) -> Mapping[str, Figure]:
    return await _against_admin(bench, "orders", "orders list")


@row(
    "order-admin",
    "open one order",
    "Medusa admin's 14 requests, replayed",
    time=Reach(0.40),
    bytes=Reach(0.40),
    requests=Reach(2, "in all"),
)
async def order_admin(bench: Bench) -> Mapping[str, Figure]:
    return await _against_admin(bench, "order", "order detail")


def _detail(panel: str, page: str) -> None:
    @row(
        f"{panel}-admin",
        f"open {page}",
        "Medusa admin's requests for it, replayed",
        time=Reach(0.6),
        **{"share of requests": Reach(1)},
    )
    async def measure(bench: Bench) -> Mapping[str, Figure]:
        return await _against_admin(bench, panel, page)


_detail("product", "product detail")
_detail("customer", "customer detail")
_detail("draft-order", "draft order detail")
_detail("settings", "settings/store")


@row(
    "again",
    "open any panel again within its freshness (the slowest of all)",
    "the first opening",
    time=Reach(0.02),
    requests=Reach(0, "in all"),
)
async def again(bench: Bench) -> Mapping[str, Figure]:
    things = sample(bench.medusa())
    ratios: dict[str, Figure] = {}
    async with host() as running:
        for panel in _OF_A_STORE:
            first: list[float] = []
            second: list[float] = []
            for _ in range(_AGAIN_PAIRS):
                person = await _warmed(bench, running, things)
                first.append(await _opened(person, panel, things))
                if panel == "overview":  # its figures are old by the time that they are complete
                    await overview.filled(person)
                second.append(median([await person.opens(panel, things.item(panel)) for _ in range(_AGAIN_TIMES)]))
            ratios[panel] = ratio(second, first)
    slowest = max(ratios, key=lambda panel: ratios[panel].value)
    over = [f"{panel} {figure.value:.3f}" for panel, figure in ratios.items() if figure.value > 0.02]  # noqa: PLR2004 - the row's
    note = f"{slowest}: {ratios[slowest].note}" + (f"; over it: {', '.join(over)}" if over else "")
    return {
        "time": replace(ratios[slowest], note=note),
        "requests": exactly(await _requests_of_a_second_look(bench)),
    }


async def _requests_of_a_second_look(bench: Bench) -> int:
    """Of a small store, whose overview is complete before the first answers in it are old."""
    things = sample(bench.medusa(SMALL))
    replay = bench.replay(SMALL)
    replay.set(forward=True)
    async with host() as running:
        person = await newcomer(running, bench.medusa(SMALL), replay.url)
        for panel in _OF_A_STORE:
            await _opened(person, panel, things)
            replay.asked()
            await person.opens(panel, things.item(panel))
            if asked := replay.asked():
                raise NotMeasuredError(f"{panel} asks again: {asked[0].target}")
    return 0


async def _opened(person: Person, panel: str, things: Sample) -> float:
    if panel == "overview":
        return (await overview.filled(person)).seconds
    return await person.opens(panel, things.item(panel))


@row(
    "own-work",
    "our own work for a panel (decode, view, encode; 20 orders as Medusa really sends them)",
    "`json.loads` of the same bytes",
    time=Reach(1.0),
)
async def own_work(bench: Bench) -> Mapping[str, Figure]:
    visit, bodies = await _orders_visit(bench)
    visit.store = _Canned(bodies)

    async def ours() -> float:
        began = perf_counter()
        webos.encode(await PANELS["orders"].render(visit))
        return perf_counter() - began

    async def theirs() -> float:
        began = perf_counter()
        for body in bodies.values():
            json.loads(body)
        return perf_counter() - began

    figure = ratio(*await in_turn(ours, theirs, _WORK_PAIRS, warm=20))
    size = sum(map(len, bodies.values()))
    return {"time": replace(figure, note=f"{figure.note}, {size / 1000:.0f} KB")}


class _Canned:
    """Stands for a store that has answered: the bytes are there, and are decoded when they are waited for."""

    def __init__(self, bodies: Mapping[str, bytes]) -> None:
        self._bodies = bodies

    def begin(self, question: Get[Any], **_: object) -> Any:
        async def answer() -> Answer[Any]:
            value = decode(self._bodies[question.path], question.type)
            return Answer(value=value, as_of=datetime.now(UTC), source="live")

        return answer


async def _orders_visit(bench: Bench) -> tuple[Any, dict[str, bytes]]:
    """What the panel of orders is given, and what the store answers it, by path."""
    things = sample(bench.medusa())
    _, asked = await _cost(bench, "orders", things)
    bare = Bare(bench.medusa().url, things.headers)
    bodies = {each.target.partition("?")[0]: bare.get(each.target) for each in asked}
    bare.close()
    visits: list[Any] = []
    spec = PANELS["orders"]

    async def noting(visit: Any) -> webos.Panel:
        visits.append(visit)
        return await spec.render(visit)

    PANELS["orders"] = msgspec.structs.replace(spec, render=noting)
    try:
        async with host() as running:
            await (await newcomer(running, bench.medusa())).opens("orders")
    finally:
        PANELS["orders"] = spec
    return visits[0], bodies


async def _against_bare(bench: Bench, *, replayed: bool = False) -> Mapping[str, Figure]:
    things = sample(bench.medusa())
    _, asked = await _cost(bench, "orders", things)
    if len(asked) != 1:
        raise NotMeasuredError(f"the orders list asks {len(asked)} requests")
    url = bench.replay().url if replayed else bench.medusa().url
    bare = Bare(url, things.headers)
    if replayed:
        bench.replay().set(forward=True)
        for _ in range(PAIRS):
            bare.get(asked[0].target)
        bench.replay().set()

    async with host() as running:

        async def ours() -> float:
            return await (await _warmed(bench, running, things, url)).opens("orders")

        async def theirs() -> float:
            bare.get("/admin/regions?limit=1&fields=id")  # the connection is open, as ours is
            return bare.seconds(asked[0].target)

        figure = ratio(*await in_turn(ours, theirs, _BARE_PAIRS))
    bare.close()
    return {"time": figure}


async def _against_admin(bench: Bench, panel: str, page: str) -> Mapping[str, Figure]:
    things = sample(bench.medusa())
    ids = {**things.ids, "order": things.draft} if panel == "draft-order" else things.ids
    asks = waves(page, ids)
    _, asked = await _cost(bench, panel, things)
    loads: list[Load] = []
    with Browser(bench.medusa().url, things.headers) as browser:
        async with host() as running:

            async def ours() -> float:
                return await (await _warmed(bench, running, things)).opens(panel, things.item(panel))

            async def theirs() -> float:
                loads.append(await to_thread.run_sync(browser.load, asks))
                return loads[-1].seconds

            time = ratio(*await in_turn(ours, theirs, PAIRS))
    ours_size, their_size = sum(each.size for each in asked), loads[-1].size
    return {
        "time": time,
        "bytes": exactly(ours_size / their_size, f"{ours_size:,} against {their_size:,}"),
        "requests": exactly(len(asked)),
        "share of requests": exactly(len(asked) / loads[-1].requests, f"{len(asked)} against {loads[-1].requests}"),
    }


async def _warmed(bench: Bench, running: webos.LocalHost, things: Sample, url: str | None = None) -> Person:
    """Somebody who has signed in and has open connections, but remembers nothing that is measured."""
    person = await newcomer(running, bench.medusa(), url)
    await _forget(person)
    await person.opens("order", things.another_order)
    return person


async def _forget(person: Person) -> None:
    """What the store told when it was connected."""
    await person.host.event(HostEvent(ctx=person.ctx, name="refresh", account_id=person.account_id, panels=[]))


async def _cost(bench: Bench, panel: str, things: Sample) -> tuple[float, list[Asked]]:
    """What a first opening asks of the store."""
    replay = bench.replay()
    replay.set(forward=True)
    async with host() as running:
        person = await newcomer(running, bench.medusa(), replay.url)
        await _forget(person)
        await person.opens("order", things.another_order)
        replay.asked()
        seconds = await _opened(person, panel, things)
        asked = replay.asked()
    replay.set()
    return seconds, asked
