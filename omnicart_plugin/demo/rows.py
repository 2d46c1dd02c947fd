"""Rows of a list as Medusa picks them: filters, words to search for, order, page, fields."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any, TypeVar

import httpx
import msgspec

from omnicart_plugin.medusa import wire

Row = TypeVar("Row", bound=wire.Wire)
_ORDERINGS: dict[str, Callable[[Any, Any], bool]] = {"$gte": ge, "$gt": gt, "$lte": le, "$lt": lt}
_NAMES = frozenset({"title", "handle", "name", "email", "first_name", "last_name"})
_COLUMNS = _NAMES | {"id", "display_id", "status", "currency_code", "created_at", "updated_at"}
"""What a list can be sorted by, where its rows have it. The totals and statuses of money and parcels are computed."""


class Refused(Exception):  # noqa: N818 - it is an answer, not a fault
    """What Medusa answers instead: a status of 400 or more, and its JSON."""

    def __init__(self, status: int, **body: str) -> None:
        super().__init__(body["message"])
        self.status = status
        self.body = body


def failed() -> Refused:
    """Medusa's answer to what it did not expect, such as a sort by a column that it does not have."""
    return Refused(500, code="unknown_error", type="unknown_error", message="An unknown error occurred.")


def between(rows: Iterable[Row], asked: httpx.QueryParams, name: str) -> list[Row]:
    """Those whose moment `name` keeps to the bounds that were asked for."""
    bounds = [
        (holds, datetime.fromisoformat(asked[f"{name}[{op}]"]))
        for op, holds in _ORDERINGS.items()
        if f"{name}[{op}]" in asked
    ]
    return [row for row in rows if all(holds(getattr(row, name), bound) for holds, bound in bounds)]


def one_of(rows: Iterable[Row], wanted: Sequence[str], value: Callable[[Row], object]) -> list[Row]:
    """Those with one of the values, or all of them where none is wanted."""
    return [row for row in rows if not wanted or value(row) in wanted]


def matching(rows: Iterable[Row], q: str, texts: Callable[[Row], Iterable[object]]) -> list[Row]:
    """Those where each word of `q` is part of one of the texts."""
    words = q.casefold().split()
    return [row for row in rows if not words or _holds([str(t).casefold() for t in texts(row) if t], words)]


def _holds(texts: list[str], words: list[str]) -> bool:
    return all(any(word in text for text in texts) for word in words)


def in_order(rows: Sequence[Row], order: str) -> list[Row]:
    """By the column that `order` names, backwards after a ``-``; as they are when it is empty. Nothing comes last."""
    if not order:
        return list(rows)
    name = order.removeprefix("-")
    if name not in _COLUMNS or (rows and not hasattr(rows[0], name)):
        raise failed()
    return sorted(rows, key=lambda row: _place(row, name), reverse=order.startswith("-"))


def _place(row: wire.Wire, name: str) -> tuple[bool, Any]:
    """Medusa's ids are made in the order of time; those of the sample are not."""
    value = getattr(row, "created_at" if name == "id" and hasattr(row, "created_at") else name)
    return (value is None, "" if value is None else value)


def plain(row: wire.Wire, fields: str) -> Any:
    """The row as JSON will have it, with the fields that were asked for, or all of them where none is named."""
    return _picked(msgspec.to_builtins(row, builtin_types=(Decimal, datetime)), _tree(fields))


_Tree = dict[str, "_Tree"]


def _tree(fields: str) -> _Tree:
    root: _Tree = {}
    for path in filter(None, fields.split(",")):
        branch = root
        for name in path.split("."):
            branch = branch.setdefault(name, {})
    return root


def _picked(value: Any, wanted: _Tree) -> Any:
    """What is named without anything below it is taken whole."""
    if isinstance(value, dict):
        return {
            name: _picked(part, wanted.get(name, {})) for name, part in value.items() if not wanted or name in wanted
        }
    if isinstance(value, list | tuple):
        return [_picked(part, wanted) for part in value]
    return _number(value) if isinstance(value, Decimal) else value


def _number(value: Decimal) -> Decimal:
    """As JavaScript writes it, without the zeros at the end."""
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()
