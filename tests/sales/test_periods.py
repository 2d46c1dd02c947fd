"""Days and months as the clocks of a place show them."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnicart_plugin.sales.periods import Period, calendar, zone

PERIODS: tuple[Period, ...] = ("today", "7d", "30d", "90d", "12m")
PLACES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "America/Havana",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "America/St_Johns",
)
MOMENTS = st.datetimes(datetime(2009, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


@given(period=st.sampled_from(PERIODS), place=st.sampled_from(PLACES), now=MOMENTS)
def test_a_period_ends_with_today_and_has_no_gaps(period: Period, place: str, now: datetime) -> None:
    days = calendar(period, zone(place), now)

    assert len(days.edges) == len(days.marks) + 1
    assert days.edges[-2] <= now < days.edges[-1]
    assert all(starts <= ends for starts, ends in pairwise((days.before, *days.edges)))
    for mark, edge in zip(days.marks, days.edges, strict=False):
        shown = edge.astimezone(zone(place))
        assert mark in {shown.date().isoformat(), f"{shown:%Y-%m}"} or place == "Pacific/Apia"


@pytest.mark.parametrize(("period", "marks"), [("today", 1), ("7d", 7), ("30d", 30), ("90d", 90), ("12m", 12)])
def test_a_period_has_its_days_or_months(period: Period, marks: int) -> None:
    now = datetime(2026, 3, 31, 12, tzinfo=UTC)
    days = calendar(period, zone("UTC"), now)

    assert len(days.marks) == marks
    assert days.marks[-1] == ("2026-03" if period == "12m" else "2026-03-31")


def test_today_is_that_of_the_place_and_not_of_utc() -> None:
    evening = datetime(2026, 11, 25, 20, tzinfo=UTC)

    assert calendar("today", zone("Asia/Kathmandu"), evening).marks == ("2026-11-26",)
    assert calendar("today", zone("America/New_York"), evening).marks == ("2026-11-25",)
    assert calendar("today", zone("Asia/Kathmandu"), evening).edges[0] == datetime(2026, 11, 25, 18, 15, tzinfo=UTC)


@pytest.mark.parametrize(("day", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 6, 1), 24)])
def test_a_day_on_which_the_clocks_change_has_another_length(day: tuple[int, int, int], hours: int) -> None:
    days = calendar("today", zone("Europe/Berlin"), datetime(*day, 12, tzinfo=UTC))

    assert days.edges[1] - days.edges[0] == timedelta(hours=hours)


def test_a_day_whose_midnight_the_clocks_leave_out_begins_when_they_jump() -> None:
    """Cairo goes from 23:59:59 to 01:00 on 24 April 2026."""
    days = calendar("today", zone("Africa/Cairo"), datetime(2026, 4, 24, 12, tzinfo=UTC))

    assert days.edges[0] == datetime(2026, 4, 23, 22, tzinfo=UTC)
    assert days.edges[1] - days.edges[0] == timedelta(hours=23)


def test_a_day_that_a_place_left_out_is_empty() -> None:
    """Samoa had no 30 December 2011."""
    days = calendar("7d", zone("Pacific/Apia"), datetime(2012, 1, 1, 12, tzinfo=UTC))
    at = days.marks.index("2011-12-30")

    assert days.edges[at] == days.edges[at + 1]


def test_the_period_before_is_as_long_by_the_calendar() -> None:
    now = datetime(2026, 3, 31, 12, tzinfo=UTC)

    assert calendar("30d", zone("UTC"), now).before == datetime(2026, 1, 31, tzinfo=UTC)
    assert calendar("12m", zone("UTC"), now).before == datetime(2024, 4, 1, tzinfo=UTC)
    assert calendar("today", zone("UTC"), now).before == datetime(2026, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize("name", ["", "Nowhere/Land", "../../etc/passwd", "/etc/localtime", "Europe", "\0", "x" * 5000])
def test_a_zone_that_nobody_knows_is_utc(name: str) -> None:
    assert zone(name).key == "UTC"
