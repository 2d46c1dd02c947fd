"""The rows that can be measured, each with what it must reach. Importing a family's module registers its rows."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.measure import Figure

if TYPE_CHECKING:
    from benchmarks.bench import Bench

Measure = Callable[["Bench"], Awaitable[Mapping[str, Figure]]]


class NotMeasuredError(Exception):
    """The row could not be measured; says why. It counts as missed."""


@dataclass(frozen=True)
class Reach:
    """What a figure must come to. `unit` is empty for a ratio."""

    limit: float
    unit: str = ""
    at_least: bool = False

    def holds(self, value: float) -> bool:
        return value >= self.limit if self.at_least else value <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}{self.unit and ' ' + self.unit}"


@dataclass(frozen=True)
class Row:
    id: str
    what: str
    against: str
    reach: Mapping[str, Reach]
    measure: Measure


@dataclass(frozen=True)
class Outcome:
    """A row and what came of it."""

    row: Row
    figures: Mapping[str, Figure]
    failure: str = ""
    """Why there are no figures."""

    @property
    def reached(self) -> bool:
        """Whether every figure is there and holds."""
        reach = self.row.reach
        return not self.failure and all(
            name in self.figures and bound.holds(self.figures[name].value) for name, bound in reach.items()
        )


ROWS: dict[str, Row] = {}


def row(id_: str, what: str, against: str, **reach: Reach) -> Callable[[Measure], Measure]:
    """Register what measures a row; the names of `reach` are those of the figures that come back."""

    def register(measure: Measure) -> Measure:
        ROWS[id_] = Row(id_, what, against, reach, measure)
        return measure

    return register
