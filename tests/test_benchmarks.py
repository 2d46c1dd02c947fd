"""Each promise of speed has a benchmark that holds OmniCart to it, and what is missed is not overlooked."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from benchmarks import __main__ as program
from benchmarks import report
from benchmarks.bench import Bench
from benchmarks.browser import waves
from benchmarks.measure import Figure, exactly, in_turn, ratio, spread
from benchmarks.rows import ROWS, Outcome, Reach, Row

# What was promised, row by row.
PROMISED = {
    "first-orders": {"time": "≤ 0.25"},
    "orders": {"time": "≤ 1.05"},
    "orders-replayed": {"time": "≤ 1.05"},
    "orders-admin": {"time": "≤ 0.95", "requests": "≤ 1 in all"},
    "order-admin": {"time": "≤ 0.4", "bytes": "≤ 0.4", "requests": "≤ 2 in all"},
    "product-admin": {"time": "≤ 0.6", "share of requests": "≤ 1"},
    "customer-admin": {"time": "≤ 0.6", "share of requests": "≤ 1"},
    "draft-order-admin": {"time": "≤ 0.6", "share of requests": "≤ 1"},
    "settings-admin": {"time": "≤ 0.6", "share of requests": "≤ 1"},
    "again": {"time": "≤ 0.02", "requests": "≤ 0 in all"},
    "own-work": {"time": "≤ 1"},
    "palette-instant": {"time": "≤ 1 ms"},
    "palette-store": {"time": "≤ 1.1"},
    "overview-first": {"time": "≤ 0.05", "bytes": "≤ 0.04"},
    "overview-again": {"time": "≤ 0.05"},
    "overview-flat": {"time": "≤ 1.5"},
    "throughput": {"throughput": "≥ 0.8"},
    "no-waiting": {"time": "≤ 1.2"},
    "import": {"time": "≤ 1.3", "early": "≤ 0 of SQLAlchemy, Alembic and cryptography"},
    "memory": {"account": "≤ 50 KB", "answers": "≤ 80 MB"},
}


async def _unused(_: Bench) -> Mapping[str, Figure]:
    raise AssertionError


def _outcome(time: float, *, failure: str = "", **reach: Reach) -> Outcome:
    row = Row("orders", "open the orders list", "the bare request", {"time": Reach(1.05), **reach}, _unused)
    return Outcome(row, {"time": Figure(time, time - 0.1, time + 0.1, "8 ms against 7 ms")}, failure)


def test_every_promise_has_its_row() -> None:
    assert {id_: {name: str(reach) for name, reach in row.reach.items()} for id_, row in ROWS.items()} == PROMISED


def test_the_page_keeps_every_row() -> None:
    page = program.PAGE.read_text("utf-8")

    assert [id_ for id_ in ROWS if f"\n| `{id_}` |" not in page] == []


def test_a_run_in_which_all_is_reached_ends_well() -> None:
    assert program.verdict([_outcome(1.0), _outcome(1.05)]) == 0


@pytest.mark.parametrize(
    "missed",
    [
        _outcome(1.06),
        _outcome(0.5, failure="the panel settings answers: OmniCart has no panel of this name."),
        _outcome(0.5, requests=Reach(1)),
    ],
    ids=["too slow", "not measured", "measured in part"],
)
def test_a_row_that_is_missed_ends_the_run_badly(missed: Outcome) -> None:
    assert program.verdict([_outcome(1.0), missed]) == 1
    assert report.line(missed).endswith("| **missed** |")


@pytest.mark.anyio
async def test_a_row_that_breaks_is_missed_and_the_next_one_measured_all_the_same() -> None:
    async def measured(_: Bench) -> Mapping[str, Figure]:
        return {"time": exactly(1.0)}

    fine = replace(_outcome(1.0).row, measure=measured)

    broken, reached = await program._measure([_outcome(1.0).row, fine], [])

    assert "AssertionError" in broken.failure
    assert not broken.reached
    assert reached.reached


def test_a_throughput_must_be_high_and_not_low() -> None:
    assert Reach(0.8, at_least=True).holds(0.9)
    assert not Reach(0.8, at_least=True).holds(0.7)


def test_a_line_gives_the_ratio_its_spread_and_the_verdict() -> None:
    assert report.line(_outcome(1.0)) == (
        "| `orders` | open the orders list | the bare request | ≤ 1.05 time"
        " | time 1 (0.9 to 1.1), 8 ms against 7 ms | reached |"
    )


def test_a_line_says_why_there_are_no_figures() -> None:
    line = report.line(_outcome(0.0, failure="broke with\nKeyError: 'a|b'"))

    assert "| broke with KeyError: 'a/b' | **missed** |" in line


def test_the_page_names_the_day_and_the_machine() -> None:
    page = report.page([_outcome(1.0)], date(2026, 11, 5))

    assert f"Measured on 5 November 2026: {report.machine()}." in page
    assert report.table([_outcome(1.0)]) in page


def test_the_page_tells_how_large_the_stores_are() -> None:
    page = report.page([_outcome(1.0)], date(2026, 11, 5))

    assert [size for size in ("1,000", "30,000", "100,000") if size not in page] == []


def test_rows_that_were_not_measured_and_what_is_written_below_the_table_stay_on_the_page() -> None:
    by_hand = "\n## Why `orders` is missed\n\n| `orders` | 3 ms |\n"
    old = report.page([_outcome(1.2), replace(_outcome(1.0), row=ROWS["own-work"])], date(2026, 11, 4)) + by_hand

    page = report.page([_outcome(1.0)], date(2026, 11, 5), old)

    assert page == old.replace("4 November", "5 November").replace(
        report.line(_outcome(1.2)), report.line(_outcome(1.0))
    )


def test_a_ratio_is_that_of_each_pair_so_that_a_slow_while_counts_on_both_sides() -> None:
    figure = ratio([1.0, 20.0, 3.0], [2.0, 40.0, 4.0])

    assert (figure.value, figure.low, figure.high) == (0.5, 0.5, 0.625)


def test_one_run_has_no_spread() -> None:
    assert spread([2.0]) == exactly(2.0)


@pytest.mark.anyio
async def test_the_two_sides_take_turns_in_who_is_first() -> None:
    order: list[str] = []

    async def run(side: str) -> float:
        order.append(side)
        return float(len(order))

    ours, theirs = await in_turn(lambda: run("ours"), lambda: run("theirs"), 2, warm=1)

    assert order == ["theirs", "ours", "ours", "theirs", "theirs", "ours"]
    assert (ours, theirs) == ([3.0, 6.0], [4.0, 5.0])


def test_the_dashboards_requests_are_complete_and_get_their_ids() -> None:
    ids: dict[str, Any] = dict.fromkeys(("order", "ordli", "sloc", "user"), "x_1")

    asked = waves("order detail", ids)

    assert [len(wave) for wave in asked] == [1, 2, 11]
    assert not any("{" in target or " " in target for wave in asked for target in wave)
