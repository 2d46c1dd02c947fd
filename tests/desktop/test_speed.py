"""What stands between a person and the first rows: bytes, and jumps of what is drawn already."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import omnicart_plugin.desktop
from omnicart_plugin import webos
from tests.desktop.served import Served

pytestmark = pytest.mark.browser
LIMIT = 150_000
STATIC = Path(omnicart_plugin.desktop.__file__).parent / "static"
FIRST_ROW = """
    new MutationObserver((_, observer) => {
        if (!document.querySelector("tbody tr")) return;
        observer.disconnect();
        window.painted = performance.now();
    }).observe(document, { childList: true, subtree: true });
"""


def test_everything_before_the_first_rows_is_under_150_kilobytes_with_headers_and_uncompressed(page: Page) -> None:
    page.add_init_script(FIRST_ROW)
    page.goto("/?app=library&panel=books")
    expect(page.get_by_role("link", name="The Waves 1", exact=True)).to_be_visible()
    entries: list[dict[str, Any]] = page.evaluate("""() => performance.getEntries()
        .filter(({ entryType, startTime }) => ["navigation", "resource"].includes(entryType) && startTime <= painted)
        .map(({ name, transferSize, encodedBodySize, decodedBodySize }) => (
            { name, transferSize, encodedBodySize, decodedBodySize }))""")
    assert all(one["encodedBodySize"] == one["decodedBodySize"] for one in entries)
    names = [one["name"].rpartition("/")[2] for one in entries[1:]]
    assert sorted({*names} - {"icon.svg"}) == ["apps", "desktop.css", "desktop.js", "launch", "panel"]
    assert sum(one["transferSize"] for one in entries) < LIMIT, sorted((e["transferSize"], e["name"]) for e in entries)


def test_the_page_works_as_well_with_its_files_one_by_one(page: Page) -> None:
    page.route("/?app=*", lambda route: route.fulfill(path=STATIC / "desktop.html", content_type="text/html"))
    page.goto("/?app=library&panel=books")
    expect(page.get_by_role("link", name="The Waves 1", exact=True)).to_be_visible()
    page.keyboard.press("ControlOrMeta+k")
    expect(page.get_by_role("combobox", name="Search apps, panels and things")).to_be_focused()


def test_an_app_is_asked_before_and_by_the_page_the_same(page: Page, desk: Served) -> None:
    for _ in range(2):  # a browser tells its time zone from the second page on
        desk.library.asked.clear()
        page.goto("/?app=library&panel=books&f.state=lent&q=waves&sort=-title&offset=20")
        expect(page.get_by_role("heading", name="Books")).to_be_visible()
    before, by_the_page = [one for one in desk.library.asked if isinstance(one, webos.PanelRequest)]
    assert before == by_the_page
