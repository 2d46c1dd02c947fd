"""Machines that share a PostgreSQL: what is changed through one is seen on the others, and nothing happens twice."""

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import anyio
import psycopg
import pytest
from anyio import to_thread

from omnicart_plugin import webos
from tests.app.desk import Desk
from tests.app.fake_store import FakeStore
from tests.app.machine import KEYS, Machine, machine
from tests.postgres import PostgresServer

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]
SIGN_IN = {"email": "ann", "password": "secret"}


@pytest.fixture
async def store() -> AsyncIterator[FakeStore]:
    async with FakeStore().running() as store:
        yield store


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    return postgres.new()


@pytest.fixture
async def machines(url: str, tmp_path: Path) -> AsyncIterator[list[Machine]]:
    """Two processes that hear each other."""
    async with AsyncExitStack() as stack:
        found = [await stack.enter_async_context(machine(url, tmp_path / name)) for name in ("one", "two")]
        await listened(url, 2)
        yield found


@pytest.fixture
def desks(machines: list[Machine]) -> list[Desk]:
    return [Desk(found) for found in machines]  # type: ignore[arg-type]  # a host in another process


async def listened(url: str, number: int) -> None:
    """Return when so many connections listen."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"

    def count() -> int:
        with psycopg.connect(url.replace("+psycopg", "")) as conn:
            (found,) = conn.execute(query).fetchone() or (0,)
            return int(found)

    with anyio.fail_after(10):
        while await to_thread.run_sync(count) != number:
            pass


async def connect(desk: Desk, store: FakeStore) -> str:
    done = await desk.action("account.connect", {"base_url": store.url, **SIGN_IN})
    assert isinstance(done, webos.Done), done
    assert done.link
    return done.link.account_id or ""


async def first_order(desk: Desk, account_id: str, **where: Any) -> Any:
    return (await desk.orders(account_id, filters={"status": "pending"}, **where)).rows[0]


async def test_what_becomes_of_an_account_is_heard_on_the_other_machine(
    desks: list[Desk], machines: list[Machine], store: FakeStore
) -> None:
    here, there = desks
    account_id = await connect(here, store)
    connected = await machines[1].hears("accounts")
    assert [a.id for a in (await there.launch()).accounts] == [account_id]

    machines[0].heard.clear()  # its own
    await there.action("account.rename", {"label": "Harbour"}, account_id=account_id)
    renamed = await machines[0].hears("accounts")
    assert [a.label for a in (await here.launch()).accounts] == ["Harbour"]

    await here.orders(account_id)
    await there.action("account.reconnect", {"email": "bea", "password": "secret"}, account_id=account_id)
    signed_in = await machines[0].hears("orders")
    assert (await here.orders(account_id)).rows
    assert "/admin/orders" in {asked.path.split("?")[0] for asked in store.asked["bea"]}

    await here.action("account.remove", account_id=account_id, confirmed=True)
    removed = await machines[1].hears("accounts")
    assert (await there.panel("orders", account_id=account_id)).type == "not-found"
    assert (await there.launch()).accounts == []
    assert {event.workspace_id for event in (connected, renamed, signed_in, removed)} == {"w"}
    assert [event.account_id for event in (renamed, signed_in, removed)] == [account_id] * 3


async def test_an_order_changed_through_one_machine_is_asked_anew_by_the_other(
    desks: list[Desk], machines: list[Machine], store: FakeStore
) -> None:
    here, there = desks
    account_id = await connect(here, store)
    row = await first_order(there, account_id)
    done = await here.action("order.cancel", account_id=account_id, item_id=row.id, confirmed=True)
    assert isinstance(done, webos.Done), done

    assert (await machines[1].hears("orders")).account_id == account_id
    assert (await first_order(there, account_id)).id != row.id


async def test_two_clicks_on_two_machines_are_one_request(desks: list[Desk], store: FakeStore) -> None:
    here, there = desks
    account_id = await connect(here, store)
    row = await first_order(here, account_id)
    answers: list[Any] = []

    async def click(desk: Desk, request_id: str) -> None:
        where: dict[str, Any] = {"account_id": account_id, "item_id": row.id, "confirmed": True}
        answers.append(await desk.action("order.cancel", request_id=request_id, **where))

    async with anyio.create_task_group() as tasks:
        for desk, request_id in ((here, "one"), (there, "two"), (here, "two"), (there, "one")):
            tasks.start_soon(click, desk, request_id)

    assert store.writes("ann") == [f"/admin/orders/{row.id}/cancel?fields=id%2Cstatus"]
    done = [answer.message for answer in answers if isinstance(answer, webos.Done)]
    late = [answer.detail for answer in answers if isinstance(answer, webos.Problem)]
    assert len({*done}) == 1
    assert {*late} <= {"It is cancelled already."}


async def test_of_two_machines_that_show_the_figures_one_reads_the_payments(
    desks: list[Desk], store: FakeStore
) -> None:
    account_id = await connect(desks[0], store)
    shown: list[Any] = []

    async def look(desk: Desk) -> None:
        shown.append(await desk.panel("overview", account_id=account_id))

    async with anyio.create_task_group() as tasks:
        for desk in desks:
            tasks.start_soon(look, desk)

    assert {type(panel) for panel in shown} == {webos.Panel}
    fills = [a.path for a in store.asked["ann"] if a.path.startswith("/admin/payments?") and "order=id" in a.path]
    assert len(fills) == len({*fills}) >= 1


async def test_machines_are_heard_again_after_the_server_was_restarted(
    desks: list[Desk], machines: list[Machine], store: FakeStore, postgres: PostgresServer, url: str
) -> None:
    here, there = desks
    account_id = await connect(here, store)
    row = await first_order(there, account_id)
    await to_thread.run_sync(postgres.stop)
    try:
        for answer in (await here.launch(), await there.panel("orders", account_id=account_id)):
            assert (answer.type, answer.status) == ("storage-unavailable", 507)
    finally:
        await to_thread.run_sync(postgres.start)
    await listened(url, 2)
    await here.action("order.complete", account_id=account_id, item_id=row.id)

    assert (await machines[1].hears("orders")).account_id == account_id
    assert (await first_order(there, account_id)).id != row.id


async def test_a_database_that_is_down_at_the_start_is_told_and_used_when_it_comes(
    postgres: PostgresServer, url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await to_thread.run_sync(postgres.stop)
    try:
        host = webos.LocalHost(data_dir=tmp_path, database_url=url, keys=KEYS)
        async with host:
            desk = Desk(host)
            try:
                refused = [await desk.launch(), await desk.panel("orders"), await desk.action("account.demo")]
            finally:
                await to_thread.run_sync(postgres.start)
            await listened(url, 1)
            assert isinstance(await desk.action("account.demo"), webos.Done)
    finally:
        assert {answer.type for answer in refused} == {"storage-unavailable"}
    assert {record.exc_info for record in caplog.records if record.levelno >= logging.WARNING} == {None}


async def test_a_database_that_is_down_at_the_end_holds_nothing_up(
    postgres: PostgresServer, url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    try:
        async with webos.LocalHost(data_dir=tmp_path, database_url=url, keys=KEYS) as host:
            desk = Desk(host)
            demo = (await desk.action("account.demo")).link.account_id
            assert isinstance(await desk.panel("overview", account_id=demo), webos.Panel)
            await to_thread.run_sync(postgres.stop)
            assert (await desk.panel("orders", account_id=demo)).type == "storage-unavailable"
    finally:
        await to_thread.run_sync(postgres.start)
    assert {record.exc_info for record in caplog.records if record.levelno >= logging.WARNING} == {None}


async def test_the_whole_app_works_on_postgresql(url: str, store: FakeStore, tmp_path: Path) -> None:
    keys = {"ours": b"2" * 32}
    for _ in range(2):  # the second time with what the first has left
        async with webos.LocalHost(data_dir=tmp_path, database_url=url, keys=keys, allow_private_network=True) as host:
            desk = Desk(host)
            demo = (await desk.action("account.demo")).link.account_id
            account_id = await connect(desk, store)
            for one in (demo, account_id):
                assert isinstance(await desk.panel("overview", account_id=one), webos.Panel)
            row = await first_order(desk, account_id)
            done = await desk.action("order.cancel", {}, account_id=account_id, item_id=row.id, confirmed=True)
            assert isinstance(done, webos.Done), done
            assert [account.id for account in (await desk.launch()).accounts] == [demo, account_id]
    assert len(store.writes("ann")) == 2


@pytest.mark.parametrize("account_id", ["acc_never", "", "\x00", "x" * 10_000, "'; DROP TABLE accounts; --"])
async def test_an_id_that_no_database_could_hold_is_not_found(url: str, tmp_path: Path, account_id: str) -> None:
    async with webos.LocalHost(data_dir=tmp_path, database_url=url, keys=KEYS) as host:
        assert (await Desk(host).panel("orders", account_id=account_id)).type == "not-found"


@pytest.mark.parametrize("ids", [{"item_id": "order_\x00"}, {"item_id": "order_1", "request_id": "\x00"}])
async def test_an_action_with_such_an_id_is_refused_before_the_database(
    url: str, tmp_path: Path, store: FakeStore, ids: dict[str, str]
) -> None:
    async with webos.LocalHost(data_dir=tmp_path, database_url=url, keys=KEYS, allow_private_network=True) as host:
        desk = Desk(host)
        answer = await desk.action("order.cancel", account_id=await connect(desk, store), confirmed=True, **ids)
        assert answer.type == "bad-request"


def test_a_shared_database_without_keys_is_refused_in_a_sentence(url: str, tmp_path: Path) -> None:
    nothing: list[dict[str, bytes] | None] = [None, {}]
    for keys in nothing:
        with pytest.raises(webos.HostError, match="key"):
            webos.LocalHost(data_dir=tmp_path, database_url=url, keys=keys)


async def test_two_hosts_on_one_data_folder_see_each_others_accounts(tmp_path: Path) -> None:
    async with (
        webos.LocalHost(data_dir=tmp_path) as one,
        webos.LocalHost(data_dir=tmp_path) as two,
    ):
        account_id = (await Desk(one).action("account.demo")).link.account_id
        assert [account.id for account in (await Desk(two).launch()).accounts] == [account_id]
        assert (await Desk(two).orders(account_id)).rows
        await Desk(two).action("account.remove", account_id=account_id, confirmed=True)
        assert (await Desk(one).panel("orders", account_id=account_id)).type == "not-found"
