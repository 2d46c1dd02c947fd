"""The host guide's steps on the renderer, as they stand there."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from omnicart_plugin.desktop import kinds
from tests.desktop.served import Served

pytestmark = pytest.mark.browser
GUIDE = (Path(__file__).parents[2] / "docs" / "host-guide.md").read_text("utf-8")


def test_the_guides_lines_draw_every_node_in_a_page_of_ones_own(page: Page) -> None:
    page.goto("/kinds")
    expect(page.locator("[data-kind]").first).to_be_attached()
    page.evaluate("document.querySelector('main').replaceChildren()")
    [lines] = re.findall(r"```js\n(.*?)```", GUIDE, re.DOTALL)
    # A function cannot hold import declarations.
    code = re.sub(r"^import (\{.*?\}) from (\".*?\");$", r"const \1 = await import(\2);", lines, flags=re.MULTILINE)
    body = [one["node"] for one in json.loads(kinds.as_json())]
    page.evaluate(f"async (panel) => {{ {code} }}", {"id": "kinds", "body": body})
    expect(page.locator("main > *")).to_have_count(len(body))
    expect(page.get_by_role("figure", name="Late fees").locator("svg")).to_be_visible()


def test_the_guide_names_every_call_of_the_page(desk: Served) -> None:
    scripts = Path(kinds.__file__).parent / "static" / "js"
    asked = {call for path in scripts.glob("*.js") for call in re.findall(r'"(/api/\w+)"', path.read_text("utf-8"))}
    calls = {path: method for method, path in re.findall(r"^\| `(GET|POST) (/api/\w+)`", GUIDE, re.MULTILINE)}
    assert asked - {"/api/kinds"} == set(calls)
    for path, method in calls.items():
        if path != "/api/events":
            answer = desk.ask(path, b"" if method == "POST" else None, **desk.cookie())
            assert answer.status in {200, 400}
