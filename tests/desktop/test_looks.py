"""What a person sees and hears: their own language's figures, every kind, and nothing that axe calls serious."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.desktop.conftest import serious_faults, sign_in
from tests.desktop.served import Served

pytestmark = pytest.mark.browser
SCREENS = (
    "/",
    "/?app=library&panel=today",
    "/?app=library&panel=books",
    "/?app=library&panel=book&item=3",
    "/?app=library&panel=join",
    "/kinds",
)


def _text(page: Page, call: str) -> str:
    text = page.evaluate(f"() => import('/static/js/format.js').then((f) => f.{call})")
    return str(text).replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        (
            "de-DE",
            {
                "money('1234567.5', 'EUR').text": "1.234.567,50 €",
                "calendar('2026-11')": "Nov. 2026",
                "relative(new Date(Date.now() - 7200e3).toISOString())": "vor 2 Std.",
                "percent(-0.4)": "-40 %",
            },
        ),
        ("ja-JP", {"money('1234', 'JPY').text": "￥1,234"}),
        (
            "en-US",
            {
                "money('-0.005', 'USD').exact": "-0.005 USD",
                "money('12345678901234567890.12', 'USD').text": "$12,345,678,901,234,567,890.12",
                "money('12.5', 'no currency').text": "12.5 no currency",
                "money('abc', 'nor this').text": "abc nor this",
                "calendar('today')": "today",
                "relative('never')": "never",
                "relative(new Date(Date.now() - 47 * 3600e3).toISOString())": "1 day ago",
            },
        ),
    ],
)
def test_figures_are_written_as_the_person_writes_them(
    chromium: Browser, desk: Served, locale: str, written: dict[str, str]
) -> None:
    with _desktop_in(chromium, desk, locale) as page:
        assert {call: _text(page, call) for call in written} == written


def test_arabic_runs_from_right_to_left(chromium: Browser, desk: Served) -> None:
    with _desktop_in(chromium, desk, "ar") as page:
        page.goto("/?app=library&panel=books")
        expect(page.get_by_role("heading", name="Books")).to_be_visible()
        sidebar, panel = page.locator(".sidebar").bounding_box(), page.locator(".panel").bounding_box()
        assert sidebar is not None
        assert panel is not None
        assert sidebar["x"] > panel["x"]


@contextmanager
def _desktop_in(chromium: Browser, desk: Served, locale: str) -> Iterator[Page]:
    context = chromium.new_context(locale=locale, timezone_id="Europe/Berlin", base_url=desk.url)
    sign_in(context, desk)
    page = context.new_page()
    page.goto("/")
    yield page
    context.close()


def test_text_of_a_source_is_text(page: Page) -> None:
    page.goto("/?app=library&panel=books")
    expect(page.get_by_role("cell", name="<script>alert(1)</script> 7", exact=True)).to_be_visible()
    assert page.locator(".panel script").count() == 0


def test_every_kind_is_drawn_and_an_unknown_one_has_a_placeholder(page: Page) -> None:
    page.goto("/kinds")
    expect(page.get_by_text("This desktop cannot show “hologram” yet.")).to_be_visible()
    drawn = set(page.locator("[data-kind]").evaluate_all("all => all.map((e) => e.dataset.kind)"))
    samples = json.loads(page.evaluate("fetch('/api/kinds').then((r) => r.text())"))
    assert drawn == {sample["node"]["kind"] for sample in samples}


def test_a_chart_is_read_by_arrow_keys_and_stands_as_a_table_behind(page: Page) -> None:
    page.goto("/?app=library&panel=today")
    chart = page.get_by_role("figure", name="Late fees")
    expect(chart.get_by_role("row", name="Mon, 2 March", exact=False).first).to_contain_text("-€2.00")
    chart.locator("svg").focus()
    page.keyboard.press("End")
    expect(page.locator("#tip")).to_contain_text("€11.00")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#announcer")).to_contain_text("€7.25")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_screen(chromium: Browser, desk: Served, axe: str, scheme: Any) -> None:
    context = chromium.new_context(color_scheme=scheme, reduced_motion="reduce", base_url=desk.url, bypass_csp=True)
    sign_in(context, desk)
    page = context.new_page()
    found = []
    for screen in SCREENS:
        page.goto(screen)
        page.wait_for_load_state("networkidle") if screen == "/kinds" else expect(
            page.locator("#launcher")
        ).not_to_be_empty()
        if "panel" in screen:
            expect(page.locator(".frame.active .panel h1")).to_be_visible()
        found += [(screen, *one) for one in serious_faults(page, axe)]
    for open_up in (_open_palette, _open_dialog, _open_menu):
        page.goto(SCREENS[3])
        expect(page.locator(".frame.active .panel h1")).to_be_visible()
        open_up(page)
        found += [(open_up.__name__, *one) for one in serious_faults(page, axe)]
    context.close()
    assert found == []


def _open_palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option", name="Today")).to_be_visible()


def _open_dialog(page: Page) -> None:
    page.get_by_role("button", name="Strike off").click()
    page.get_by_role("dialog").get_by_role("button", name="Strike off").click()
    expect(page.get_by_role("alertdialog")).to_be_visible()


def _open_menu(page: Page) -> None:
    page.get_by_role("button", name="East wing").click()
    expect(page.get_by_role("button", name="Toy library")).to_be_visible()
