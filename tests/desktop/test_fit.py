"""Long names, few pixels and other people's fingers: what is shown stays in sight, in line and in reach."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, Route, expect

from tests.desktop import library
from tests.desktop.conftest import hold, sign_in
from tests.desktop.served import Served

pytestmark = pytest.mark.browser
BOOKS = "/?app=library&account=east&panel=books"


def right(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["x"] + box["width"]


def change_tables(page: Page, change: Callable[[dict[str, Any]], object]) -> None:
    """In every panel that comes from now on."""

    def answer(route: Route) -> None:
        panel = route.fetch().json()
        for node in panel["body"]:
            if node["kind"] == "table":
                change(node)
        route.fulfill(json=panel)

    page.route("**/api/panel", answer)


@pytest.fixture
def telephone(chromium: Browser, desk: Served) -> Iterator[Page]:
    context = chromium.new_context(
        base_url=desk.url, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    sign_in(context, desk)
    yield context.new_page()
    context.close()


def test_a_word_without_end_leaves_the_other_columns_in_sight(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "NAMES", ("x" * 500,))
    page.goto(BOOKS)
    expect(page.get_by_role("columnheader", name="Late fee")).to_be_in_viewport(ratio=1)
    since = page.locator("td time").first.bounding_box()
    assert since is not None
    assert since["height"] < 30  # in one line


def test_a_column_of_pictures_without_one_shows_places_for_them(page: Page) -> None:
    change_tables(page, lambda table: [row["cells"].update(cover=None) for row in table["rows"]])
    page.goto("/?app=library&account=east&panel=today")
    expect(page.locator("tbody .thumb svg").first).to_be_attached()
    assert page.locator("td:first-child .nothing").count() == 0


def test_the_button_that_copies_is_within_its_card_on_a_telephone(telephone: Page) -> None:
    change_tables(telephone, lambda table: table["columns"].reverse())
    telephone.goto("/?app=library&account=east&panel=book&item=3")
    copy = telephone.get_by_role("button", name="Copy LIB-0-00003")
    expect(copy).to_be_visible()
    assert right(copy) <= right(telephone.locator(".card.table").first)


def test_a_row_that_is_pointed_at_is_tinted_as_a_whole(telephone: Page) -> None:
    telephone.goto(BOOKS)
    row = telephone.locator("tbody tr").first
    row.hover()
    cells = row.locator("td").evaluate_all("all => all.map((one) => getComputedStyle(one).backgroundColor)")
    assert set(cells) == {"rgba(0, 0, 0, 0)"}
    expect(row).not_to_have_css("background-color", "rgba(0, 0, 0, 0)")


def test_the_menu_of_an_app_marks_where_one_is(page: Page) -> None:
    page.goto("/?app=library&account=east&panel=join")
    expect(page.get_by_role("link", name="Add a library")).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="Books").click()
    expect(page.get_by_role("link", name="Add a library")).not_to_have_attribute("aria-current", "page")


def test_a_section_is_marked_and_named_as_soon_as_it_is_chosen(page: Page) -> None:
    page.goto("/?app=library&account=east&panel=book&item=3")
    expect(page.get_by_role("heading", name="Solaris 3")).to_be_visible()
    held = hold(page, "**/api/panel")
    page.get_by_role("link", name="House").click()
    expect(page.get_by_role("link", name="House")).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("navigation", name="Breadcrumb")).to_have_text("House")
    held[0].continue_()
    expect(page.get_by_role("heading", name="House").first).to_be_visible()


def test_many_windows_all_keep_their_buttons_on_the_desktop(page: Page) -> None:
    page.goto(BOOKS)
    for _ in range(8):
        page.locator(".frame.active").get_by_role("link", name="House").click(modifiers=["Shift"])
        expect(page.locator(".frame.active").get_by_role("heading", name="House").first).to_be_visible()
        expect(page.locator(".frame.active").get_by_role("button", name="Close")).to_be_in_viewport(ratio=1)
    assert page.locator(".frame").count() == 9
    bottoms = page.locator(".frame").evaluate_all("all => all.map((one) => one.getBoundingClientRect().bottom)")
    assert max(bottoms) <= page.evaluate("document.getElementById('desk').getBoundingClientRect().bottom")


def test_after_a_reload_the_window_in_front_asks_first(page: Page) -> None:
    page.goto(BOOKS)
    for name in ("Today", "House"):
        page.locator(".frame.active").get_by_role("link", name=name).click(modifiers=["Shift"])
        expect(page.locator(".frame.active").get_by_role("heading", name=name).first).to_be_visible()
    sent: list[Request] = []

    def note(request: Request) -> None:
        sent.append(request)

    page.on("request", note)
    page.reload()
    for name in ("Books", "Today", "House"):
        expect(page.locator(".frame").get_by_role("heading", name=name, exact=True).first).to_be_attached()
    asked = [(request.post_data_json or {})["panel"] for request in sent if request.url.endswith("/panel")]
    assert asked[0] == "card"
    assert {*asked} == {"card", "books", "today"}


def test_what_stands_beside_an_item_ends_at_the_edge_in_any_script(page: Page) -> None:
    item = {"app_id": "library", "title": "Order", "icon": None, "group": "", "link": None, "action": None}
    items: list[dict[str, Any]] = [
        {**item, "id": said, "score": 1, "matches": [], "subtitle": said} for said in ("Ada", "دار")
    ]
    page.route(
        "**/api/palette", lambda route: route.fulfill(json={"kind": "palette", "items": items, "partial": False})
    )
    page.goto("/")
    page.keyboard.press("Control+k")
    beside = page.locator(".palette-subtitle")
    expect(beside).to_have_count(2)
    ends = beside.evaluate_all(
        """all => all.map((one) => {
            const words = document.createRange();
            words.selectNodeContents(one);
            return Math.round(words.getBoundingClientRect().right);
        })"""
    )
    assert ends[0] == ends[1]


def test_what_is_chosen_is_seen_in_a_persons_own_colours(chromium: Browser, desk: Served) -> None:
    context = chromium.new_context(base_url=desk.url, forced_colors="active")
    sign_in(context, desk)
    page = context.new_page()
    page.goto("/?app=library&account=east&panel=join")
    tabs = page.get_by_role("tab")
    expect(tabs.first).to_have_css("outline-style", "solid")
    expect(tabs.last).to_have_css("outline-style", "none")
    page.goto(BOOKS)
    expect(page.locator(".pills label").first).to_have_css("outline-style", "solid")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option").first).to_have_css("outline-style", "solid")
    expect(page.get_by_role("option").last).to_have_css("outline-style", "none")
    context.close()


def test_what_is_picked_from_is_shown_by_name_and_not_by_date(page: Page) -> None:
    page.goto("/?app=library&panel=join")
    expect(page.locator(".picks label").first).to_contain_text("The Waves 1")
    assert page.locator(".picks time").count() == 0


def test_a_finger_drags_a_window(chromium: Browser, desk: Served) -> None:
    context = chromium.new_context(base_url=desk.url, viewport={"width": 1180, "height": 820}, has_touch=True)
    sign_in(context, desk)
    page = context.new_page()
    page.goto("/?app=library&account=east&panel=today")
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    before = page.locator(".frame").bounding_box()
    _draw(context, page, (500, 43), (440, 103))
    after = page.locator(".frame").bounding_box()
    assert before is not None
    assert after is not None
    assert (after["x"] - before["x"], after["y"] - before["y"]) == (-60, 60)
    context.close()


def _draw(context: BrowserContext, page: Page, start: tuple[int, int], end: tuple[int, int]) -> None:
    """As a finger does: down, along, up."""
    hand = context.new_cdp_session(page)
    path = [
        (start[0] + (end[0] - start[0]) * step / 10, start[1] + (end[1] - start[1]) * step / 10) for step in range(11)
    ]
    for step, (x, y) in enumerate(path):
        kind = "touchMove" if step else "touchStart"
        hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
