"""Two things measured in turn, and what came of it: a figure with the quartiles it varied between."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

Timed = Callable[[], Awaitable[float]]
"""Does it once; seconds. What has to be made ready is not in them."""


@dataclass(frozen=True)
class Figure:
    """A ratio or an amount: the median, with the quartiles around it."""

    value: float
    low: float
    high: float
    note: str = ""
    """What it is made of."""


def exactly(value: float, note: str = "") -> Figure:
    """A figure that does not vary: a number of requests, or of bytes."""
    return Figure(value, value, value, note)


def spread(values: Sequence[float], note: str = "") -> Figure:
    low, _, high = quantiles(values, n=4, method="inclusive") if len(values) > 1 else (values[0],) * 3
    return Figure(median(values), low, high, note)


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Figure:
    """Of each pair of runs its ratio, in seconds: a machine that is slow for a while is so for both."""
    note = f"{milliseconds(median(ours))} against {milliseconds(median(theirs))}"
    return spread([one / other for one, other in zip(ours, theirs, strict=True)], note)


def against(ours: Sequence[float], theirs: float) -> Figure:
    """For a baseline that takes so long that it is run once, seconds."""
    return ratio(ours, [theirs] * len(ours))


async def in_turn(ours: Timed, theirs: Timed, pairs: int, *, warm: int = 1) -> tuple[list[float], list[float]]:
    """Seconds of each. They take turns in who is first; `warm` pairs before are not counted."""
    mine: list[float] = []
    other: list[float] = []
    for number in range(warm + pairs):
        order = [(ours, mine), (theirs, other)]
        for run, seconds in order if number % 2 else reversed(order):
            seconds.append(await run())
    return mine[warm:], other[warm:]


def milliseconds(seconds: float) -> str:
    """For people."""
    if seconds >= 10:  # noqa: PLR2004 - where seconds read better
        return f"{seconds:,.1f} s"
    return f"{seconds * 1000:,.0f} ms" if seconds >= 0.1 else f"{seconds * 1000:.3g} ms"  # noqa: PLR2004 - three digits are plenty
