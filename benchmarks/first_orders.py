"""The first orders on the screen of a browser that has just been started: the desktop's, and the dashboard's."""

import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from anyio import to_thread
from playwright.sync_api import StorageState

from benchmarks.bench import Bench
from benchmarks.measure import Figure, in_turn, ratio
from benchmarks.rows import NotMeasuredError, Reach, row
from tests.conftest import CHROMIUM
from tests.desktop.conftest import launched
from tests.desktop.program import running_desktop
from tests.medusa_lab import Medusa, admin

_PAIRS = 11
_WARM = 40
"""Lists of orders that each server has answered before: one that has just started is slow, whoever asks."""
_SETTLED_MS = 1000
"""A browser is up before somebody can choose a bookmark."""
_SHOWN = """
    new MutationObserver((_, seen) => {
        if (!/#\\d/.test(document.querySelector("tbody")?.textContent)) return;
        seen.disconnect();
        requestAnimationFrame(() => setTimeout(() => console.info("shown", performance.now())));
    }).observe(document, { childList: true, subtree: true, characterData: true });
"""
"""Tells how long it took from the start of the navigation until a table with an order's number was painted.

It tells by itself: who asked for it in every frame would make the browser draw each.
"""


@dataclass(frozen=True)
class _Bookmark:
    """A list of orders that a browser can open again, and how it is signed in there."""

    url: str
    state: StorageState
    forgets: Mapping[str, Any] | None = None
    """What the page's server is told, so that it remembers no order."""


@row(
    "first-orders",
    "the first orders on the screen, a browser just started, 60 orders",
    "Medusa's own admin in the same browser on the same store",
    time=Reach(0.25),
)
async def first_orders(bench: Bench) -> Mapping[str, Figure]:
    if not any(map(shutil.which, CHROMIUM)):
        raise NotMeasuredError("there is no Chromium on this machine")
    store = bench.store(None)
    with (
        tempfile.TemporaryDirectory(prefix="omnicart-bench-") as folder,
        running_desktop(Path(folder)) as address,
        admin(store) as dashboard,
    ):
        ours = await to_thread.run_sync(_desktop, address, store.medusa())
        theirs = await to_thread.run_sync(_dashboard, dashboard, store.medusa())
        for url in (store.medusa().url, dashboard.removesuffix("/app")):
            await to_thread.run_sync(_warm, replace(store.medusa(), url=url))
        return {"time": ratio(*await in_turn(_opening(ours), _opening(theirs), _PAIRS))}


def _warm(medusa: Medusa) -> None:
    with medusa:
        for _ in range(_WARM):
            medusa.api("GET", "/admin/orders?limit=20&order=-created_at&fields=id,display_id,total")


def _opening(bookmark: _Bookmark) -> Any:
    return partial(to_thread.run_sync, _open, bookmark)


def _open(bookmark: _Bookmark) -> float:
    with launched() as browser:
        context = browser.new_context(storage_state=bookmark.state)
        address = urlsplit(bookmark.url)
        if bookmark.forgets:
            origin = f"{address.scheme}://{address.netloc}"
            answer = context.request.post(f"{origin}/api/event", data=bookmark.forgets, headers={"Origin": origin})
            if not answer.ok:
                raise NotMeasuredError(f"the desktop answered {answer.status}")
        page = context.new_page()
        page.add_init_script(_SHOWN)
        page.wait_for_timeout(_SETTLED_MS)
        with page.expect_console_message(lambda line: line.text.startswith("shown")) as told:
            page.goto(bookmark.url, wait_until="commit")
        return float(told.value.text.split()[1]) / 1000


def _desktop(address: str, medusa: Medusa) -> _Bookmark:
    with launched() as browser:
        page = browser.new_page()
        page.goto(address)
        page.get_by_role("button", name="OmniCart").first.click()
        page.locator("[name=base_url]").fill(medusa.url)
        page.locator("[name=email]").fill(medusa.email)
        page.locator("[name=password]").fill(medusa.password)
        page.get_by_role("button", name="Connect OmniCart").click()
        page.get_by_role("link", name="Orders", exact=True).click()
        page.wait_for_url(re.compile("panel=orders"))
        [account] = re.findall(r"account=(\w+)", page.url)
        event = {"name": "refresh", "account_id": account, "panels": []}
        return _Bookmark(page.url, page.context.storage_state(), event)


def _dashboard(address: str, medusa: Medusa) -> _Bookmark:
    with launched() as browser:
        page = browser.new_page()
        page.goto(f"{address}/login")
        page.locator("[name=email]").fill(medusa.email)
        page.locator("[name=password]").fill(medusa.password)
        page.locator("[type=submit]").click()
        page.wait_for_url(re.compile("/app/orders"))
        return _Bookmark(f"{address}/orders", page.context.storage_state())
