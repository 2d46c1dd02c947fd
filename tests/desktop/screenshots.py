"""Makes the pictures in docs/images anew, from the demo store: ``python -m tests.desktop.screenshots``."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from anyio.from_thread import start_blocking_portal
from playwright.sync_api import Browser, Page, expect

from omnicart_plugin.cli import BUNDLES
from omnicart_plugin.webos import LocalHost
from tests.desktop.conftest import launched
from tests.desktop.served import address_of

IMAGES = Path(__file__).parents[2] / "docs" / "images"
LARGEST = 300_000
"""Bytes of a picture: they lie in the repository."""
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        start_blocking_portal("asyncio") as portal,
        portal.wrap_async_context_manager(LocalHost(data_dir=folder)) as host,
        address_of(portal, host, bundles=BUNDLES) as address,
        launched() as browser,
    ):
        for theme in THEMES:
            _take(browser, address, theme)


def _take(browser: Browser, address: str, theme: Literal["light", "dark"]) -> None:
    context = browser.new_context(
        locale="en-GB",
        timezone_id="Europe/Berlin",
        color_scheme=theme,
        reduced_motion="reduce",
        viewport={"width": 1280, "height": 800},
    )
    page = context.new_page()
    page.goto(address)
    for name, arrive in SCREENS.items():
        arrive(page)
        page.wait_for_function("() => !document.querySelector('.bone, [aria-busy=true]')")
        page.mouse.move(1, 1)
        page.wait_for_timeout(400)
        picture = page.screenshot(path=IMAGES / f"{name}-{theme}.png")
        if len(picture) > LARGEST:
            raise SystemExit(f"{name}-{theme}.png has {len(picture):,} bytes, more than {LARGEST:,}.")
    context.close()


def _launcher(page: Page) -> None:
    expect(page.get_by_role("button", name="OmniCart")).to_be_visible()


def _connect(page: Page) -> None:
    page.get_by_role("button", name="OmniCart").first.click()
    page.get_by_role("link", name="Connect a store").click()
    expect(page.get_by_label("Store address")).to_be_visible()


def _overview(page: Page) -> None:
    page.get_by_role("button", name="Try Demo Mode").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    page.get_by_role("button", name="Dismiss").click()


def _section(name: str) -> Callable[[Page], None]:
    def arrive(page: Page) -> None:
        page.get_by_role("link", name=name, exact=True).first.click()
        expect(page.get_by_role("heading", name=name)).to_be_visible()

    return arrive


def _first_row(page: Page) -> None:
    page.locator("tbody tr").nth(1).get_by_role("link").first.click()
    expect(page.get_by_role("navigation", name="Breadcrumb").get_by_role("link")).to_be_visible()


def _palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("co")
    expect(page.get_by_role("option").first).to_be_visible()
    page.wait_for_function("() => !document.querySelector('[data-far]')")


SCREENS: dict[str, Callable[[Page], None]] = {
    "launcher": _launcher,
    "connect": _connect,
    "overview": _overview,
    "orders": _section("Orders"),
    "order": _first_row,
    "products": _section("Products"),
    "product": _first_row,
    "customers": _section("Customers"),
    "palette": _palette,
}


if __name__ == "__main__":
    main()
