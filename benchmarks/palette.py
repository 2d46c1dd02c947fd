"""Cmd+K: from memory at once, and from the store in one look."""

from collections.abc import Mapping
from itertools import cycle, islice
from statistics import quantiles

import anyio

from benchmarks.bench import Bench, host, newcomer
from benchmarks.browser import Bare
from benchmarks.measure import Figure, in_turn, ratio, spread
from benchmarks.person import Person
from benchmarks.rows import NotMeasuredError, Reach, row
from benchmarks.sample import sample
from tests.medusa_lab import Medusa

_REMEMBERED = 10_000
_SIDE_BY_SIDE = 20
_TYPED = ("o", "or", "order", "order 12", "#4", "#47", "#4711", "999", "settings", "ordr", "1", "12", "zz", "overview")
_BATCHES, _BATCH = 5, 400
_TYPED_NUMBER = "#471"
_PAIRS = 8


@row("palette-instant", "palette `instant`, 10,000 remembered things, p99", "", time=Reach(1, "ms"))
async def instant(bench: Bench) -> Mapping[str, Figure]:
    replay = bench.replay()
    replay.set(latency=0.0)
    order = sample(bench.medusa()).ids["order"]
    async with host() as running:
        person = await newcomer(running, bench.medusa(), replay.url)
        await person.opens("order", order)
        await _open_all(person, [f"{order}~{number}" for number in range(1, _REMEMBERED)])
        for number in (1, _REMEMBERED - 1):
            await _must_find(person, f"#{number}", f"{order}~{number}")
        p99 = [quantiles([await _seconds(person, typed) for typed in _texts()], n=100)[98] for _ in range(_BATCHES)]
    return {"time": spread([seconds * 1000 for seconds in p99])}


def _texts() -> list[str]:
    return [*islice(cycle(_TYPED), _BATCH)]


async def _seconds(person: Person, typed: str) -> float:
    return (await person.types(typed, "instant"))[0]


async def _open_all(person: Person, items: list[str]) -> None:
    left = iter(items)

    async def some() -> None:
        for item in left:
            await person.opens("order", item)

    async with anyio.create_task_group() as tasks:
        for _ in range(_SIDE_BY_SIDE):
            tasks.start_soon(some)


async def _must_find(person: Person, typed: str, item_id: str) -> None:
    _, results = await person.types(typed, "instant")
    if item_id not in {item.link.item_id for item in results.items if item.link}:
        raise NotMeasuredError(f"the palette does not remember {typed} of {_REMEMBERED:,} opened orders")


@row("palette-store", "palette `store`", "the slowest single upstream request it needs", time=Reach(1.1))
async def store(bench: Bench) -> Mapping[str, Figure]:
    things = sample(bench.medusa())
    bare = Bare(bench.medusa().url, things.headers)
    mine: list[float] = []
    other: list[float] = []
    asked = {typed: await _targets(bench, typed) for typed in _searched(bench.medusa())}
    async with host() as running:
        for typed, targets in asked.items():

            async def ours(typed: str = typed) -> float:
                person = await newcomer(running, bench.medusa())
                await person.opens("order", things.another_order)
                return (await person.types(typed, "store"))[0]

            async def theirs(targets: list[str] = targets) -> float:
                return max(bare.seconds(target) for target in targets)

            pair = await in_turn(ours, theirs, _PAIRS)
            mine += pair[0]
            other += pair[1]
    bare.close()
    return {"time": ratio(mine, other)}


def _searched(medusa: Medusa) -> list[str]:
    """As people type: who bought, and what was sold."""
    customers = medusa.api("GET", "/admin/customers?limit=3&fields=id,email")["customers"]
    products = medusa.api("GET", "/admin/products?limit=3&fields=id,title")["products"]
    return [_TYPED_NUMBER, *(customer["email"] for customer in customers), *(product["title"] for product in products)]


async def _targets(bench: Bench, typed: str) -> list[str]:
    """What the palette asks of the store for this text."""
    replay = bench.replay()
    replay.set(forward=True)
    async with host() as running:
        person = await newcomer(running, bench.medusa(), replay.url)
        replay.asked()
        _, results = await person.types(typed, "store")
        targets = [asked.target for asked in replay.asked()]
    if not targets or not results.items:
        raise NotMeasuredError(f"the palette finds nothing in the store for {typed!r}")
    return targets
