"""What one person opened, the newest first, searched at the speed of one long text."""

from collections.abc import Iterator
from itertools import islice

import msgspec

from omnicart_plugin.webos import Link, fuzzy

MOST_THINGS = 10_000
"""Of one person; the oldest are forgotten."""
_MOST_HITS = 60
_SCATTERED_AMONG = 100
"""Letters that are scattered over a title are looked for in the newest titles only: that is the slow part."""

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
        self._things: dict[Key, tuple[str, Thing]] = {}
        """With the folded title, the oldest first."""
        self._text = ""
        self._newest: list[Thing] = []

    def __len__(self) -> int:
        return len(self._things)

    def add(self, thing: Thing) -> None:
        self._things.pop(thing.key, None)
        self._things[thing.key] = (" ".join(thing.title.casefold().split()), thing)
        if len(self._things) > MOST_THINGS:
            del self._things[next(iter(self._things))]
        self._text = ""

    def drop(self, account_id: str, panel: str = "", item_id: str = "") -> None:
        """One thing, or all of an account."""
        gone = {(account_id, panel, item_id)} if item_id else {key for key in self._things if key[0] == account_id}
        for key in gone & self._things.keys():
            del self._things[key]
        if not item_id:
            self.last.pop(account_id, None)
        self._text = ""

    def find(self, typed: str, most: int) -> Iterator[tuple[fuzzy.Match, Thing]]:
        """Things whose title fits, without an order; of many that fit, the better and the newer."""
        if not self._text:
            self._index()
        needle = " ".join(typed.casefold().split())
        if not needle:
            yield from ((fuzzy.Match(0.5, []), thing) for thing in islice(self._newest, most))
            return
        places = self._places(needle)
        if len(places) < most:
            places |= dict.fromkeys(range(min(len(self._newest), _SCATTERED_AMONG)))
        for place in places:
            found = fuzzy.match(typed, self._newest[place].title)
            if found:
                yield found, self._newest[place]

    def _index(self) -> None:
        newest = [*reversed(self._things.values())]
        self._text = "\n" + "\n".join([folded for folded, _ in newest]) + "\n"
        self._newest = [thing for _, thing in newest]

    def _places(self, needle: str) -> dict[int, None]:
        """The things that hold the letters in one piece. Where many do, those where a word begins with them too."""
        anywhere = self._holding(needle)
        if len(anywhere) < _MOST_HITS:
            return anywhere
        whole = self._holding(f"\n{needle}\n") | self._holding(f"#{needle}\n")
        return whole | self._holding(f"\n{needle}") | self._holding(f" {needle}") | anywhere

    def _holding(self, needle: str) -> dict[int, None]:
        """The newest that hold it; a title stands between two line breaks."""
        places: dict[int, None] = {}
        place, counted, at = -1, 0, self._text.find(needle)
        while at >= 0 and len(places) < _MOST_HITS:
            begins = at + 1 if needle[0] == "\n" else at
            place += self._text.count("\n", counted, begins)
            places[place] = None
            counted = begins
            at = self._text.find(needle, self._text.index("\n", begins))
        return places
