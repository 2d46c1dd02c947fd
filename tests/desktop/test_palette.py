"""The palette: at once, without jumps, and never with an older answer."""

from functools import partial

import pytest
from playwright.sync_api import Page, Response, Route, expect

from tests.desktop.conftest import hold
from tests.desktop.served import Served

pytestmark = pytest.mark.browser


def test_it_opens_within_the_key_press_and_a_second_press_closes_it(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("button", name="Library")).to_be_visible()
    page.evaluate(
        """() => addEventListener("keydown", () => { window.openAtOnce = document.getElementById("palette").open; })"""
    )
    page.keyboard.press("Control+k")
    assert page.evaluate("window.openAtOnce") is True
    expect(page.get_by_role("option", name="Today")).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_arrows_choose_enter_opens_and_letters_are_marked(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("boo")
    expect(page.get_by_role("option", selected=True)).to_contain_text("📚 Books")
    expect(page.locator("mark")).to_have_text("Boo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Books")).to_be_visible()


def test_what_comes_from_afar_goes_below_and_the_selection_stays(page: Page, desk: Served) -> None:
    desk.library.slow_palette = 0.4
    page.goto("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("o")
    expect(page.get_by_role("option", name="Today")).to_be_visible()
    page.keyboard.press("ArrowDown")
    chosen = page.get_by_role("option", selected=True).inner_text()
    expect(page.get_by_role("option", name="Solaris 3")).to_be_visible()
    assert page.get_by_role("option", selected=True).inner_text() == chosen


def test_a_stale_answer_never_replaces_a_newer_one(page: Page) -> None:
    held: list[Route] = []

    def hold_older(route: Route) -> None:
        text = (route.request.post_data_json or {})["text"]
        if text == "wa":
            held.append(route)
        else:
            route.continue_()

    page.route("**/api/palette", hold_older)
    page.goto("/")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option", name="Today")).to_be_visible()
    page.keyboard.type("wa")
    while len(held) < 2:  # at once, and from the store
        page.wait_for_timeout(20)
    page.keyboard.type("nd")
    expect(page.get_by_role("option", name="Die Wand 5")).to_be_visible()
    for route in held:
        with page.expect_response(partial(_answers, route)) as older:
            route.continue_()
        older.value.finished()
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))")
    expect(page.get_by_role("option", name="The Waves 1")).to_have_count(0)


def _answers(route: Route, response: Response) -> bool:
    return response.request == route.request


def test_an_action_from_the_palette_brings_its_dialogs(page: Page, desk: Served) -> None:
    page.goto("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("strike")
    expect(page.get_by_role("option", selected=True)).to_have_text("Strike off the first")
    page.keyboard.press("Enter")
    page.get_by_role("alertdialog").get_by_role("button", name="Strike off").click()
    expect(page.locator(".toast")).to_have_text("Struck off")
    assert desk.library.lost == {1}


def test_with_nothing_typed_it_shows_what_the_apps_suggest_in_groups_at_once(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option", name="Today")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    hold(page, "**/api/palette")
    page.get_by_role("button", name="Search or run a command").click()
    assert page.get_by_role("group", name="Go to").get_by_role("option").count() == 2
    expect(page.get_by_role("option", selected=True)).to_contain_text("Books")
    expect(page.locator(".palette-foot")).to_contain_text("new window")
    page.unroute_all()


def test_what_is_typed_before_the_palette_is_loaded_counts(page: Page) -> None:
    held = hold(page, "**/palette.js")
    page.goto("/")
    expect(page.get_by_role("button", name="Library")).to_be_visible()
    page.keyboard.press("Control+k")
    page.keyboard.type("tod")
    expect(page.get_by_role("combobox")).to_have_value("tod")
    for route in held:
        route.continue_()
    expect(page.get_by_role("option", selected=True)).to_contain_text("Today")


@pytest.mark.parametrize(("partial", "said"), [(True, "Some sources did not answer."), (False, "Nothing found.")])
def test_nothing_is_said_to_be_found_only_where_all_have_answered(page: Page, partial: bool, said: str) -> None:
    answer = {"kind": "palette", "items": [], "partial": partial}
    page.goto("/")
    page.route("**/api/palette", lambda route: route.fulfill(json=answer))
    page.keyboard.press("Control+k")
    page.keyboard.type("x")
    expect(page.locator(".palette-note")).to_have_text(said)
