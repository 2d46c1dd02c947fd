from hypothesis import given
from hypothesis import strategies as st

from omnicart_plugin.webos import fuzzy


def test_a_beginning_beats_a_word_beats_an_inside_beats_scattered_letters() -> None:
    titles = ("Orders", "All orders", "Reorders", "Old reader")
    scores = [found.score for title in titles if (found := fuzzy.match("order", title))]

    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 4


def test_letters_that_lack_do_not_match() -> None:
    assert fuzzy.match("xyz", "Orders") is None


@given(st.text(max_size=20), st.text(max_size=60))
def test_spans_lie_inside_the_title_and_scores_between_0_and_1(typed: str, title: str) -> None:
    found = fuzzy.match(typed, title)

    if found:
        assert 0 <= found.score <= 1
        assert all(0 <= start < end <= len(title) for start, end in found.spans)
