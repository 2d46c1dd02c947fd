"""The table of what was measured, for the terminal and for docs/performance.md."""

import os
import platform
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from benchmarks.bench import LARGE, SMALL, USUAL
from benchmarks.measure import Figure
from benchmarks.rows import ROWS, Outcome, Reach

HEAD = "| row | what | against | reach | measured (quartiles) | verdict |\n|---|---|---|---|---|---|"
_PAGE = """# Performance

Ratios of interleaved runs on one machine: medians, with the quartiles in brackets. `python -m benchmarks` measures all
of it anew, `python -m benchmarks --only ROW` a part; it ends with 1 when a row is missed, and `--write` keeps what was
measured on this page: the other rows stay, and so does what is written below the table.
[benchmarks/](../benchmarks) says how each row is measured.

Measured on {date}: {machine}.
The stores have {small:,}, {usual:,} and {large:,} orders; a row that names no size is measured on the second.

{table}
{below}"""
_BELOW = "\n## "
"""Where what is written by hand begins: why a row that is missed cannot be reached."""


def table(outcomes: Iterable[Outcome]) -> str:
    return "\n".join([HEAD, *map(line, outcomes)])


def page(outcomes: Iterable[Outcome], day: date, before: str = "") -> str:
    """docs/performance.md, whole. Of what it was ``before``, rows not measured now and all below the table stay."""
    above, mark, below = before.partition(_BELOW)
    rows = {_row_of(kept): kept for kept in above.splitlines()} | {done.row.id: line(done) for done in outcomes}
    return _PAGE.format(
        date=f"{day:%-d %B %Y}",
        machine=machine(),
        usual=USUAL,
        small=SMALL,
        large=LARGE,
        table="\n".join([HEAD, *(rows[id_] for id_ in ROWS if id_ in rows)]),
        below=mark + below,
    )


def _row_of(kept: str) -> str:
    """The row's id; empty where the line is of no row."""
    return kept.split("`")[1] if kept.startswith("| `") else ""


def machine() -> str:
    """What the figures depend on."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, {python}"


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def line(outcome: Outcome) -> str:
    row = outcome.row
    reach = ", ".join(f"{bound} {name}" for name, bound in row.reach.items())
    verdict = "reached" if outcome.reached else "**missed**"
    return f"| `{row.id}` | {row.what} | {row.against} | {reach} | {'; '.join(_measured(outcome))} | {verdict} |"


def _measured(outcome: Outcome) -> Iterator[str]:
    if outcome.failure:
        yield " ".join(outcome.failure.split()).replace("|", "/")
        return
    for name, bound in outcome.row.reach.items():
        yield _figure(name, bound, outcome.figures.get(name))


def _figure(name: str, bound: Reach, figure: Figure | None) -> str:
    if figure is None:
        return f"{name}: not measured"
    varied = "" if figure.low == figure.high else f" ({figure.low:.3g} to {figure.high:.3g})"
    unit = f" {bound.unit}" if bound.unit else ""
    note = f", {figure.note}" if figure.note else ""
    return f"{name} {figure.value:.3g}{unit}{varied}{note}"
