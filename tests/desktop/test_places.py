"""Where a person is stays theirs: through reloads and closed windows, and when accounts change under them."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.desktop.served import Served

pytestmark = pytest.mark.browser
WEST = "/?app=library&account=west&panel=books"


def rename(page: Page, label: str) -> None:
    page.locator(".panel").get_by_role("button", name="Rename").click()
    page.get_by_label("Name", exact=True).fill(label)
    page.keyboard.press("Enter")
    expect(page.get_by_role("definition").get_by_text(label)).to_be_visible()


def test_forward_leads_back_to_what_was_reloaded(page: Page) -> None:
    page.goto("/?app=library&account=east&panel=books")
    page.get_by_role("link", name="The Waves 1", exact=True).click()
    expect(page.get_by_role("heading", name="The Waves 1")).to_be_visible()
    page.reload()
    for _ in range(2):
        page.go_back()
        expect(page.get_by_role("heading", name="Books")).to_be_visible()
        page.go_forward()
        expect(page.get_by_role("heading", name="The Waves 1")).to_be_visible()


def test_the_way_back_into_a_closed_window_opens_it_once(page: Page) -> None:
    page.goto("/?app=library&account=east&panel=books")
    for name in ("The Waves 1", "Solaris 3"):
        page.get_by_role("link", name=name, exact=True).click()
        page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Books").click()
        expect(page.get_by_role("heading", name="Books")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    for name in ("Solaris 3", "Books", "The Waves 1", "Books"):
        page.go_back()
        expect(page.locator(".panel").get_by_role("heading", name=name)).to_be_visible()
    expect(page.locator(".frame")).to_have_count(1)


def test_a_new_name_of_an_account_is_in_every_window_and_tab(context: BrowserContext) -> None:
    one, two = context.new_page(), context.new_page()
    two.goto(WEST)
    expect(two.get_by_role("button", name="West wing")).to_be_visible()
    one.goto("/?app=library&account=east&panel=card")
    one.get_by_role("link", name="Today").click(modifiers=["Shift"])
    expect(one.get_by_role("button", name="East wing")).to_have_count(2)
    one.get_by_role("toolbar", name="Dock").get_by_role("button", name="Library: House").click()
    rename(one, "North wing")
    expect(one.get_by_role("button", name="North wing")).to_have_count(2)
    two.get_by_role("button", name="West wing").click()
    expect(two.get_by_role("button", name="North wing")).to_be_visible()


def test_who_looks_at_an_account_that_is_removed_in_another_tab_is_led_on(
    context: BrowserContext, desk: Served
) -> None:
    one, two = context.new_page(), context.new_page()
    two.goto(WEST)
    expect(two.get_by_role("button", name="West wing")).to_be_visible()
    one.goto("/?app=library&account=east&panel=card")
    desk.library.gone.add("west")
    rename(one, "North wing")
    expect(two).to_have_url(re.compile("account=east&panel=today"))


def test_an_old_link_to_an_account_that_was_removed_leads_on_to_the_others(page: Page, desk: Served) -> None:
    desk.library.gone.add("west")
    page.goto(WEST)
    expect(page.get_by_role("alert")).to_contain_text("No such library")
    expect(page.locator(".sidebar .bone")).to_have_count(0)
    page.get_by_role("button", name="Open Library").click()
    expect(page).to_have_url(re.compile("account=east&panel=today"))
    expect(page.get_by_role("button", name="East wing")).to_be_visible()


def test_trouble_while_the_screen_is_renewed_leaves_a_person_in_their_place(page: Page) -> None:
    page.goto("/?app=library&account=east&panel=card")
    expect(page.get_by_role("button", name="East wing")).to_be_visible()
    page.route("**/api/launch", lambda route: route.fulfill(status=500, body="No."), times=1)
    with page.expect_response("**/api/launch"):
        rename(page, "North wing")
    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_role("button", name="North wing")).to_be_visible()
    expect(page).to_have_url(re.compile("account=east&panel=card"))
