"""What the desktop is made of: small files, no word of what apps do, nothing that could run by itself."""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import omnicart_plugin.desktop
from omnicart_plugin.desktop.joined import joined

HOME = Path(omnicart_plugin.desktop.__file__).parent
FILES = sorted(path for path in HOME.rglob("*") if path.suffix in {".py", ".js", ".css", ".html", ".svg"})
COMMERCE = (
    "order product customer store shop cart checkout refund payment invoice merchant sale sku inventory fulfilment "
    "fulfillment shipping shipment coupon discount medusa omnicart commerce buyer seller purchase receipt price vendor "
    "retail warehouse"
)
ALLOWED = (
    re.compile(r'"store"'),  # the contract's word for asking the network
    re.compile(r"no-store"),  # HTTP's word for keeping no copy
    re.compile(r"omnicart_plugin"),  # the package that this lies in
)
AFTER_FIRST_PAINT = {"kinds.js", "chart.js", "forms.js", "live.js", "palette.js", "pick.js"}


def test_no_word_of_commerce_is_in_any_file() -> None:
    words = re.compile(rf"(?<![a-z])({'|'.join(COMMERCE.split())})s?(?![a-z])", re.IGNORECASE)
    found = [(path.name, match[0]) for path in FILES for match in words.finditer(_own_words(path))]
    assert found == []


def _own_words(path: Path) -> str:
    text = path.read_text("utf-8")
    for allowed in ALLOWED:
        text = allowed.sub("", text)
    return text


def test_no_file_is_longer_than_400_lines() -> None:
    assert [path.name for path in FILES if len(path.read_text("utf-8").splitlines()) > 400] == []


def test_the_contract_alone_is_imported() -> None:
    imported = set()
    for path in HOME.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("omnicart_plugin"):
                imported |= {f"{node.module}.{alias.name}" for alias in node.names}
    foreign = [name for name in imported if not re.match(r"omnicart_plugin\.(webos|desktop)\b", name)]
    assert foreign == []


def test_a_page_asks_at_once_for_all_modules_that_its_first_screen_needs() -> None:
    page = (HOME / "static/desktop.html").read_text("utf-8")
    modules = {path.name for path in (HOME / "static/js").iterdir()} - AFTER_FIRST_PAINT
    assert set(re.findall(r'/static/js/(\w+\.js)"', page)) == modules


def test_two_files_hold_all_that_the_first_screen_needs() -> None:
    static = HOME / "static"
    texts = {path.relative_to(static).as_posix(): path.read_text("utf-8") for path in FILES if static in path.parents}
    made = joined(texts)
    assert re.findall(r'(?:href|src)="(/static/.*?)"', made["desktop.html"]) == [
        "/static/joined/desktop.css",
        "/static/joined/desktop.js",
        "/static/icon.svg",
    ]
    assert "import {" not in made["joined/desktop.js"]
    for name in {path.name for path in (static / "js").iterdir()} - AFTER_FIRST_PAINT:
        lines = [line for line in texts[f"js/{name}"].splitlines() if not line.startswith("import ")]
        assert "\n".join(lines).replace("export ", "").strip() in made["joined/desktop.js"].replace("export ", "")


def test_no_page_holds_a_script_a_style_or_a_handler() -> None:
    for path in HOME.rglob("*.html"):
        _Strict().feed(path.read_text("utf-8"))


class _Strict(HTMLParser):
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert tag != "style"
        assert tag != "script" or "src" in names
        assert not any(name == "style" or name.startswith("on") for name in names)


def test_no_string_becomes_markup_or_code() -> None:
    gates = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function|srcdoc|setHTML"
    )
    assert [path.name for path in FILES if path.suffix == ".js" and gates.search(path.read_text("utf-8"))] == []
