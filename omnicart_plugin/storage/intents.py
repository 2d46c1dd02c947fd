"""Writes that are about to happen, kept before they leave, so that none is lost sight of and none is sent twice."""

import secrets
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, Row, delete, func, or_, select, update

from omnicart_plugin.storage.tables import UtcTime, insert_if_new, intents, joined

Outcome = Literal["open", "done", "not-done", "unknown"]


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    id: str = msgspec.field(default_factory=lambda: f"{PREFIX}{secrets.token_urlsafe(16)}")
    workspace_id: str
    account_id: str
    action: str
    item_id: str
    """The thing in the store, or what a new one will be called. No two undecided writes are of the same thing."""
    request_id: str
    """The caller's own, or empty."""
    user_id: str
    inputs: str
    """JSON: what was asked for."""
    state_before: str = ""
    """JSON: what to compare with when the answer is lost. Empty as long as nothing has left."""
    created_at: datetime
    outcome: Outcome = "open"
    answer: bytes | None = None
    """What a repeated request is answered with. Not in the repr: it is a view of the store."""
    settled_at: datetime | None = None

    def wants_the_same_as(self, other: "Intent") -> bool:
        return (self.action, self.item_id, self.inputs) == (other.action, other.item_id, other.inputs)

    def __repr__(self) -> str:
        return f"Intent(id={self.id!r}, action={self.action!r}, item_id={self.item_id!r}, outcome={self.outcome!r})"


PREFIX = "int_"
_FIELDS = [intents.c[name] for name in Intent.__struct_fields__]
_UNDECIDED = intents.c.outcome.in_(("open", "unknown"))


def begin(conn: Connection, intent: Intent, holder: str = "", seconds: float = 0.0) -> Intent:
    """The intent, held as by `hold`, if it may go ahead.

    Else the one that is `in_the_way`.
    """
    values = {**msgspec.structs.asdict(intent), "holder": holder, "held_until": _until(conn, seconds)}
    while True:
        if earlier := in_the_way(conn, intent):
            return earlier
        new = insert_if_new(conn, intents).values(values)  # another may have begun between the two statements
        if conn.execute(new.execution_options(preserve_rowcount=True)).rowcount == 1:
            return intent


def hold(conn: Connection, intent_id: str, holder: str, seconds: float) -> bool:
    """Take an undecided intent for so long, or go on holding it. False while another process does.

    The time is the database's, as machines' clocks differ.
    """
    free = or_(intents.c.holder == holder, intents.c.held_until <= _until(conn, 0.0))
    take = update(intents).where(intents.c.id == intent_id, _UNDECIDED, free)
    return conn.execute(take.values(holder=holder, held_until=_until(conn, seconds))).rowcount == 1


def record(conn: Connection, intent_id: str, holder: str, state_before: str) -> bool:
    """The last step before the write leaves. False for a holder that was believed dead: it must not write."""
    held = (intents.c.id == intent_id) & (intents.c.holder == holder) & (intents.c.outcome == "open")
    return conn.execute(update(intents).where(held).values(state_before=state_before)).rowcount == 1


def get(conn: Connection, workspace_id: str, intent_id: str) -> Intent | None:
    own = (intents.c.workspace_id == workspace_id) & (intents.c.id == intent_id)
    return _intent(conn.execute(select(*_FIELDS).where(own)).one_or_none())


def find(conn: Connection, account_id: str, request_id: str) -> Intent | None:
    """By the caller's own id for the request, under which it is given back; an empty one names none."""
    if not request_id:
        return None
    other = select(joined.c.intent_id).where(joined.c.account_id == account_id, joined.c.request_id == request_id)
    named = or_(intents.c.request_id == request_id, intents.c.id.in_(other))
    found = _intent(conn.execute(select(*_FIELDS).where(intents.c.account_id == account_id, named)).first())
    return msgspec.structs.replace(found, request_id=request_id) if found else None


def in_the_way(conn: Connection, intent: Intent) -> Intent | None:
    """An earlier one of the same request, else the undecided one for the same thing.

    Where that wants the same it answers this request too, now and whenever it is repeated.
    """
    if earlier := find(conn, intent.account_id, intent.request_id):
        return earlier
    same_thing = (intents.c.item_id == intent.item_id) & _UNDECIDED
    either = (intents.c.id == intent.id) | same_thing
    of_account = select(*_FIELDS).where(intents.c.account_id == intent.account_id, either)
    met = _intent(conn.execute(of_account).first())
    if met and intent.request_id and met.wants_the_same_as(intent):
        request = {"account_id": intent.account_id, "request_id": intent.request_id, "intent_id": met.id}
        conn.execute(insert_if_new(conn, joined).values(request))
    return met


def orphans(conn: Connection) -> list[Intent]:
    """Open and held by nobody any more, oldest first: the process that began them is gone."""
    query = select(*_FIELDS).where(intents.c.outcome == "open", intents.c.held_until <= _until(conn, 0.0))
    return [Intent(**row._asdict()) for row in conn.execute(query.order_by(intents.c.created_at, intents.c.id))]


def settle(conn: Connection, intent_id: str, outcome: Outcome, answer: bytes | None, now: datetime) -> bool:
    """False when it was settled before: the first to know is right. What is not known may become known later."""
    change = update(intents).where(intents.c.id == intent_id, _UNDECIDED)
    settled = change.values(outcome=outcome, answer=answer, settled_at=now, held_until=_until(conn, 0.0))
    return conn.execute(settled).rowcount == 1


def prune(conn: Connection, before: datetime) -> int:
    """How many were settled before then and are now forgotten."""
    return conn.execute(delete(intents).where(intents.c.outcome != "open", intents.c.settled_at < before)).rowcount


def _until(conn: Connection, seconds: float) -> datetime:
    now = conn.scalars(select(func.current_timestamp(type_=UtcTime))).one()
    return now + timedelta(seconds=seconds)


def _intent(row: Row[Any] | None) -> Intent | None:
    return None if row is None else Intent(**row._asdict())
