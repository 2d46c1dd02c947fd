"""What stores answered lately, for all accounts together: bounded in bytes, the least used forgotten first."""

from collections.abc import Iterable
from datetime import datetime
from sys import getsizeof
from typing import Any

import msgspec
from cachetools import LRUCache

from omnicart_plugin.medusa.queries import Get

MOST_BYTES = 64 * 1024 * 1024
"""Of memory, for all stores."""
LARGEST = MOST_BYTES // 16
"""One answer that is larger is not kept."""


class Remembered(msgspec.Struct, kw_only=True):
    value: Any
    as_of: datetime
    asked_at: float
    """By the monotonic clock; -inf where it must be asked anew before it is shown."""
    size: int
    panels: set[str]
    """Who shows it."""
    overdue: bool = False
    """The store was asked since, and did not answer."""


Answers = LRUCache[tuple[object, Get[Any]], Remembered]
"""By the store and the question."""


def remembered(most_bytes: int = MOST_BYTES) -> Answers:
    return LRUCache(most_bytes, getsizeof=lambda known: known.size)


def weight(value: object) -> int:
    """About how many bytes of memory a decoded answer takes, all its parts counted."""
    return getsizeof(value) + sum(map(weight, _parts(value)))


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, msgspec.Struct):
        return (getattr(value, name) for name in value.__struct_fields__)
    if isinstance(value, dict):
        return (*value.keys(), *value.values())
    return value if isinstance(value, tuple | list) else ()
