"""A merchant at the desktop, with a real store behind it: what is on the screen after each step."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.desktop.conftest import launched
from tests.desktop.program import running_desktop
from tests.medusa_lab import Medusa

pytestmark = [pytest.mark.browser, pytest.mark.medusa, pytest.mark.timeout(180)]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Of a desktop of this test's own."""
    with running_desktop(tmp_path) as printed:
        yield printed


@pytest.fixture
def page() -> Iterator[Page]:
    with launched() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 860}, locale="en-GB", timezone_id="Europe/Berlin")
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        yield page
        assert not faults


def connect(page: Page, address: str, store: Medusa) -> None:
    page.goto(address)
    page.get_by_role("button", name="OmniCart").first.click()
    page.locator("[name=base_url]").fill(store.url)
    page.locator("[name=email]").fill(store.email)
    page.locator("[name=password]").fill(store.password)
    page.get_by_role("button", name="Connect OmniCart").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()


def test_a_merchant_connects_finds_an_order_and_cancels_it_with_a_reason(
    page: Page, address: str, fresh_medusa: Medusa
) -> None:
    connect(page, address, fresh_medusa)
    page.get_by_role("link", name="Orders").first.click()
    page.get_by_role("radio", name="Pending").check()
    rows = page.locator("tr.linked").filter(has_text="Not fulfilled")
    row = rows.filter(has=page.get_by_text("Paid", exact=True)).first
    number = row.locator("a").inner_text()
    row.locator("a").click()
    expect(page.get_by_role("heading", name=f"Order {number}")).to_be_visible()

    page.get_by_role("button", name="Cancel order").click()
    page.locator("dialog [name=reason]").fill("Ordered twice <b>by mistake</b>")
    page.locator("dialog").get_by_role("button", name="Cancel order").click()
    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text("back")
    question.get_by_role("button", name="Cancel order").click()

    expect(page.locator(".toast").filter(has_text="is cancelled")).to_contain_text("refunded")
    expect(page.locator(".timeline")).to_contain_text("Reason: Ordered twice <b>by mistake</b>")
    expect(page.get_by_role("button", name="Cancel order")).to_have_attribute("aria-disabled", "true")


def test_a_wrong_password_is_told_at_its_field_and_nothing_typed_is_lost(
    page: Page, address: str, medusa: Medusa
) -> None:
    page.goto(address)
    page.get_by_role("button", name="OmniCart").first.click()
    page.locator("[name=base_url]").fill(medusa.url)
    page.locator("[name=email]").fill(medusa.email)
    page.locator("[name=password]").fill("not this")
    page.get_by_role("button", name="Connect OmniCart").click()

    expect(page.get_by_text("The store does not accept this email and password.")).to_be_visible()
    expect(page.locator("[name=password]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[name=email]")).to_have_value(medusa.email)


def test_the_palette_finds_the_app_and_its_panels(page: Page, address: str, medusa: Medusa) -> None:
    connect(page, address, medusa)
    page.keyboard.press("Control+k")
    page.keyboard.type("omni")
    expect(page.get_by_role("option", name="OmniCart").first).to_be_visible()
    page.locator("#palette input").fill("orders")
    page.locator(".palette-title").get_by_text("Orders", exact=True).click()

    expect(page.get_by_role("heading", name="Orders")).to_be_visible()
    expect(page.locator("tr.linked").first).to_be_visible()
