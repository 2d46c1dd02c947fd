"""How well what is typed fits a title: the order of a palette, and the letters it marks."""

from typing import NamedTuple


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
    first = at = hay.find(needle)
    if at < 0:
        return _scattered(needle, hay)
    while at > 0 and _in_word(hay[at - 1]):
        at = hay.find(needle, at + 1)
    share = len(needle) / len(hay)
    if at < 0:
        return Match(0.5 + 0.1 * share, [(first, first + len(needle))])
    return Match((0.8 if at == 0 else 0.7) + 0.2 * share, [(at, at + len(needle))])


def _in_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


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
