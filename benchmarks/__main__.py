"""Measure what OmniCart costs, and compare it with what it must not exceed.

Starts stores of its own with 60, 1,000, 30,000 and 100,000 orders, unless running ones are named. Ends with 1 when a
row is missed.
"""

import argparse
import logging
import sys
import traceback
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import anyio

from benchmarks import (  # noqa: F401 - each registers its rows
    first_orders,
    memory,
    overview,
    palette,
    panels,
    report,
    startup,
    throughput,
)
from benchmarks.bench import Bench
from benchmarks.measure import Figure
from benchmarks.rows import ROWS, NotMeasuredError, Outcome, Row
from tests.medusa_lab import missing

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"


def main() -> None:
    arguments = _arguments()
    if reason := missing():
        raise SystemExit(f"Nothing can be measured: {reason}.")
    logging.basicConfig(level=logging.ERROR)
    outcomes = anyio.run(_measure, [ROWS[name] for name in arguments.only or ROWS], arguments.live)
    sys.stdout.write(report.table(outcomes) + "\n")
    if arguments.write:
        PAGE.write_text(report.page(outcomes, datetime.now(UTC).date(), PAGE.read_text("utf-8")), "utf-8")
    sys.exit(verdict(outcomes))


def verdict(outcomes: Sequence[Outcome]) -> int:
    """The exit code."""
    return 0 if all(outcome.reached for outcome in outcomes) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", metavar="ROW", choices=ROWS, help=", ".join(ROWS))
    parser.add_argument(
        "--live",
        nargs="+",
        type=int,
        default=[],
        metavar="PORT",
        help="stores that `python -m tests.medusa_lab up` and `up-big` started; their orders are changed",
    )
    parser.add_argument("--write", action="store_true", help="keep what was measured in docs/performance.md")
    return parser.parse_args()


async def _measure(rows: Sequence[Row], live: Sequence[int]) -> list[Outcome]:
    async with Bench.open(live) as bench:
        return [await _outcome(bench, row) for row in rows]


async def _outcome(bench: Bench, row: Row) -> Outcome:
    began = anyio.current_time()
    figures: Mapping[str, Figure] = {}
    failure = ""
    try:
        figures = await row.measure(bench)
    except NotMeasuredError as error:
        failure = str(error)
    except Exception as error:  # noqa: BLE001 - a row that breaks is missed, and the others are measured all the same
        traceback.print_exc()
        failure = f"broke with {type(error).__name__}: {error}"
    outcome = Outcome(row, figures, failure)
    seconds = anyio.current_time() - began
    sys.stderr.write(f"{report.line(outcome)} {seconds:.0f} s\n")
    return outcome


if __name__ == "__main__":
    main()
