"""One process at a time brings a ledger up to date, and another goes on where it stopped."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import anyio
import pytest
from sqlalchemy import Connection

from omnicart_plugin.storage import accounts, ledgers, payments
from omnicart_plugin.storage.engine import Database
from omnicart_plugin.storage.ledgers import Ledger
from omnicart_plugin.storage.payments import Movement, Payment
from tests.storage.rows import connect

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def account(conn: Connection) -> str:
    return connect(conn, "w1", "https://shop.test").id


def test_a_ledger_begins_with_nothing_known(conn: Connection, account: str) -> None:
    assert ledgers.read(conn, account) == Ledger(account_id=account)


def test_a_ledger_is_read_as_it_was_written(conn: Connection, account: str) -> None:
    half = Ledger(account_id=account, payments_until=NOON, done=5_000, total=30_000)
    full = Ledger(
        account_id=account,
        payments_until=NOON + DAY,
        orders_until=NOON,
        done=30_000,
        total=30_000,
        filled_at=NOON,
        checked_at=NOON + DAY,
    )
    for ledger in (half, full):
        assert ledgers.write(conn, ledger)
        assert ledgers.read(conn, account) == ledger


def test_a_ledger_has_another_version_whenever_its_payments_are_written_to(conn: Connection, account: str) -> None:
    ledger = Ledger(account_id=account, done=3)
    for moved, version in ((False, 0), (True, 1), (False, 1), (True, 2)):
        ledgers.write(conn, ledger, moved=moved)
        assert ledgers.read(conn, account).version == version
    ledgers.forget(conn, account)

    assert ledgers.read(conn, account) == Ledger(account_id=account, version=3)


def test_a_ledger_is_held_by_one(conn: Connection, account: str) -> None:
    assert ledgers.hold(conn, account, "one", 30)
    assert ledgers.hold(conn, account, "one", 30)
    assert not ledgers.hold(conn, account, "two", 30)
    ledgers.let_go(conn, account, "two")
    assert not ledgers.hold(conn, account, "two", 30)
    ledgers.let_go(conn, account, "one")
    assert ledgers.hold(conn, account, "two", 30)


def test_a_ledger_whose_holder_died_is_free_when_its_time_is_up(conn: Connection, account: str) -> None:
    assert ledgers.hold(conn, account, "dead", 0)

    assert ledgers.hold(conn, account, "alive", 30)
    assert not ledgers.hold(conn, account, "dead", 30)


def test_writing_a_ledger_does_not_let_go_of_it(conn: Connection, account: str) -> None:
    assert ledgers.hold(conn, account, "one", 30)
    assert ledgers.write(conn, Ledger(account_id=account, done=1, total=2))
    ledgers.forget(conn, account)

    assert not ledgers.hold(conn, account, "two", 30)


@pytest.mark.anyio
async def test_of_many_that_want_a_ledger_at_once_one_gets_it(database: Database, url: str) -> None:
    account = (await database.run(connect, "w1", "https://shop.test")).id
    other = await Database.open(url)
    got: list[str] = []

    async def want(through: Database, name: str) -> None:
        if await through.run(ledgers.hold, account, name, 30):
            got.append(name)

    async with anyio.create_task_group() as tasks:
        for number in range(8):
            tasks.start_soon(want, (database, other)[number % 2], f"holder {number}")
    assert len(got) == 1
    await other.close()


@pytest.mark.anyio
async def test_a_ledger_that_a_killed_process_held_is_free_when_its_time_is_up(database: Database, url: str) -> None:
    """Of three processes that want it together one gets it."""
    account = (await database.run(connect, "w1", "https://shop.test")).id
    processes = [_wanting(url, account, f"holder {number}") for number in range(3)]
    try:
        said = [(process.stdout or sys.stdin).readline() for process in processes]
        assert sorted(said) == ["False\n", "False\n", "True\n"]
        assert not await database.run(ledgers.hold, account, "alive", 30)
    finally:
        for process in processes:
            process.kill()
            process.communicate()
    with anyio.fail_after(30):
        while not await database.run(ledgers.hold, account, "alive", 30):
            pass


def _wanting(url: str, account_id: str, holder: str) -> subprocess.Popen[str]:
    """A process that says whether it holds the ledger, for 6 seconds, and does nothing more."""
    program = (
        "import sys, time, anyio\n"
        "from omnicart_plugin.storage import ledgers\n"
        "from omnicart_plugin.storage.engine import Database\n"
        "async def want(url, *ledger):\n"
        "    print(await (await Database.open(url)).run(ledgers.hold, *ledger, 6), flush=True)\n"
        "    time.sleep(100)\n"
        "anyio.run(want, *sys.argv[1:])\n"
    )
    command = [sys.executable, "-c", program, url, account_id, holder]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own words


def test_a_ledger_of_a_removed_account_can_be_neither_held_nor_written(conn: Connection, account: str) -> None:
    assert ledgers.hold(conn, account, "one", 30)
    assert accounts.remove(conn, "w1", account)

    assert not ledgers.hold(conn, account, "one", 30)
    assert not ledgers.write(conn, Ledger(account_id=account))
    assert ledgers.read(conn, account) == Ledger(account_id=account)


def test_what_is_forgotten_is_gone_of_this_account_alone(conn: Connection, account: str) -> None:
    other = connect(conn, "w1", "https://other.test").id
    for each in (account, other):
        payment = Payment(id="pay_1", currency="eur", created_at=NOON, captures=[Movement(NOON, Decimal(1))])
        payments.upsert(conn, each, [payment])
        ledgers.keep_order_counts(conn, each, {(NOON, NOON + DAY): 3})
        assert ledgers.write(conn, Ledger(account_id=each, payments_until=NOON, filled_at=NOON))

    ledgers.forget(conn, account)

    assert ledgers.read(conn, account) == Ledger(account_id=account, version=1)
    assert payments.revenue(conn, account) == {}
    assert ledgers.order_counts(conn, account, [(NOON, NOON + DAY)]) == {}
    assert ledgers.order_counts(conn, other, [(NOON, NOON + DAY)]) == {(NOON, NOON + DAY): 3}
    assert payments.revenue(conn, other) == {"eur": Decimal(1)}


def test_counts_of_orders_are_kept_by_their_exact_span(conn: Connection, account: str) -> None:
    utc, berlin, month = (NOON, NOON + DAY), (NOON - DAY / 24, NOON + DAY * 23 / 24), (NOON, NOON + DAY * 31)
    ledgers.keep_order_counts(conn, account, {utc: 7, month: 0})
    ledgers.keep_order_counts(conn, account, {utc: 8})

    assert ledgers.order_counts(conn, account, [utc, berlin, month]) == {utc: 8, month: 0}
    assert ledgers.order_counts(conn, account, [berlin]) == {}


def test_a_longer_span_that_begins_with_one_and_ends_with_another_is_not_counted_with_them(
    conn: Connection, account: str
) -> None:
    first, second, both = (NOON, NOON + DAY), (NOON + DAY, NOON + 2 * DAY), (NOON, NOON + 2 * DAY)
    ledgers.keep_order_counts(conn, account, {first: 1, second: 2, both: 3})

    assert ledgers.order_counts(conn, account, [first, second]) == {first: 1, second: 2}


def test_no_spans_are_no_counts(conn: Connection, account: str) -> None:
    assert ledgers.order_counts(conn, account, []) == {}
