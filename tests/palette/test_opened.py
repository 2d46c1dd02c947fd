"""What a person opened: remembered within bounds, and found as if every title were looked at."""

from hypothesis import given
from hypothesis import strategies as st

from omnicart_plugin.palette import opened
from omnicart_plugin.palette.opened import Opened, Thing
from omnicart_plugin.webos import fuzzy

TITLES = st.one_of(
    st.integers(1, 400).map("Order #{}".format), st.text("abAB#1 ß\n田", max_size=12), st.text(max_size=12)
)


def thing(item_id: str, title: str, account_id: str = "a") -> Thing:
    return Thing(account_id=account_id, panel="order", item_id=item_id, title=title)


def titles(found: list[tuple[fuzzy.Match, Thing]]) -> list[str]:
    return [thing.title for _, thing in found]


@given(st.lists(TITLES, max_size=120), TITLES)
def test_what_is_found_fits_and_what_fits_in_one_piece_is_found(opened_titles: list[str], typed: str) -> None:
    lately = Opened()
    for number, title in enumerate(opened_titles):
        lately.add(thing(str(number), title))
    found = lately.find(typed, 1000)
    whole = [title for title in opened_titles if (m := fuzzy.match(typed, title)) and m.score >= 0.5]

    assert all(fuzzy.match(typed, title) for title in titles(found))
    assert len({thing.key for _, thing in found}) == len(found)
    if len(whole) < opened._MOST_HITS:
        assert sorted(title for match, thing in found if match.score >= 0.5 for title in [thing.title]) == sorted(whole)


def test_the_newest_stands_first_and_a_thing_stands_once() -> None:
    lately = Opened()
    for number in range(200):
        lately.add(thing(str(number), f"Order #{number}"))
    lately.add(thing("7", "Order #7, changed"))

    assert titles(lately.find("", 3)) == ["Order #7, changed", "Order #199", "Order #198"]
    assert titles(lately.find("#7,", 3))[0] == "Order #7, changed"
    assert "Order #7" not in titles(lately.find("#7", 100))


def test_an_exact_number_is_found_among_many_that_hold_its_digits() -> None:
    lately = Opened()
    for number in range(3000):
        lately.add(thing(str(number), f"Order #{number}"))

    assert titles(lately.find("12", 3))[0] == titles(lately.find("#12", 3))[0] == "Order #12"


def test_the_oldest_are_forgotten_beyond_the_bound() -> None:
    lately = Opened()
    for number in range(opened.MOST_THINGS + 5):
        lately.add(thing(str(number), f"Order #{number}"))

    assert len(lately) == opened.MOST_THINGS
    assert "Order #3" not in titles(lately.find("Order #3", 30))


def test_what_was_dropped_is_not_found() -> None:
    lately = Opened()
    for number in range(100):
        lately.add(thing(str(number), f"Order #{number}", account_id="ab"[number % 2]))
    lately.drop("a", "order", "10")
    lately.drop("b")

    assert titles(lately.find("#10", 5)) == []
    assert {thing.account_id for _, thing in lately.find("order", 100)} == {"a"}
