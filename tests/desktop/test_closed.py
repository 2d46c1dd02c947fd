"""The pages before the desktop, as a browser sends, keeps and shows them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.desktop.conftest import serious_faults, sign_in
from tests.desktop.library import Library
from tests.desktop.served import Served, serving

pytestmark = pytest.mark.browser
DEEP = "/?app=library&account=east&panel=books&q=a&sort=-title&f.state=in&offset=20"
ELSEWHERE = "http://chat.example/"


@pytest.fixture
def locked(library: Library) -> Iterator[Served]:
    with serving(library, password="open sesame") as served:
        yield served


@pytest.fixture
def stranger(chromium_context: BrowserContext) -> Iterator[Page]:
    """Not signed in anywhere; what the pages' policy refuses fails the test."""
    page = chromium_context.new_page()
    refused: list[str] = []
    page.on("console", lambda line: refused.append(line.text) if "Content Security Policy" in line.text else None)
    yield page
    assert refused == []


def type_password(page: Page, password: str) -> None:
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def follow_a_link_from_elsewhere(page: Page, address: str) -> None:
    """As from a chat or a mail read in the browser: a strict cookie does not go along."""
    page.route(ELSEWHERE, lambda route: route.fulfill(content_type="text/html", body=f'<a href="{address}">See</a>'))
    page.goto(ELSEWHERE)
    page.get_by_role("link", name="See").click()


def test_the_right_password_opens_the_launcher(stranger: Page, locked: Served) -> None:
    stranger.goto(locked.url)
    expect(stranger.get_by_label("Password")).to_be_focused()
    type_password(stranger, "open sesame")
    expect(stranger.get_by_role("button", name="Library")).to_be_visible()
    expect(stranger).to_have_url(f"{locked.url}/")


def test_a_shared_address_outlives_the_sign_in(stranger: Page, locked: Served) -> None:
    follow_a_link_from_elsewhere(stranger, locked.url + DEEP)
    type_password(stranger, "sesame")
    type_password(stranger, "open sesame")
    expect(stranger.get_by_text("21–40 of", exact=False)).to_be_visible()  # noqa: RUF001 - a real dash
    expect(stranger).to_have_url(locked.url + DEEP)


def test_a_wrong_password_is_told_and_can_be_typed_anew(stranger: Page, locked: Served) -> None:
    stranger.goto(locked.url)
    expect(stranger.get_by_role("alert")).to_have_count(0)
    type_password(stranger, "sesame")
    field = stranger.get_by_label("Password")
    expect(stranger.get_by_role("alert")).to_have_text("That password is wrong. Please try again.")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("That password is wrong. Please try again.")
    expect(field).to_be_focused()
    expect(field).to_be_empty()
    expect(stranger).to_have_title("Desktop: wrong password")
    type_password(stranger, "open sesame")
    expect(stranger.get_by_role("button", name="Library")).to_be_visible()


@pytest.mark.parametrize("password", ["open sesame", None])
def test_a_link_from_elsewhere_asks_who_is_in_for_one_click(
    stranger: Page, library: Library, password: str | None
) -> None:
    with serving(library, password=password) as desk:
        sign_in(stranger.context, desk)
        follow_a_link_from_elsewhere(stranger, desk.url + DEEP)
        stranger.get_by_role("link", name="Continue").click()
        expect(stranger.get_by_text("21–40 of", exact=False)).to_be_visible()  # noqa: RUF001 - a real dash
        expect(stranger).to_have_url(desk.url + DEEP)


def test_axe_finds_nothing_serious_before_the_desktop(stranger: Page, locked: Served, axe: str) -> None:
    stranger.goto(locked.url)
    assert serious_faults(stranger, axe) == []
    type_password(stranger, "sesame")
    expect(stranger.get_by_role("alert")).to_be_visible()
    assert serious_faults(stranger, axe) == []
