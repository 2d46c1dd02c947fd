"""Who works with keys alone is where they were after every step, and what is shown is what counts."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.desktop.conftest import hold
from tests.desktop.served import Served

pytestmark = pytest.mark.browser
BOOKS = "/?app=library&account=east&panel=books"


def panel(page: Page) -> Locator:
    return page.locator(".frame.active .panel")


def section(page: Page, name: str) -> Locator:
    return page.get_by_role("navigation", name="Sections").get_by_role("link", name=name)


def test_a_section_keeps_the_focus_when_it_is_chosen(page: Page) -> None:
    page.goto("/?app=library&account=east")
    section(page, "Books").press("Enter")
    expect(page.get_by_role("heading", name="Books")).to_be_visible()
    expect(section(page, "Books")).to_be_focused()


def test_refresh_and_back_keep_the_focus(page: Page) -> None:
    page.goto(BOOKS)
    page.get_by_role("link", name="The Waves 1", exact=True).click()
    expect(page.get_by_role("heading", name="The Waves 1")).to_be_visible()
    back, refresh = (page.get_by_role("button", name=name, exact=True) for name in ("Back", "Refresh"))
    back.press("Enter")
    expect(page.get_by_role("heading", name="Books")).to_be_visible()
    expect(back).to_be_focused()
    with page.expect_response("**/api/launch"):
        refresh.press("Enter")
    expect(refresh).to_be_focused()


def test_a_link_whose_panel_takes_long_leaves_the_focus_in_the_panel(page: Page) -> None:
    page.goto(BOOKS)
    expect(page.get_by_role("heading", name="Books")).to_be_visible()
    held = hold(page, "**/api/panel")
    page.get_by_role("link", name="The Waves 1", exact=True).press("Enter")
    expect(page.locator(".bone").first).to_be_visible()
    expect(panel(page)).to_be_focused()
    for route in [*held]:
        route.continue_()
    expect(page.get_by_role("heading", name="The Waves 1")).to_be_visible()
    expect(panel(page)).to_be_focused()


def test_trying_again_leaves_the_focus_in_the_panel(page: Page) -> None:
    page.goto("/?app=library&account=east&panel=nothing")
    with page.expect_response("**/api/panel"):
        page.get_by_role("button", name="Try again").press("Enter")
    expect(panel(page)).to_be_focused()


@pytest.mark.parametrize("how", ["Close", "Minimise"])
def test_the_focus_goes_to_the_window_below_and_then_to_the_dock(page: Page, how: str) -> None:
    page.goto(BOOKS)
    page.get_by_role("link", name="The Waves 1", exact=True).click(modifiers=["Shift"])
    expect(page.get_by_role("heading", name="The Waves 1")).to_be_visible()
    for _ in range(2):
        page.locator(".frame.active").get_by_role("button", name=how, exact=True).press("Enter")
        if page.locator(".frame:not([hidden])").count():
            expect(panel(page)).to_be_focused()
    expect(page.get_by_role("button", name="Launcher")).to_be_focused()


def test_the_theme_button_keeps_the_focus(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Theme: system").press("Enter")
    expect(page.get_by_role("button", name="Theme: light")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Theme: dark")).to_be_focused()


def test_a_filter_that_was_left_before_its_answer_is_not_shown_as_chosen(page: Page) -> None:
    page.goto(BOOKS)
    everything, here = (page.get_by_role("radio", name=name) for name in ("All", "On the shelf"))
    expect(everything).to_be_checked()
    held = hold(page, "**/api/panel")
    here.check(force=True)
    page.go_back()
    page.wait_for_function("() => !location.search.includes('f.state')")
    for route in [*held]:
        route.continue_()
    page.unroute("**/api/panel")
    page.get_by_role("button", name="Refresh").click()
    expect(everything).to_be_checked()


def test_a_search_that_waits_does_not_reach_another_panel(page: Page) -> None:
    page.goto(BOOKS)
    page.get_by_role("searchbox", name="Title").press_sequentially("wav")
    section(page, "Today").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    page.wait_for_timeout(300)  # longer than a search waits for the next letter
    assert "q=" not in page.url


def test_what_is_said_in_a_dialog_can_be_heard(page: Page) -> None:
    page.goto("/")
    page.evaluate(
        """async () => {
            (await import("/static/js/overlay.js")).openDialog({ title: "Choose" });
            (await import("/static/js/dom.js")).announce("3 chosen");
        }"""
    )
    expect(page.get_by_role("dialog", name="Choose").locator("[aria-live]")).to_have_text("3 chosen")
    expect(page.locator("#announcer")).to_be_empty()


def test_a_new_window_has_the_focus_and_stays_in_front_when_the_one_behind_it_is_drawn_anew(
    page: Page, desk: Served
) -> None:
    page.goto(BOOKS)
    page.get_by_role("link", name="Ficciones 13", exact=True).press("Shift+Enter")
    expect(page.locator(".frame.active").get_by_role("heading", name="Ficciones 13")).to_be_visible()
    desk.library.lost.add(13)
    desk.emit("books")
    expect(page.locator(".frame").first.locator("[data-key='13']").get_by_text("Lost")).to_be_attached()
    expect(page.locator(".frame").last).to_have_class("frame active")
    expect(panel(page)).to_be_focused()


def test_the_way_back_into_another_window_takes_the_focus_along(page: Page) -> None:
    page.goto(BOOKS)
    section(page, "House").press("Shift+Enter")
    expect(page.locator(".frame.active").get_by_role("heading", name="House").first).to_be_visible()
    page.get_by_role("button", name="Library: Books").click()
    section(page, "Today").first.press("Enter")
    expect(page.locator(".frame.active").get_by_role("heading", name="Today")).to_be_visible()
    page.get_by_role("button", name="Library: House").click()
    expect(panel(page)).to_be_focused()
    page.go_back()
    expect(page.locator(".frame.active").get_by_role("heading", name="Books")).to_be_visible()
    assert page.locator(".frame.active").evaluate("frame => frame.contains(document.activeElement)")
