"""The line on which a page hears the host: one for the tab in sight, and none that nobody closes."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.desktop.conftest import hold
from tests.desktop.served import Served

pytestmark = pytest.mark.browser
BOOKS = "/?app=library&account=east&panel=books"
LINES = """
    window.lines = [];
    window.EventSource = class extends EventSource {
        constructor(url) { super(url); lines.push(this); }
    };
"""
ONE_IS_UP = "() => lines.at(-1)?.readyState === EventSource.OPEN"
HELD = "lines.filter(({ readyState }) => readyState !== EventSource.CLOSED).length"
TABS = 8  # a browser opens six connections to one origin, of all tabs together


def turn(page: Page, *, away: bool) -> None:
    """As when another tab is chosen, which a browser without a screen never tells of."""
    page.evaluate(
        """(away) => {
            Object.defineProperty(document, "hidden", { value: away, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        away,
    )


@pytest.fixture
def lined(page: Page) -> Page:
    """A page whose lines can be counted, by a clock of the test's own."""
    page.add_init_script(LINES)
    page.clock.install()
    page.goto(BOOKS)
    page.wait_for_function(ONE_IS_UP)
    return page


def break_line(page: Page) -> None:
    page.evaluate("lines.at(-1).dispatchEvent(new Event('error'))")
    with page.expect_request("**/api/apps"):
        page.clock.run_for(600)


def test_any_number_of_tabs_is_open_at_once(context: BrowserContext) -> None:
    for _ in range(TABS):
        page = context.new_page()
        page.add_init_script(LINES)
        page.goto(BOOKS)
        expect(page.get_by_role("link", name="The Waves 1", exact=True)).to_be_visible()
        page.wait_for_function(ONE_IS_UP)
        turn(page, away=True)


def test_a_tab_that_is_seen_again_takes_up_what_it_missed_without_a_word(lined: Page, desk: Served) -> None:
    turn(lined, away=True)
    assert lined.evaluate(HELD) == 0
    lined.evaluate("""() => new MutationObserver(([{ target }]) => (window.told ||= !target.hidden))
        .observe(document.getElementById("banner"), { attributes: true })""")
    desk.library.lost.add(3)
    desk.emit("books")
    turn(lined, away=False)
    expect(lined.locator("[data-key='3']").get_by_text("Lost")).to_be_visible()
    desk.library.lost.add(4)
    desk.emit("books")
    expect(lined.locator("[data-key='4']").get_by_text("Lost")).to_be_visible()
    assert lined.evaluate(HELD) == 1
    assert not lined.evaluate("window.told")


def test_a_tab_that_opens_out_of_sight_holds_no_line_until_it_is_seen(page: Page, desk: Served) -> None:
    page.add_init_script(LINES)
    page.add_init_script("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    with page.expect_response("**/live.js"):
        page.goto(BOOKS)
    expect(page.get_by_role("link", name="The Waves 1", exact=True)).to_be_visible()
    assert page.evaluate("lines.length") == 0
    desk.library.lost.add(3)
    turn(page, away=False)
    expect(page.locator("[data-key='3']").get_by_text("Lost")).to_be_visible()
    assert page.evaluate(HELD) == 1


def test_two_reasons_to_try_again_at_once_make_one_line(lined: Page) -> None:
    held = hold(lined, "**/api/apps")
    break_line(lined)
    with lined.expect_request("**/api/apps"):
        lined.evaluate("dispatchEvent(new Event('online'))")
    for route in held:
        with lined.expect_response("**/api/apps"):
            route.continue_()
    lined.wait_for_function(ONE_IS_UP)
    assert len(held) == 2
    assert lined.evaluate(HELD) == 1


def test_a_request_that_fails_while_the_line_comes_back_makes_no_second_one(lined: Page) -> None:
    held = hold(lined, "**/api/apps")
    break_line(lined)
    lined.route("**/api/panel", lambda route: route.abort())
    lined.get_by_role("button", name="Next page").click()
    expect(lined.get_by_text("Connection lost")).to_be_visible()
    lined.unroute("**/api/panel")
    held[0].continue_()
    expect(lined.get_by_text("Connection lost")).to_be_hidden()
    lined.unroute("**/api/apps")
    lined.clock.run_for(2000)
    lined.evaluate("fetch('/api/apps').then((answer) => answer.text())")
    assert lined.evaluate(HELD) == 1
    expect(lined.get_by_text("21–40 of 93")).to_be_visible()  # noqa: RUF001 - a real dash


@pytest.mark.parametrize("first", ["panel", "launch"])
def test_a_first_request_that_fails_is_made_again(page: Page, first: str) -> None:
    page.route(f"**/api/{first}", lambda route: route.abort(), times=1)
    page.goto(BOOKS)
    expect(page.get_by_role("link", name="The Waves 1", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="East wing")).to_be_visible()
    expect(page.get_by_text("Connection lost")).to_be_hidden()
