"""What a panel does for who reads it: fresh when asked, steady while it loads, and close at hand."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from omnicart_plugin import webos
from tests.desktop.conftest import hold
from tests.desktop.served import Served

pytestmark = pytest.mark.browser
BOOKS = "/?app=library&account=east&panel=books"


def _asked(desk: Served) -> list[webos.PanelRequest]:
    return [asked for asked in desk.library.asked if isinstance(asked, webos.PanelRequest)]


def test_a_link_to_what_is_shown_asks_anew_and_adds_nothing_to_the_way_back(page: Page, desk: Served) -> None:
    page.goto(BOOKS)
    expect(page.get_by_role("heading", name="Books")).to_be_visible()
    before = page.evaluate("history.length")
    desk.library.asked.clear()
    with page.expect_response("**/api/event"):
        page.get_by_role("navigation", name="Sections").get_by_role("link", name="Books").click()
    page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")
    assert [request.fresh for request in _asked(desk)] == [True]
    assert page.evaluate("history.length") == before
    expect(page.get_by_role("button", name="Back", exact=True)).to_have_attribute("aria-disabled", "true")


def test_the_palette_leads_to_what_is_shown_and_so_asks_anew(page: Page, desk: Served) -> None:
    page.goto(BOOKS)
    expect(page.get_by_role("heading", name="Books")).to_be_visible()
    page.keyboard.press("Control+k")
    page.keyboard.type("boo")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Books")
    with page.expect_response("**/api/event"):
        page.keyboard.press("Enter")
    assert any(request.fresh for request in _asked(desk))


def test_stale_data_says_so_in_words_and_in_amber(page: Page, desk: Served) -> None:
    desk.library.stale = True
    page.goto(BOOKS)
    fresh = page.locator(".fresh")
    expect(fresh).to_contain_text("Out of date:")
    expect(fresh).to_contain_text("2 min ago")
    amber = page.evaluate("""() => {
        const probe = Object.assign(document.createElement("i"), { className: "notice" });
        probe.dataset.tone = "warning";
        document.body.append(probe);
        return getComputedStyle(probe).color;
    }""")
    expect(fresh).to_have_css("color", amber)


def test_bones_stand_where_the_same_panel_had_its_nodes_and_nothing_covers_what_is_there(page: Page) -> None:
    page.goto(BOOKS)
    page.get_by_role("link", name="The Waves 1", exact=True).click()
    expect(page.get_by_role("heading", name="The Waves 1")).to_be_visible()
    shape = page.evaluate(_SHAPE)
    page.go_back()
    expect(page.get_by_role("heading", name="Books")).to_be_visible()
    held = hold(page, "**/api/panel")
    page.get_by_role("link", name="Solaris 3", exact=True).click()
    expect(page.locator(".bone").first).to_be_visible()
    assert page.evaluate(_SHAPE) == shape
    for route in held:
        route.continue_()
    expect(page.get_by_role("heading", name="Solaris 3")).to_be_visible()
    page.get_by_role("button", name="Refresh").click()
    expect(page.locator(".panel")).to_have_attribute("aria-busy", "true")
    expect(page.get_by_role("heading", name="Solaris 3")).to_be_visible()
    assert page.locator(".panel .bone").count() == 0


_SHAPE = """() => [...document.querySelectorAll(".column")].map((column) => [...column.children].map((child) =>
    child.dataset.kind ?? child.className.replace("bone of-", "")))"""


def test_heads_stay_in_sight_while_rows_scroll(page: Page) -> None:
    page.set_viewport_size({"width": 1200, "height": 620})
    page.goto(BOOKS)
    expect(page.get_by_role("link", name="The Waves 1", exact=True)).to_be_visible()
    page.get_by_role("button", name="Next page").scroll_into_view_if_needed()
    expect(page.get_by_role("columnheader", name="Title")).to_be_in_viewport()
    expect(page.get_by_role("link", name="The Waves 1", exact=True)).not_to_be_in_viewport()
    expect(page.get_by_role("columnheader", name="Late fee")).to_have_css("text-align", "end")


def test_numbers_that_people_carry_elsewhere_have_a_button_that_copies_them(
    page: Page, context: BrowserContext
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/?app=library&account=east&panel=book&item=3")
    row = page.get_by_role("row", name="LIB-0-00003")
    row.hover()
    row.get_by_role("button", name="Copy LIB-0-00003").click()
    expect(page.locator("#announcer")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "LIB-0-00003"


def test_pictures_come_when_they_are_near_and_a_lost_one_leaves_a_placeholder(page: Page) -> None:
    page.goto("/?app=library&account=east&panel=kinds")
    pictures = page.locator("img")
    expect(pictures.first).to_be_attached()
    assert {picture.get_attribute("loading") for picture in pictures.all()} == {"lazy"}
    assert {picture.get_attribute("referrerpolicy") for picture in pictures.all()} == {"no-referrer"}
    expect(page.locator(".picture:has-text('Lost') svg")).to_be_attached()
    expect(page.get_by_role("row", name="Middlemarch").locator(".thumb svg")).to_be_attached()


def test_a_table_without_columns_is_a_choice_that_the_panel_follows(page: Page, desk: Served) -> None:
    page.goto("/?app=library&account=east&panel=kinds")
    choice = page.locator("[data-kind=table].bare")
    expect(choice.get_by_role("radio", name="30 days")).to_be_checked()
    expect(choice.get_by_role("table")).to_have_count(0)
    with page.expect_response("**/api/panel"):
        choice.get_by_role("radio", name="7 days").check()
    assert _asked(desk)[-1].filters == {"period": "7d"}


def test_many_actions_of_a_row_wait_behind_one_button_with_their_reasons(page: Page, desk: Served) -> None:
    page.goto("/?app=library&account=east&panel=kinds")
    owner = page.get_by_role("button", name="Actions: Middlemarch")
    owner.press("Enter")
    menu = page.get_by_role("group", name="Actions: Middlemarch")
    expect(menu.get_by_role("button")).to_have_text(["Lend", "Bind", "Discard"])
    page.keyboard.press("ArrowDown")
    expect(menu.get_by_role("button", name="Bind")).to_be_focused()
    expect(page.locator("#tip")).to_have_text("The binder is closed until Monday")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_have_text("Done")
    assert [asked.action for asked in desk.library.asked if isinstance(asked, webos.ActionCall)] == ["book.discard"]


def test_an_empty_table_says_what_to_do_next(page: Page) -> None:
    page.goto(BOOKS + "&q=nothing+like+it")
    expect(page.get_by_text("No book is called that")).to_be_visible()
    expect(page.get_by_text("Try a shorter word.")).to_be_visible()
    page.get_by_role("searchbox", name="Title").fill("")
    expect(page.get_by_text("1–20 of 93")).to_be_visible()  # noqa: RUF001 - pages are written with real dashes


def test_a_time_says_all_of_itself_to_who_points_at_it(page: Page) -> None:
    page.goto(BOOKS)
    shown = page.locator("tbody time").first
    expect(shown).not_to_have_attribute("title", re.compile("."))
    shown.hover()
    expect(shown).to_have_attribute("title", re.compile(r"^\w+day,? .* 2026 at [\d:]{8} CES?T \(\d+ .* ago\)$"))
