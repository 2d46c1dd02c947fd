"""Exact amounts that SQL can add up: three whole numbers of 12 digits each, because SQLite has no decimals.

An amount is ``mega`` · 10⁶ + ``micro`` · 10⁻⁶ + ``atto`` · 10⁻¹⁸. Each part stays below 10¹², so a 64-bit sum of
9 million of them is exact, and beyond that SQLite refuses rather than rounds.
"""

from decimal import ROUND_HALF_EVEN, Context, Decimal, Inexact, InvalidOperation
from typing import NamedTuple

_PLACES = 18
_PART = 10**12
_LIMIT = Decimal(10**18)
_ROUNDING = Context(prec=100, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation])
_EXACT = Context(prec=100, traps=[Inexact, InvalidOperation])


class Parts(NamedTuple):
    mega: int
    micro: int
    atto: int


def split(amount: Decimal) -> Parts:
    """Up to 18 digits before the point and 18 after it, where it is rounded half to even. Else ValueError."""
    if not amount.is_finite() or amount.copy_abs() >= _LIMIT:
        raise ValueError("An amount must be a number below 10¹⁸.")
    whole = int(amount.quantize(Decimal((0, (1,), -_PLACES)), context=_ROUNDING).scaleb(_PLACES, _EXACT))
    upper, atto = divmod(whole, _PART)
    return Parts(*divmod(upper, _PART), atto)


def join(mega: int, micro: int, atto: int) -> Decimal:
    """The amount of parts, or of sums of parts, without zeros at its end."""
    whole = (mega * _PART + micro) * _PART + atto
    return _EXACT.divide(Decimal(whole), Decimal(10**_PLACES))
