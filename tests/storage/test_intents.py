"""At most one write of a thing is open, and a request that comes again meets itself."""

from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from omnicart_plugin.storage import accounts, intents
from omnicart_plugin.storage.engine import Database
from omnicart_plugin.storage.errors import StorageError
from omnicart_plugin.storage.intents import Intent, Outcome
from tests.storage.rows import connect

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def account(conn: Connection) -> str:
    return connect(conn, "w1", "https://shop.test").id


def cancel(account_id: str, item_id: str = "order_1", request_id: str = "", **other: Any) -> Intent:
    defaults: dict[str, Any] = {
        "workspace_id": "w1",
        "action": "order.cancel",
        "user_id": "u1",
        "inputs": '{"reason": ""}',
        "state_before": '{"status": "pending"}',
        "created_at": NOON,
    }
    return Intent(account_id=account_id, item_id=item_id, request_id=request_id, **defaults | other)


def test_an_intent_is_read_as_it_was_begun(conn: Connection, account: str) -> None:
    intent = cancel(account, request_id="r1")

    assert intents.begin(conn, intent) is intent
    assert intents.get(conn, "w1", intent.id) == intent
    assert intents.find(conn, account, "r1") == intent
    assert intents.orphans(conn) == [intent]


def test_a_second_write_of_the_same_thing_meets_the_first(conn: Connection, account: str) -> None:
    first = intents.begin(conn, cancel(account, request_id="r1"))

    assert intents.begin(conn, cancel(account, request_id="r2")) == first
    assert intents.begin(conn, cancel(account)) == first
    assert intents.begin(conn, first) == first


def test_a_repeated_request_meets_its_answer_also_when_the_thing_moved_on(conn: Connection, account: str) -> None:
    first = intents.begin(conn, cancel(account, request_id="r1"))
    assert intents.settle(conn, first.id, "done", b"answer", NOON + MINUTE)
    second = intents.begin(conn, cancel(account, request_id="r2"))
    again = intents.begin(conn, cancel(account, request_id="r1"))

    assert second.outcome == "open"
    assert (again.id, again.outcome, again.answer, again.settled_at) == (first.id, "done", b"answer", NOON + MINUTE)


def test_a_request_that_joined_another_meets_its_answer_when_it_is_repeated(conn: Connection, account: str) -> None:
    first = intents.begin(conn, cancel(account, request_id="r1"))
    assert intents.begin(conn, cancel(account, request_id="r2")).id == first.id
    assert intents.begin(conn, cancel(account, request_id="r3", inputs="{}")).id == first.id
    intents.settle(conn, first.id, "done", b"answer", NOON + MINUTE)
    joined, other = (intents.begin(conn, cancel(account, request_id=request)) for request in ("r2", "r3"))

    assert (joined.id, joined.request_id, joined.answer) == (first.id, "r2", b"answer")
    assert (other.request_id, other.outcome) == ("r3", "open")
    assert intents.prune(conn, NOON + 2 * MINUTE) == 1
    assert intents.find(conn, account, "r2") is None


def test_things_and_accounts_do_not_stand_in_each_others_way(conn: Connection, account: str) -> None:
    other = connect(conn, "w2", "https://shop.test").id
    several = [
        cancel(account, request_id="r1"),
        cancel(account, "order_2", "r2"),
        cancel(other, request_id="r1", workspace_id="w2"),
    ]

    assert [intents.begin(conn, intent) for intent in several] == several
    assert intents.get(conn, "w2", several[0].id) is None
    assert intents.find(conn, other, "r2") is None


def test_the_first_to_settle_is_right(conn: Connection, account: str) -> None:
    intent = intents.begin(conn, cancel(account))

    assert intents.settle(conn, intent.id, "done", b"yes", NOON)
    assert not intents.settle(conn, intent.id, "not-done", b"no", NOON + MINUTE)
    settled = intents.get(conn, "w1", intent.id)
    assert settled is not None
    assert (settled.outcome, settled.answer) == ("done", b"yes")


def test_what_was_not_known_can_become_known(conn: Connection, account: str) -> None:
    intent = intents.begin(conn, cancel(account))

    assert intents.settle(conn, intent.id, "unknown", None, NOON)
    assert intents.orphans(conn) == []
    assert intents.settle(conn, intent.id, "not-done", b"no", NOON + MINUTE)


def test_a_thing_takes_no_other_write_until_the_unknown_one_is_known(conn: Connection, account: str) -> None:
    intent = intents.begin(conn, cancel(account))
    intents.settle(conn, intent.id, "unknown", None, NOON)

    assert intents.begin(conn, cancel(account)).id == intent.id
    intents.settle(conn, intent.id, "done", None, NOON)
    assert intents.begin(conn, cancel(account)).id != intent.id


def test_only_intents_that_nobody_holds_are_orphans_the_oldest_first(conn: Connection, account: str) -> None:
    for number, seconds in enumerate((0, 60, 0, 60)):
        at = NOON - number * MINUTE
        intents.begin(conn, cancel(account, f"order_{number}", created_at=at), "holder", seconds)

    assert [intent.item_id for intent in intents.orphans(conn)] == ["order_2", "order_0"]


def test_a_held_intent_is_taken_over_by_nobody_and_written_by_its_holder_alone(conn: Connection, account: str) -> None:
    held = intents.begin(conn, cancel(account), "first", 60)

    assert not intents.hold(conn, held.id, "second", 60)
    assert intents.hold(conn, held.id, "first", 0)
    assert intents.hold(conn, held.id, "second", 60)
    assert not intents.hold(conn, held.id, "first", 60)
    assert not intents.record(conn, held.id, "first", "{}")
    assert intents.record(conn, held.id, "second", '{"status": "draft"}')
    assert intents.settle(conn, held.id, "done", b"yes", NOON)
    assert not intents.hold(conn, held.id, "second", 60)
    assert not intents.record(conn, held.id, "second", "{}")


def test_old_settled_intents_are_forgotten_and_open_ones_never(conn: Connection, account: str) -> None:
    outcomes: list[Outcome] = ["done", "not-done", "unknown"]
    for number, outcome in enumerate(outcomes):
        begun = intents.begin(conn, cancel(account, f"order_{number}", f"r{number}"))
        intents.settle(conn, begun.id, outcome, None, NOON)
    recent = intents.begin(conn, cancel(account, request_id="recent"))
    intents.settle(conn, recent.id, "done", None, NOON + MINUTE)
    still_open = intents.begin(conn, cancel(account, created_at=NOON - 1000 * MINUTE))

    assert intents.prune(conn, NOON + MINUTE) == 3
    assert intents.find(conn, account, "r0") is None
    assert intents.find(conn, account, "recent") is not None
    assert intents.orphans(conn) == [still_open]


def test_a_removed_account_takes_its_intents_along(conn: Connection, account: str) -> None:
    intent = intents.begin(conn, cancel(account))

    assert accounts.remove(conn, "w1", account)
    assert intents.get(conn, "w1", intent.id) is None


def test_a_repr_shows_neither_answer_nor_state(account: str) -> None:
    shown = repr(cancel(account, answer=b"canary", inputs="canary", state_before="canary", user_id="canary"))

    assert "canary" not in shown


@pytest.mark.anyio
async def test_a_write_for_an_account_that_is_gone_does_not_begin(database: Database) -> None:
    with pytest.raises(StorageError, match="refused"):
        await database.run(intents.begin, cancel("acc_gone"))


@pytest.mark.anyio
async def test_one_open_intent_per_thing_holds_across_processes(database: Database, url: str) -> None:
    """Two databases on one URL are what two processes have; each opens its own connections."""
    account = (await database.run(connect, "w1", "https://shop.test")).id
    other = await Database.open(url)
    went_ahead: list[str] = []

    async def click(through: Database, number: int) -> None:
        intent = cancel(account, request_id=f"r{number % 5}")
        if (await through.run(intents.begin, intent)).id == intent.id:
            went_ahead.append(intent.id)

    async with anyio.create_task_group() as tasks:
        for number in range(20):
            tasks.start_soon(click, (database, other)[number % 2], number)
    assert [intent.id for intent in await other.run(intents.orphans)] == went_ahead
    assert len(went_ahead) == 1
    await other.close()


clicks = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from(["", "r1", "r2"]), st.sampled_from(["begin", "done", "unknown"])),
    max_size=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(clicks)
def test_whatever_is_clicked_a_thing_has_one_open_write_and_a_request_one_intent(
    conn: Connection, clicks: list[tuple[str, str, Any]]
) -> None:
    with conn.begin_nested() as trial:
        account = connect(conn, "w1", "https://shop.test").id
        of_request: dict[str, str] = {}
        for item_id, request_id, step in clicks:
            intent = intents.begin(conn, cancel(account, item_id, request_id))
            if request_id:
                assert of_request.setdefault(request_id, intent.id) == intent.id
            if step != "begin":
                intents.settle(conn, intent.id, step, None, NOON)
            items = [found.item_id for found in intents.orphans(conn)]
            assert len(items) == len(set(items))
        trial.rollback()
