"""What happens by itself: events, a server that restarts, another tab."""

# ruff: noqa: RUF001 - pages are written with real dashes

import gc

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from omnicart_plugin import webos
from tests.desktop.library import Library
from tests.desktop.served import Served, serving

pytestmark = pytest.mark.browser


def test_an_event_repaints_in_place_and_keeps_focus_scroll_and_selection(page: Page, desk: Served) -> None:
    page.set_viewport_size({"width": 1200, "height": 520})
    page.goto("/?app=library&panel=books")
    link = page.get_by_role("link", name="Ficciones 13", exact=True)
    link.focus()
    page.evaluate("""() => {
        document.querySelector(".panel").scrollTop = 333;
        getSelection().selectAllChildren(document.querySelector("[data-key='14'] td"));
    }""")
    desk.library.lost.add(12)
    desk.emit("books")
    expect(page.locator("[data-key='12']").get_by_text("Lost")).to_be_visible()
    expect(link).to_be_focused()
    assert page.evaluate("document.querySelector('.panel').scrollTop") == 333
    assert page.evaluate("getSelection().toString()").strip() == "<script>alert(1)</script> 14"


def test_what_stands_in_a_search_field_survives_a_repaint(page: Page, desk: Served) -> None:
    page.goto("/?app=library&panel=books")
    search = page.get_by_role("searchbox", name="Title")
    search.press_sequentially("sol")
    expect(page.get_by_role("cell", name="Solaris 3", exact=True)).to_be_visible()
    search.press_sequentially("ar")
    with page.expect_response("**/api/panel"):
        desk.emit("books")
    expect(search).to_have_value("solar")
    expect(search).to_be_focused()


# A connection that asyncio accepts just as its server ends stays open until it is collected, or the process ends.
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_a_restart_is_a_quiet_banner_and_then_the_same_screen(
    chromium_context: BrowserContext, library: Library
) -> None:
    page = chromium_context.new_page()
    with serving(library) as first:
        port = first.port
        page.goto(first.address)
        page.goto(f"{first.url}/?app=library&panel=books&offset=20")
        expect(page.get_by_text("21–40 of 93")).to_be_visible()
    gc.collect()
    expect(page.get_by_text("Connection lost")).to_be_visible()
    expect(page.get_by_text("21–40 of 93")).to_be_visible()
    library.lost.add(22)
    with serving(library, port=port):
        expect(page.get_by_text("Connection lost")).to_be_hidden(timeout=15_000)
        expect(page.locator("[data-key='22']").get_by_text("Lost")).to_be_visible()
        expect(page.get_by_text("21–40 of 93")).to_be_visible()
        page.goto("about:blank")


def test_two_tabs_agree(context: BrowserContext) -> None:
    one, two = context.new_page(), context.new_page()
    for page in (one, two):
        page.goto("/?app=library&panel=card")
        expect(page.get_by_role("definition").get_by_text("East wing")).to_be_visible()
    one.locator(".panel").get_by_role("button", name="Rename").click()
    one.get_by_label("Name", exact=True).fill("North wing")
    one.keyboard.press("Enter")
    for page in (one, two):
        expect(page.get_by_role("definition").get_by_text("North wing")).to_be_visible()
    expect(one.get_by_role("button", name="North wing")).to_be_visible()


def test_refresh_asks_past_every_memory(page: Page, desk: Served) -> None:
    page.goto("/?app=library&panel=books")
    expect(page.get_by_text("2 min ago")).to_be_visible()
    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_text("2 min ago")).to_be_visible()
    page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")
    asked = desk.library.asked
    assert any(isinstance(one, webos.HostEvent) and one.name == "refresh" and one.panels == ["books"] for one in asked)
    assert any(isinstance(one, webos.PanelRequest) and one.fresh for one in asked)


def test_open_panels_are_named_in_the_timer(page: Page, desk: Served) -> None:
    page.clock.install()
    page.goto("/?app=library&account=east&panel=books")
    expect(page.get_by_role("heading", name="Books")).to_be_visible()
    with page.expect_response("**/api/event"):
        page.clock.run_for(5100)
    timers = [one for one in desk.library.asked if isinstance(one, webos.HostEvent)]
    assert (timers[0].name, timers[0].account_id, timers[0].panels) == ("timer", "east", ["books"])


def test_a_machine_that_slept_asks_anew_when_it_wakes(page: Page, desk: Served) -> None:
    page.clock.install()
    page.goto("/?app=library&account=east&panel=books")
    expect(page.get_by_role("heading", name="Books")).to_be_visible()
    page.clock.run_for(5100)
    desk.library.lost.add(3)
    with page.expect_response("**/api/panel"):
        page.clock.fast_forward("02:00")
    expect(page.locator("[data-key='3']").get_by_text("Lost")).to_be_visible()


def test_a_network_that_drops_keeps_what_is_shown_and_comes_back_to_it(page: Page, context: BrowserContext) -> None:
    page.goto("/?app=library&account=east&panel=books&offset=20")
    expect(page.get_by_text("21–40 of 93")).to_be_visible()
    context.set_offline(offline=True)
    page.get_by_role("button", name="Next page").click()
    expect(page.get_by_text("Connection lost")).to_be_visible()
    expect(page.get_by_role("link", name="Solaris 24", exact=True)).to_be_visible()
    context.set_offline(offline=False)
    expect(page.get_by_text("Connection lost")).to_be_hidden(timeout=15_000)
    expect(page.get_by_text("41–60 of 93")).to_be_visible()


def test_a_network_that_drops_before_all_has_come_is_told_too(page: Page, context: BrowserContext) -> None:
    def cut(route: Route) -> None:
        context.set_offline(offline=True)
        route.abort()

    page.route("**/live.js", cut)
    page.goto("/?app=library&account=east&panel=books&offset=20")
    expect(page.get_by_text("Connection lost")).to_be_visible()
    expect(page.get_by_role("link", name="Solaris 24", exact=True)).to_be_visible()
    page.unroute("**/live.js")
    context.set_offline(offline=False)
    expect(page.get_by_text("Connection lost")).to_be_hidden(timeout=15_000)
    expect(page.get_by_text("21–40 of 93")).to_be_visible()
