"""Writes that a process left open are settled by the next one, and those of a living one are left alone."""

import sys
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

import anyio
import pytest
from sqlalchemy import select

from omnicart_plugin import webos
from omnicart_plugin.panels import changes, writing
from omnicart_plugin.storage.engine import Database
from omnicart_plugin.storage.tables import intents
from tests.app.desk import Desk
from tests.app.small_shop import Fault, SmallShop, Way

pytestmark = pytest.mark.anyio

PROGRAM = """
import sys
import anyio
from pathlib import Path
from omnicart_plugin import webos
from omnicart_plugin.panels import changes
from tests.app.desk import Desk
from tests.medusa_lab import Medusa

changes.HELD_SECONDS = 0.5

async def main(folder, url):
    async with webos.LocalHost(data_dir=Path(folder), allow_private_network=True) as host:
        desk = Desk(host)
        account_id = await desk.connect(Medusa(url, "a@example.com", "password", "sk_1"))
        async with anyio.create_task_group() as tasks:
            for number in range(1, 8):
                where = dict(account_id=account_id, item_id=f"order_{number}", confirmed=True, request_id=f"r{number}")
                tasks.start_soon(lambda where=where: desk.action("order.cancel", {"reason": "Wrong size"}, **where))
            tasks.start_soon(lambda: desk.action("collection.create", {"title": "New"}, account_id=account_id))

anyio.run(main, *sys.argv[1:])
"""


def points() -> dict[int, Fault]:
    """Where each write stands still: before anything left, and at each request on its way, taken or not."""

    def at(number: int, end: str = "", method: str = "POST") -> str:
        return f"{method} /admin/orders/order_{number}{end}"

    return {
        1: Fault(at(1, method="GET"), "timeout"),
        2: Fault(at(2), "timeout", applied=False),
        3: Fault(at(3), "timeout"),
        4: Fault(at(4, "/cancel"), "timeout", applied=False),
        5: Fault(at(5, "/cancel"), "timeout"),
        6: Fault(at(6, "/cancel"), "late", then=Fault(at(6, method="GET"), "timeout")),
        7: Fault(at(7, "/cancel"), "late", then=Fault(at(7), "timeout", applied=False)),
        8: Fault("POST /admin/collections", "timeout"),
    }


@pytest.fixture(autouse=True)
def _in_little_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "READ_BACK_SECONDS", (0.0, 0.0, 0.0))
    monkeypatch.setattr(changes, "HELD_SECONDS", 0.5)
    monkeypatch.setattr(changes, "ORPHANS_SECONDS", 0.05)


async def rows(host: webos.LocalHost) -> dict[str, Any]:
    database = await Database.open(host.database_url)
    found = await database.run(lambda conn: conn.execute(select(intents)).all())
    await database.close()
    return {row.item_id: row for row in found}


async def outcomes(host: webos.LocalHost) -> dict[str, str]:
    """When none is open any more."""
    while "open" in (found := {item_id: row.outcome for item_id, row in (await rows(host)).items()}).values():
        await anyio.lowlevel.checkpoint()
    return found


async def kill_when_all_stand_still(folder: Path, way: Way, stops: dict[int, Fault]) -> None:
    assert way.server
    command = [sys.executable, "-c", PROGRAM, str(folder), way.server.url]
    async with await anyio.open_process(command, stdout=DEVNULL, stderr=DEVNULL) as process:
        for stop in stops.values():
            await (stop.then or stop).reached.wait()
        process.kill()
    way.faults.clear()
    for stop in stops.values():
        (stop.then or stop).over.set()


@pytest.mark.timeout(180)
@pytest.mark.parametrize("anyio_backend", ["asyncio"])  # a process of its own runs on asyncio
async def test_a_process_killed_at_any_point_settles_its_writes_at_the_next_start(
    tmp_path: Path, way: Way, shop: SmallShop
) -> None:
    shop.refuses.add("/order_7/cancel")
    stops = points()
    way.faults += stops.values()
    await kill_when_all_stand_still(tmp_path, way, stops)

    async with webos.LocalHost(data_dir=tmp_path, allow_private_network=True) as host:
        desk = Desk(host)
        (account,) = (await desk.launch()).accounts
        found = await outcomes(host)
        told = [
            await desk.action(
                "order.cancel",
                {"reason": "Wrong size"},
                account_id=account.id,
                item_id=f"order_{number}",
                confirmed=True,
                request_id=f"r{number}",
            )
            for number in range(1, 8)
        ]

    done = {"order_5", "order_6", "new"}
    assert found == {
        item: "done" if item in done else "not-done" for item in (*(f"order_{n}" for n in range(1, 8)), "new")
    }
    assert {id_ for id_, one in shop.orders.items() if one["status"] == "canceled"} == {"order_5", "order_6"}
    assert {id_ for id_, one in shop.orders.items() if one["metadata"]} == {"order_5", "order_6"}
    assert [type(answer) is webos.Done for answer in told] == [False, False, False, False, True, True, False]
    assert [way.count(f"order_{n}/cancel") for n in range(1, 8)] == [0, 0, 0, 1, 1, 1, 1]
    assert (way.count("POST /admin/collections"), [*shop.collections]) == (1, ["pcol_new"])


async def test_a_host_that_is_closed_on_the_way_leaves_the_write_to_the_next_and_that_one_may_not_know(
    tmp_path: Path, way: Way, shop: SmallShop
) -> None:
    stop = Fault("/order_1/cancel", "timeout")
    way.faults.append(stop)
    call: dict[str, Any] = {"item_id": "order_1", "confirmed": True, "request_id": "r1"}
    async with anyio.create_task_group() as tasks:
        async with webos.LocalHost(data_dir=tmp_path, allow_private_network=True) as host:
            call["account_id"] = await Desk(host).connect(way.medusa())
            tasks.start_soon(lambda: Desk(host).action("order.cancel", **call))
            await stop.reached.wait()
        tasks.cancel_scope.cancel()
    stop.over.set()
    way.faults.append(Fault("GET /admin/orders/order_1", "503", lasts=True))

    async with webos.LocalHost(data_dir=tmp_path, allow_private_network=True) as host:
        await Desk(host).launch()
        assert await outcomes(host) == {"order_1": "unknown"}
        assert (await Desk(host).action("order.cancel", **call)).type == "outcome-unknown"
        way.faults.clear()
        assert isinstance(await Desk(host).action("order.cancel", **call), webos.Done)

    assert (way.count("/cancel"), shop.orders["order_1"]["status"]) == (1, "canceled")


async def test_a_living_processs_write_is_left_to_it_and_its_answer_is_everyones(
    tmp_path: Path, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two hosts on one database are what two processes have."""
    monkeypatch.setattr(changes, "HELD_SECONDS", 3.0)
    told: list[Any] = []
    async with (
        webos.LocalHost(data_dir=tmp_path, allow_private_network=True) as first,
        webos.LocalHost(data_dir=tmp_path, allow_private_network=True) as second,
        anyio.create_task_group() as tasks,
    ):
        account_id = await Desk(first).connect(way.medusa())
        where = {"account_id": account_id, "item_id": "order_1", "confirmed": True}
        way.faults.append(held := Fault("/order_1/cancel", "timeout"))

        async def click(host: webos.LocalHost, request_id: str) -> None:
            told.append(await Desk(host).action("order.cancel", request_id=request_id, **where))

        tasks.start_soon(click, first, "a")
        await held.reached.wait()
        tasks.start_soon(click, second, "b")
        seen: set[Any] = set()
        while len(seen) < 4:  # longer than it would be held without being renewed
            row = (await rows(first))["order_1"]
            assert row.outcome == "open"
            seen.add(row.held_until)
        held.over.set()

    assert [type(answer) for answer in told] == [webos.Done, webos.Done]
    assert told[0] == told[1]
    assert way.count("/cancel") == 1
