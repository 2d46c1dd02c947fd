"""Many accounts at once, on answers that are replayed in the time the store took for them."""

from collections.abc import Mapping, Sequence
from time import perf_counter

import anyio
import httpx

from benchmarks.bench import Bench, host, newcomer
from benchmarks.measure import Figure, in_turn, milliseconds, spread
from benchmarks.person import Person
from benchmarks.replay import Replay, replay
from benchmarks.rows import NotMeasuredError, Reach, row
from benchmarks.sample import Sample, sample
from omnicart_plugin import webos

_ACCOUNTS = 50
_PANELS = ("orders", "order", "products", "customers")
_ROUNDS = 7
_SLOW_SECONDS = 2.0


@row(
    "throughput",
    "200 panels of 50 accounts at once",
    "the same bare requests through one httpx client",
    throughput=Reach(0.8, at_least=True),
)
async def throughput(bench: Bench) -> Mapping[str, Figure]:
    things = sample(bench.medusa())
    server = bench.replay()
    async with host() as running, _client(server.url) as client:
        targets = await _targets(bench, running, things)

        async def ours() -> float:
            people = await _people(bench, running, [server] * _ACCOUNTS, things)
            server.set()
            server.asked()
            seconds = max(await _seconds(people, things))
            if (asked := len(server.asked())) != len(targets) * _ACCOUNTS:
                raise NotMeasuredError(f"{asked} requests were sent and not {len(targets) * _ACCOUNTS}")
            return seconds

        async def theirs() -> float:
            began = perf_counter()
            async with anyio.create_task_group() as tasks:
                for target in targets * _ACCOUNTS:
                    tasks.start_soon(_asked, client, target, things)
            return perf_counter() - began

        mine, other = await in_turn(ours, theirs, _ROUNDS)
    note = f"{milliseconds(sorted(mine)[_ROUNDS // 2])} against {milliseconds(sorted(other)[_ROUNDS // 2])}"
    return {"throughput": spread([one / two for one, two in zip(other, mine, strict=True)], note)}


@row(
    "no-waiting",
    "49 accounts while another's store takes 2 s for each answer: the last of them",
    "the same 49 alone: no account waits for another",
    time=Reach(1.2),
)
async def no_waiting(bench: Bench) -> Mapping[str, Figure]:
    things = sample(bench.medusa())
    server = bench.replay()
    others = [server] * (_ACCOUNTS - 1)
    with replay(bench.medusa().url) as slow:
        async with host() as running:
            await _targets(bench, running, things)

            async def beside() -> float:
                people = await _people(bench, running, [*others, slow], things)
                server.set()
                slow.set(latency=_SLOW_SECONDS)
                return max((await _seconds(people, things))[:-1])

            async def alone() -> float:
                people = await _people(bench, running, others, things)
                server.set()
                return max(await _seconds(people, things))

            mine, other = await in_turn(beside, alone, _ROUNDS)
    note = f"{milliseconds(sorted(mine)[_ROUNDS // 2])} against {milliseconds(sorted(other)[_ROUNDS // 2])}"
    return {"time": spread([one / two for one, two in zip(mine, other, strict=True)], note)}


def _client(url: str) -> httpx.AsyncClient:
    """It keeps as many connections as it opens."""
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=100)
    return httpx.AsyncClient(base_url=url, limits=limits, timeout=None)  # noqa: S113 - the last waits for all others


async def _asked(client: httpx.AsyncClient, target: str, things: Sample) -> None:
    """Once more where the server was faster to close a connection than this machine to use it, as ours does."""
    try:
        answer = await client.get(target, headers=things.headers)
    except httpx.TransportError:
        answer = await client.get(target, headers=things.headers)
    answer.raise_for_status()


async def _targets(bench: Bench, running: webos.LocalHost, things: Sample) -> list[str]:
    """What one account's panels ask; the replay knows it from then on."""
    server = bench.replay()
    server.set(forward=True)
    (person,) = await _people(bench, running, [server], things)
    server.asked()
    for panel in _PANELS:
        await person.opens(panel, things.item(panel))
    return [asked.target for asked in server.asked()]


async def _people(
    bench: Bench, running: webos.LocalHost, servers: Sequence[Replay], things: Sample
) -> Sequence[Person]:
    """Signed in, each in a workspace of their own; they have seen none of the panels."""
    people: list[Person] = []
    for server in servers:
        server.set(latency=0.0)
        people.append(await newcomer(running, bench.medusa(), server.url))
        await people[-1].opens("order", things.another_order)
    return people


async def _seconds(people: Sequence[Person], things: Sample) -> list[float]:
    """All panels of all people at once: seconds until each person's last is there."""
    done = [0.0] * len(people)
    began = perf_counter()

    async def look(number: int, panel: str) -> None:
        await people[number].opens(panel, things.item(panel))
        done[number] = perf_counter() - began

    async with anyio.create_task_group() as tasks:
        for panel in _PANELS:
            for number in range(len(people)):
                tasks.start_soon(look, number, panel)
    return done
