"""What one person opened, the newest first, searched at the speed of one long text."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate, chain, islice

import msgspec

from omnicart_plugin.webos import Link, fuzzy

MOST_THINGS = 10_000
"""Of one person; the oldest are forgotten."""
_MOST_HITS = 30
_NEWEST = 48
"""These are matched one by one, letters that are scattered over a title too; all others as one text."""

Key = tuple[str, str, str]
"""Account, panel and item."""


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    """What was shown: an order, a product, a customer."""

    account_id: str
    panel: str
    item_id: str
    title: str
    subtitle: str = ""

    @property
    def key(self) -> Key:
        return (self.account_id, self.panel, self.item_id)

    @property
    def link(self) -> Link:
        return Link(panel=self.panel, item_id=self.item_id, account_id=self.account_id)


class Opened:
    """The things of a person, and where they were last."""

    def __init__(self) -> None:
        self.last: dict[str, tuple[str, Link]] = {}
        """The title of what was shown last in each account, and the link to it."""
        self._things: dict[Key, Thing] = {}
        """The oldest first."""
        self._since: dict[Key, Thing] = {}
        """Those that are not in the text yet, the oldest first."""
        self._text = "\n"
        self._in_text: list[Thing] = []
        """As they stand in the text, the newest first; also some that were opened again or dropped since."""
        self._begins: list[int] = []
        """Where in the text each begins."""
        self._initials: set[str] = set()
        """The letters that titles of the text begin with: what begins with another need not be looked for."""
        self._numbered: dict[str, int] = {}
        """The newest whose title ends with a number, by that: ``#12``."""

    def __len__(self) -> int:
        return len(self._things)

    def add(self, thing: Thing) -> None:
        for known in (self._things, self._since):
            known.pop(thing.key, None)
            known[thing.key] = thing
        if len(self._things) > MOST_THINGS:
            del self._things[next(iter(self._things))]
        if len(self._since) > _NEWEST:
            self._write()

    def drop(self, account_id: str, panel: str = "", item_id: str = "") -> None:
        """One thing, or all of an account."""
        gone = {(account_id, panel, item_id)} if item_id else {key for key in self._things if key[0] == account_id}
        for key in gone:
            self._things.pop(key, None)
            self._since.pop(key, None)
        if not item_id:
            self.last.pop(account_id, None)

    def find(self, typed: str, most: int) -> list[tuple[fuzzy.Match, Thing]]:
        """Things whose title fits, the best first, and of equals the newer."""
        newest = chain(reversed(self._since.values()), self._written(range(len(self._in_text))))
        needle = " ".join(typed.casefold().split())
        if not needle:
            return [(fuzzy.Match(0.5, []), thing) for thing in islice(newest, most)]
        looked_at = dict.fromkeys(chain(islice(newest, _NEWEST), self._written(self._places(needle))))
        found = [(match, thing) for thing in looked_at if (match := fuzzy.match(typed, thing.title))]
        return sorted(found, key=lambda hit: -hit[0].score)[:most]

    def _write(self) -> None:
        self._in_text = [*reversed(self._things.values())]
        titles = [" ".join(thing.title.casefold().split()) for thing in self._in_text]
        self._text = "\n" + "\n".join(titles) + "\n"
        self._begins = [*accumulate((len(title) + 1 for title in titles), initial=1)]
        self._initials = {title[:1] for title in titles}
        last_words = [title[title.rfind(" ") + 1 :] for title in titles]
        self._numbered = {word: place for place, word in reversed([*enumerate(last_words)]) if word[:1] == "#"}
        self._since = {}

    def _written(self, places: Iterable[int]) -> Iterator[Thing]:
        """Those of the text that are still as they stand in it."""
        for place in places:
            thing = self._in_text[place]
            if self._things.get(thing.key) is thing:
                yield thing

    def _places(self, needle: str) -> list[int]:
        """The things that hold it in one piece. Of many also the one of that number, and those that begin so."""
        anywhere = self._holding(needle)
        if len(anywhere) < _MOST_HITS:
            return anywhere
        number = self._numbered.get(f"#{needle.removeprefix('#')}")
        begun = self._holding(f"\n{needle}") if needle[0] in self._initials else []
        return [*([] if number is None else [number]), *begun, *anywhere]

    def _holding(self, needle: str) -> list[int]:
        """The newest that hold it; a title stands between two line breaks."""
        text, places = self._text, list[int]()
        at = text.find(needle)
        while at >= 0 and len(places) < _MOST_HITS:
            places.append(bisect_right(self._begins, at + (needle[0] == "\n")) - 1)
            at = text.find(needle, self._begins[places[-1] + 1] - 1)
        return places
