"""For everyone: by keyboard alone, enlarged, without motion, and as a chart that is heard instead of seen."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.desktop.conftest import sign_in
from tests.desktop.served import Served

pytestmark = pytest.mark.browser
STOPS = 45
FOCUS = """() => {
    const at = document.activeElement;
    const seen = [at, at.closest("label"), at.closest(".metric")].filter(Boolean);
    const labels = [at.getAttribute("aria-label"), at.innerText, ...[...(at.labels ?? [])].map((one) => one.innerText)];
    const outlined = seen.some((one) => getComputedStyle(one).outlineStyle !== "none");
    return { tag: at.tagName, name: (labels.find(Boolean) ?? "").trim(), outlined };
}"""


def test_keys_alone_lead_from_the_launcher_to_a_question_and_back(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Library").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    page.keyboard.press("Control+k")
    page.keyboard.type("boo")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Books")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Books")).to_be_visible()
    _tab_to(page, "The Waves 1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The Waves 1")).to_be_visible()
    _tab_to(page, "Strike off")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Why")).to_be_focused()
    page.keyboard.type("torn")
    _tab_to(page, "Strike off")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alertdialog").get_by_role("button", name="Go back")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".panel").get_by_role("button", name="Strike off")).to_be_focused()


def _tab_to(page: Page, name: str) -> None:
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUS)["name"] == name:
            return
    pytest.fail(f"{STOPS} presses of Tab did not reach {name}")


@pytest.mark.parametrize("panel", ["today", "books", "book", "join"])
def test_every_stop_of_the_tab_key_has_a_name_and_is_outlined(page: Page, panel: str) -> None:
    page.goto(f"/?app=library&account=east&panel={panel}")
    expect(page.locator(".panel h1")).to_be_visible()
    stops = []
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUS))
    inside = [stop for stop in stops if stop["tag"] != "BODY"]
    assert len(inside) > 12
    assert [stop for stop in inside if not (stop["name"] and stop["outlined"])] == []


@pytest.mark.parametrize("panel", ["today", "books", "book", "join", "kinds"])
@pytest.mark.parametrize("size", [(640, 360), (390, 844), (320, 640)], ids=["200 %", "telephone", "small"])
def test_enlarged_or_on_a_telephone_everything_is_reached_without_scrolling_sideways(
    page: Page, panel: str, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"/?app=library&account=east&panel={panel}&item=3")
    expect(page.locator(".panel h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert page.evaluate("() => { const p = document.querySelector('.panel'); return p.scrollWidth <= p.clientWidth }")
    for name in ("Sections", "Back", "Refresh", "Close"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_in_viewport(ratio=1)
    frame = page.locator(".frame").bounding_box()
    assert frame is not None
    assert (frame["x"], frame["width"]) == (0, size[0])


def test_who_asks_for_less_motion_sees_none(chromium: Browser, desk: Served) -> None:
    context = chromium.new_context(reduced_motion="reduce", base_url=desk.url)
    sign_in(context, desk)
    page = context.new_page()
    page.goto("/?app=library&account=east&panel=kinds")
    expect(page.locator(".panel h1")).to_be_visible()
    page.keyboard.press("Control+k")
    assert (
        page.evaluate("document.getAnimations().filter((a) => a.effect.getComputedTiming().activeDuration > 1)") == []
    )
    context.close()


def test_a_chart_of_any_figures_is_drawn_with_figures_alone(page: Page) -> None:
    page.goto("/kinds")
    charts = page.locator("figure svg")
    expect(charts.first).to_be_visible()
    drawn = page.locator("figure.chart").evaluate_all("all => all.map((one) => one.outerHTML)")
    assert [html for html in drawn if re.search("NaN|undefined|Infinity|null", html)] == []
    assert len(drawn) == 6
    one = page.get_by_role("figure", name="One day").locator(".bar-mark")
    expect(one).to_have_count(1)
    quiet = page.get_by_role("figure", name="Quiet days")
    assert {float(bar.get_attribute("height") or "") for bar in quiet.locator(".bar-mark").all()} == {0.0}
    expect(page.get_by_role("figure", name="No day yet")).to_contain_text("No figures for this time.")
    visits = page.get_by_role("figure", name="Visits and loans")
    expect(visits.locator(".tick", has_text=re.compile(r"^150k$", re.IGNORECASE))).to_be_visible()


def test_a_line_without_figures_leaves_the_others_drawn(page: Page) -> None:
    page.goto("/kinds")
    expect(page.locator("figure svg").first).to_be_visible()
    page.evaluate(
        """async () => {
            const { DRAW } = await import("/static/js/chart.js");
            const points = [["2026-03-01", "1"], ["2026-03-02", "2"]];
            const series = [{ label: "None", points: [] }, { label: "Some", points }];
            document.body.append(DRAW.chart({ title: "Half known", shape: "line", unit: "", series }));
        }"""
    )
    chart = page.get_by_role("figure", name="Half known")
    expect(chart.locator(".line-mark")).to_have_count(1)
    expect(chart.locator(".line-mark")).to_have_attribute("data-series", "1")


def test_what_is_below_zero_is_drawn_below_the_line_of_zero(page: Page) -> None:
    page.goto("/kinds")
    fees = page.get_by_role("figure", name="Late fees")
    zero = float(fees.locator(".zero").get_attribute("y1") or "")
    path = fees.locator(".line-mark").get_attribute("d") or ""
    heights = [float(point.split()[1]) for point in path.removeprefix("M").split("L")]
    assert heights[1] > zero
    assert heights[2] == pytest.approx(zero)
    assert heights[3] < zero


def test_the_pointer_reads_a_chart_too(page: Page) -> None:
    page.goto("/kinds")
    plot = page.get_by_role("figure", name="Visits and loans").locator("svg")
    plot.scroll_into_view_if_needed()
    plot.hover(position={"x": 400, "y": 60})
    expect(page.locator("#tip")).to_contain_text("Visits: ")
    expect(page.locator("#tip")).to_contain_text("Loans: ")
    page.mouse.move(1, 1)
    expect(page.locator("#tip")).to_be_hidden()
