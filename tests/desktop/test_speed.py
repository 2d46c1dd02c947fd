"""What stands between a person and the first rows: bytes, and jumps of what is drawn already."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
LIMIT = 150_000
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
    assert {"main.js", "table.css"} <= {one["name"].rpartition("/")[2] for one in entries}
    assert sum(one["transferSize"] for one in entries) < LIMIT, sorted((e["transferSize"], e["name"]) for e in entries)
