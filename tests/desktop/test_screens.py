"""Every panel of a real app, on its sample data: drawn whole, in words, and with nothing that axe calls serious."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from playwright.sync_api import Browser, BrowserContext, Page, expect

from omnicart_plugin import webos
from omnicart_plugin.cli import BUNDLES
from tests.desktop.conftest import serious_faults
from tests.desktop.served import address_of

pytestmark = pytest.mark.browser
PANELS = webos.manifest_of("omnicart").panels
LISTS = {"order": "orders", "product": "products", "customer": "customers"}
LISTS |= {"collection": "collections", "draft-order": "draft-orders"}
NOT_FOR_PEOPLE = re.compile(r"\b(None|null|undefined|NaN|Infinity|Invalid Date|\[object)\b|Traceback")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of a desktop where the sample account is connected."""
    folder: Path = tmp_path_factory.mktemp("desktop")
    with (
        start_blocking_portal("asyncio") as portal,
        portal.wrap_async_context_manager(webos.LocalHost(data_dir=folder)) as host,
        address_of(portal, host, bundles=BUNDLES) as address,
    ):
        person = webos.Context(workspace_id="local", user_id="local", role="owner", bundles=BUNDLES)
        portal.call(host.action, webos.ActionCall(ctx=person, app_id="omnicart", action="account.demo"))
        yield address


@pytest.fixture
def demo(chromium: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    context: BrowserContext = chromium.new_context(reduced_motion="reduce", bypass_csp=True, **request.param)
    faults: list[str] = []
    context.on("weberror", lambda fault: faults.append(str(fault.error)))
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()
    assert faults == []


def _open(page: Page, panel: str) -> None:
    """The panel; that of one thing by the first row of its list."""
    page.goto(f"{page.url.partition('?')[0]}?app=omnicart&panel={LISTS.get(panel, panel)}")
    _settled(page)
    if panel in LISTS:
        page.locator("tbody tr a.lead").first.click()
        expect(page).to_have_url(re.compile(rf"panel={panel}&"))
        _settled(page)


def _settled(page: Page) -> None:
    page.wait_for_function(
        "() => document.querySelector('.panel h1') && !document.querySelector('.bone, [aria-busy=true]')"
    )


@pytest.mark.timeout(180)
@pytest.mark.parametrize("demo", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True, ids=str)
def test_axe_finds_nothing_serious_on_any_panel(demo: Page, axe: str) -> None:
    found: dict[str, Any] = {}
    for panel in PANELS:
        _open(demo, panel.id)
        if faults := serious_faults(demo, axe):
            found[panel.id] = faults
    assert found == {}


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    "demo",
    [
        {"viewport": {"width": 390, "height": 844}, "locale": "de-DE"},
        {"viewport": {"width": 1440, "height": 900}, "locale": "ar"},
    ],
    indirect=True,
    ids=str,
)
def test_every_panel_fits_on_every_screen_and_speaks_in_words(demo: Page) -> None:
    wrong = []
    for panel in PANELS:
        _open(demo, panel.id)
        if demo.evaluate("() => { const p = document.querySelector('.panel'); return p.scrollWidth > p.clientWidth }"):
            wrong.append(f"{panel.id} is wider than the screen")
        if words := NOT_FOR_PEOPLE.search(demo.locator(".frame").inner_text()):
            wrong.append(f"{panel.id} says {words[0]}")
        if demo.locator(".panel .problem, .panel .unknown").count():
            wrong.append(f"{panel.id} is a problem")
    assert wrong == []
