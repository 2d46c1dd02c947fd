"""The days and months of a period, as the clocks of a time zone cut them."""

from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

Period = Literal["today", "7d", "30d", "90d", "12m"]
DEFAULT: Period = "30d"
_DAYS: dict[Period, int] = {"today": 1, "7d": 7, "30d": 30, "90d": 90}
_MONTHS = 12


class Calendar(msgspec.Struct, frozen=True, kw_only=True):
    """A period that ends with today, cut into days, or into months that end with this one."""

    marks: tuple[str, ...]
    """ISO dates or months, the oldest first."""
    edges: tuple[datetime, ...]
    """UTC. Each mark lasts from its edge up to the next, so there is one more of them; the last is still to come."""
    before: datetime
    """When the period before began, which ends at the first edge and has as many days or months."""


def zone(name: str) -> ZoneInfo:
    """UTC where nobody knows the name."""
    try:
        return ZoneInfo(name)
    except (ValueError, LookupError, OSError):
        return ZoneInfo("UTC")


def calendar(period: Period, where: ZoneInfo, now: datetime) -> Calendar:
    """A day begins when the clocks show midnight for the first time, so one of them may have 23 hours or 25."""
    today = now.astimezone(where).date()
    if period == "12m":
        firsts = [_month(today, number) for number in range(1 - _MONTHS, 2)]
        marks = [f"{first:%Y-%m}" for first in firsts[:-1]]
        before = _month(today, 1 - 2 * _MONTHS)
    else:
        days = _DAYS[period]
        firsts = [today + timedelta(days=number) for number in range(1 - days, 2)]
        marks = [first.isoformat() for first in firsts[:-1]]
        before = today + timedelta(days=1 - 2 * days)
    edges = tuple(_midnight(first, where) for first in firsts)
    return Calendar(marks=tuple(marks), edges=edges, before=_midnight(before, where))


def _month(today: date, number: int) -> date:
    """The first day of the month that is so many after this one."""
    months = today.year * 12 + today.month - 1 + number
    return date(months // 12, months % 12 + 1, 1)


def _midnight(day: date, where: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=where).astimezone(UTC)
