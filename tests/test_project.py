"""The house rules that a program can check."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = sorted((ROOT / "omnicart_plugin").rglob("*.py"))
MODULES = [
    *PACKAGE,
    *(module for folder in ("tests", "benchmarks") for module in sorted((ROOT / folder).rglob("*.py"))),
]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

TOP_LEVEL = {
    "pyproject.toml",
    "manifest.toml",
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "omnicart_plugin",
    "tests",
    "benchmarks",
    "docs",
}
MADE_BY_TOOLS = {"build", "dist"}
FORBIDDEN = {"common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}


def _names(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _lines(module: Path) -> int:
    return len(module.read_text().splitlines())


def _functions(module: Path) -> dict[str, int]:
    """Lines of each function, from its signature to its end."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = [node for node in ast.walk(ast.parse(module.read_text())) if isinstance(node, kinds)]
    return {node.name: (node.end_lineno or node.lineno) - node.lineno + 1 for node in found}


def test_nothing_lies_at_the_top_that_has_no_place_there() -> None:
    here = {path.name for path in ROOT.iterdir() if not path.name.startswith(".") and path.suffix != ".egg-info"}
    assert here <= TOP_LEVEL | MADE_BY_TOOLS


def test_a_module_is_named_for_what_it_does() -> None:
    parts = {part for module in MODULES for part in module.relative_to(ROOT).with_suffix("").parts}
    assert not parts & FORBIDDEN


@pytest.mark.parametrize("module", MODULES, ids=_names)
def test_a_module_fits_in_the_head(module: Path) -> None:
    assert _lines(module) <= 400
    assert {name: lines for name, lines in _functions(module).items() if lines > 40} == {}


def test_most_modules_and_functions_are_short() -> None:
    assert median(_lines(module) for module in PACKAGE) < 150
    assert median(lines for module in PACKAGE for lines in _functions(module).values()) < 10


def test_one_version_everywhere() -> None:
    manifest = tomllib.loads((ROOT / "manifest.toml").read_text())
    assert manifest["app"]["version"] == PROJECT["version"]
    assert f"\n## [{PROJECT['version']}] - " in (ROOT / "CHANGELOG.md").read_text()


def test_the_launcher_lists_the_app_without_importing_it(tmp_path: Path) -> None:
    program = f"""
import sys
from omnicart_plugin import webos
print([tile.id for tile in webos.LocalHost(data_dir={str(tmp_path)!r}).apps])
print(sorted(name for name in sys.modules if name.startswith("omnicart_plugin.") and ".webos" not in name))
"""
    answer = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)  # noqa: S603 - the program above
    assert answer.stdout == "['omnicart']\n[]\n"
