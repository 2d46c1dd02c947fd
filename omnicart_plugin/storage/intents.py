"""Writes that are about to happen, kept before they leave, so that none is lost sight of and none is sent twice."""

import secrets
from datetime import datetime
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, Row, delete, select, update

from omnicart_plugin.storage.tables import insert_if_new, intents

Outcome = Literal["open", "done", "not-done", "unknown"]


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    id: str = msgspec.field(default_factory=lambda: f"int_{secrets.token_urlsafe(16)}")
    workspace_id: str
    account_id: str
    action: str
    item_id: str
    """The thing in the store; empty when the write makes a new one."""
    request_id: str
    """The caller's own, or empty."""
    user_id: str
    state_before: str
    """JSON: what to compare with when the answer is lost."""
    created_at: datetime
    outcome: Outcome = "open"
    answer: bytes | None = None
    """What a repeated request is answered with. Not in the repr: it is a view of the store."""
    settled_at: datetime | None = None

    def __repr__(self) -> str:
        return f"Intent(id={self.id!r}, action={self.action!r}, item_id={self.item_id!r}, outcome={self.outcome!r})"


def begin(conn: Connection, intent: Intent) -> Intent:
    """The intent, if it may go ahead. Else the one in its way: of the same request, or open for the same thing."""
    while True:
        new = insert_if_new(conn, intents).values(msgspec.structs.asdict(intent))
        if conn.execute(new.execution_options(preserve_rowcount=True)).rowcount == 1:
            return intent
        earlier = find(conn, intent.account_id, intent.request_id) or _in_the_way(conn, intent)
        if earlier is not None:  # else it was settled between the two statements
            return earlier


def get(conn: Connection, workspace_id: str, intent_id: str) -> Intent | None:
    own = (intents.c.workspace_id == workspace_id) & (intents.c.id == intent_id)
    return _intent(conn.execute(select(intents).where(own)).one_or_none())


def find(conn: Connection, account_id: str, request_id: str) -> Intent | None:
    """By the caller's own id for the request; an empty one names none."""
    if not request_id:
        return None
    named = (intents.c.account_id == account_id) & (intents.c.request_id == request_id)
    return _intent(conn.execute(select(intents).where(named)).one_or_none())


def open_intents(conn: Connection, before: datetime) -> list[Intent]:
    """Begun before then and not settled, oldest first: whoever began them is gone when that is long enough ago."""
    query = select(intents).where(intents.c.outcome == "open", intents.c.created_at < before)
    return [Intent(**row._asdict()) for row in conn.execute(query.order_by(intents.c.created_at, intents.c.id))]


def settle(conn: Connection, intent_id: str, outcome: Outcome, answer: bytes | None, now: datetime) -> bool:
    """False when it was settled before: the first to know is right. What is not known may become known later."""
    undecided = (intents.c.id == intent_id) & intents.c.outcome.in_(("open", "unknown"))
    change = update(intents).where(undecided).values(outcome=outcome, answer=answer, settled_at=now)
    return conn.execute(change).rowcount == 1


def prune(conn: Connection, before: datetime) -> int:
    """How many were settled before then and are now forgotten."""
    return conn.execute(delete(intents).where(intents.c.outcome != "open", intents.c.settled_at < before)).rowcount


def _in_the_way(conn: Connection, intent: Intent) -> Intent | None:
    same_thing = (intents.c.item_id == intent.item_id) & (intents.c.item_id != "") & (intents.c.outcome == "open")
    either = (intents.c.id == intent.id) | same_thing
    return _intent(conn.execute(select(intents).where(intents.c.account_id == intent.account_id, either)).first())


def _intent(row: Row[Any] | None) -> Intent | None:
    return None if row is None else Intent(**row._asdict())
