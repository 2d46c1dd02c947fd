"""How well what is typed fits a title: the order of a palette, and the letters it marks."""

import re
from typing import NamedTuple

_WORD_START = re.compile(r"(?<!\w)(?=\w)")


class Match(NamedTuple):
    score: float
    """0 to 1."""
    spans: list[tuple[int, int]]
    """Half-open ranges of the title."""


def match(typed: str, title: str) -> Match | None:
    """From best to least: whole title, its beginning, a word's, inside, scattered. None where letters lack."""
    needle, hay = typed.casefold().strip(), title.casefold()
    if len(hay) != len(title):  # folding may lengthen (ß); spans must fit what is shown
        hay = title.lower() if len(title.lower()) == len(title) else title
    if not needle:
        return Match(0.5, [])
    at = hay.find(needle)
    if at < 0:
        return _scattered(needle, hay)
    for start in (m.start() for m in _WORD_START.finditer(hay)):
        if hay.startswith(needle, start):
            at = start
            break
    else:
        return Match(0.5 + 0.1 * len(needle) / len(hay), [(at, at + len(needle))])
    return Match((0.8 if at == 0 else 0.7) + 0.2 * len(needle) / len(hay), [(at, at + len(needle))])


def _scattered(needle: str, hay: str) -> Match | None:
    spans: list[tuple[int, int]] = []
    at = 0
    for letter in needle.replace(" ", ""):
        at = hay.find(letter, at)
        if at < 0:
            return None
        if spans and spans[-1][1] == at:
            spans[-1] = (spans[-1][0], at + 1)
        else:
            spans.append((at, at + 1))
        at += 1
    return Match(0.4 / len(spans), spans)
