"""Launcher, windows and addresses, by mouse and by keyboard."""

# ruff: noqa: RUF001 - pages are written with real dashes

import re

import pytest
from playwright.sync_api import BrowserContext, FloatRect, Locator, Page, expect

from tests.desktop.served import Served

pytestmark = pytest.mark.browser
DEEP = "/?app=library&account=east&panel=books&q=a&sort=-title&f.state=in&offset=20"


def place(frame: Locator) -> FloatRect:
    """Where a window stands, once it has risen into its place."""
    frame.evaluate("(it) => Promise.allSettled(it.getAnimations().map((one) => one.finished)).then(() => null)")
    box = frame.bounding_box()
    assert box is not None
    return box


def test_the_launcher_shows_apps_by_category_and_opens_one(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("region", name="Reading").get_by_role("button", name="Library")).to_be_visible()
    page.get_by_role("button", name="Library").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    expect(page).to_have_title("Today – Library")
    expect(page).to_have_url(re.compile(r"\?app=library&account=east&panel=today$"))


def test_a_shared_address_opens_the_same_page_of_the_same_filtered_list(page: Page) -> None:
    page.goto(DEEP)
    expect(page.get_by_text("21–40 of", exact=False)).to_be_visible()
    expect(page.get_by_role("radio", name="On the shelf")).to_be_checked()
    expect(page.get_by_role("searchbox", name="Title")).to_have_value("a")
    expect(page.get_by_role("columnheader", name="Title")).to_have_attribute("aria-sort", "descending")
    expect(page).to_have_url(re.compile(re.escape(DEEP)))


def test_back_and_forward_walk_the_panels_of_the_window_and_of_the_browser(page: Page) -> None:
    page.goto("/?app=library&account=east&panel=books")
    page.get_by_role("link", name="The Waves 1", exact=True).click()
    expect(page.get_by_role("heading", name="The Waves 1")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Books")).to_be_visible()
    page.get_by_role("button", name="Forward").click()
    expect(page.get_by_role("heading", name="The Waves 1")).to_be_visible()
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Books").click()
    expect(page.get_by_role("heading", name="Books")).to_be_visible()


def test_pages_sorts_filters_and_search_reach_the_last_row(page: Page) -> None:
    page.goto("/?app=library&panel=books")
    page.get_by_role("button", name="Last page").click()
    expect(page.get_by_text("81–93 of 93")).to_be_visible()
    expect(page.get_by_role("button", name="Next page")).to_have_attribute("aria-disabled", "true")
    page.get_by_role("button", name="Sort by Title").click()
    expect(page.get_by_role("cell").first).to_have_text("<script>alert(1)</script> 14")
    page.get_by_role("searchbox", name="Title").fill("no such book")
    expect(page.get_by_text("No book is called that")).to_be_visible()
    expect(page.get_by_role("searchbox", name="Title")).to_be_focused()


def test_keys_alone_move_size_maximise_and_close_a_window(page: Page) -> None:
    page.goto("/?app=library&panel=today")
    frame = page.locator(".frame")
    grip = page.get_by_role("button", name="Move window")
    grip.focus()
    before = place(frame)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowLeft")
    after = place(frame)
    assert (after["x"] - before["x"], after["width"] - before["width"]) == (24, -24)
    page.reload()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    assert place(frame) == after
    page.get_by_role("button", name="Maximise").press("Enter")
    expect(frame).to_have_attribute("data-mode", "full")
    page.get_by_role("button", name="Close").press("Enter")
    expect(frame).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/$"))


def test_the_mouse_drags_a_window_and_the_edge_of_the_desktop_takes_it(page: Page) -> None:
    page.goto("/?app=library&panel=today")
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    page.mouse.move(500, 43)
    page.mouse.down()
    page.mouse.move(300, 300)
    page.mouse.move(1, 300)
    page.mouse.up()
    expect(page.locator(".frame")).to_have_attribute("data-mode", "left")


def test_the_mouse_sizes_a_window_and_the_next_one_opens_in_its_place(page: Page) -> None:
    page.goto("/?app=library&panel=today")
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    frame = page.locator(".frame")
    before = place(frame)
    right, bottom = before["x"] + before["width"], before["y"] + before["height"]
    page.mouse.move(right - 1, bottom - 1)
    page.mouse.down()
    page.mouse.move(right - 200, bottom - 100)
    page.mouse.up()
    after = place(frame)
    sized = (after["width"] - before["width"], after["height"] - before["height"])
    assert sized == pytest.approx((-199, -99), abs=2)
    page.locator(".crumbs").dblclick()
    expect(frame).to_have_attribute("data-mode", "full")
    page.locator(".crumbs").dblclick()
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Library").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    assert place(frame) == after


def test_windows_stack_and_the_dock_brings_them_forward(page: Page) -> None:
    page.goto("/?app=library&panel=books")
    page.get_by_role("link", name="Solaris 3", exact=True).click(modifiers=["Shift"])
    expect(page.get_by_role("heading", name="Solaris 3")).to_be_visible()
    dock = page.get_by_role("toolbar", name="Dock")
    dock.get_by_role("button", name="Library: Books").click()
    expect(page).to_have_title("Books – Library")
    dock.get_by_role("button", name="Launcher").click()
    expect(page.locator(".frame:visible")).to_have_count(0)
    page.reload()
    dock.get_by_role("button", name="Library: Solaris 3").click()
    expect(page).to_have_title("Solaris 3 – Library")


def test_on_a_telephone_the_window_is_the_screen(context: BrowserContext) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 780})
    page.goto("/?app=library&panel=books")
    box = page.locator(".frame").bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, 390)
    expect(page.get_by_role("cell", name="The Waves 1", exact=True)).to_be_visible()
    assert page.evaluate("document.querySelector('.panel').scrollWidth <= 390")
    page.get_by_role("button", name="Sections").click()
    page.get_by_role("link", name="Today").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()


def test_the_account_is_marked_and_another_is_chosen(page: Page, desk: Served) -> None:
    page.goto("/?app=library&panel=books")
    page.get_by_role("button", name="East wing").click()
    page.get_by_role("button", name="Toy library").click()
    expect(page).to_have_url(re.compile("account=toy&panel=books"))
    expect(page.locator(".account").get_by_text("Demo", exact=True).last).to_be_visible()
    asked = [request for request in desk.library.asked if getattr(request, "panel", None) == "books"]
    assert asked[-1].account_id == "toy"


def test_an_app_that_answers_a_problem_says_it_and_can_be_asked_again(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Notes").click()
    expect(page.get_by_role("heading", name="Not in your plan")).to_be_visible()
    expect(page.get_by_text("Trace abc")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Not in your plan")).to_be_visible()
