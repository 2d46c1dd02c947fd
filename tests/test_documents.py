"""The pages say what the code does."""

import re
import tomllib
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import omnicart_plugin.app  # noqa: F401 - it registers all panels
from omnicart_plugin import gate, webos
from omnicart_plugin.panels.registry import PANELS

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


def named(page: str, heading: str) -> list[str]:
    """The first column of the table under a heading."""
    section = page.split(f"\n## {heading}\n")[1].split("\n## ", maxsplit=1)[0]
    return re.findall(r"^\| `([^`]+)`", section, re.MULTILINE)


def test_the_catalogue_lists_the_panels_actions_and_problems_that_there_are() -> None:
    page = (DOCS / "catalogue.md").read_text("utf-8")
    manifest = webos.manifest_of("omnicart")

    assert sorted(named(page, "Panels")) == sorted(manifest.panel_ids)
    assert sorted(named(page, "Actions")) == sorted(manifest.action_ids)
    assert named(page, "Problems") == [*webos.STATUS_OF]


def test_the_catalogue_gives_each_problem_its_status_and_each_action_its_roles() -> None:
    page = (DOCS / "catalogue.md").read_text("utf-8")

    for type_, status in webos.STATUS_OF.items():
        assert f"| `{type_}` | {status} |" in page
    for action in webos.manifest_of("omnicart").actions:
        assert f"| `{action.id}` | {', '.join(action.roles)} |" in page


def test_the_catalogue_gives_each_panel_its_filters_and_sorts() -> None:
    page = (DOCS / "catalogue.md").read_text("utf-8")
    for id_, spec in PANELS.items():
        (row,) = re.findall(rf"^\| `{id_}` \| (.+)$", page, re.MULTILINE)
        values = {option.value for options in spec.filters.values() for option in options} - {""}
        sorts = () if "sort as in" in row else spec.sorts
        assert {*spec.filters, *values, *sorts} - {*re.findall(r"`([^`]+)`", row)} == set(), id_


def test_the_guide_shows_every_hook() -> None:
    guide = (DOCS / "host-guide.md").read_text("utf-8")
    hooks = [name for name in vars(webos.hookspecs) if name.startswith("webos_")]

    assert len(hooks) == 6
    assert [hook for hook in hooks if f"`{hook}`" not in guide] == []


@pytest.mark.anyio
async def test_the_guides_examples_run(tmp_path: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / "host-guide.md").read_text("utf-8"), re.DOTALL)
    body = "".join(f"    {line}\n" for block in blocks for line in block.splitlines())
    names: dict[str, object] = {}
    exec(f"async def run(folder, stack):\n{body}", names)  # noqa: S102 - our own page

    async with AsyncExitStack() as stack:
        await names["run"](tmp_path, stack)  # type: ignore[operator]  # the page defines it


def test_the_readmes_example_prints_the_first_panel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    example = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert len(example) == 1

    exec(example[0], {})  # noqa: S102 - our own page

    assert '"title":"Connect a store"' in capsys.readouterr().out


def test_the_readme_helps_with_problems_in_their_own_words() -> None:
    table = (ROOT / "README.md").read_text("utf-8").split("\n| it says | do this |\n|---|---|\n")[1].split("\n\n")[0]
    titles = re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)
    code = "".join(path.read_text("utf-8") for path in (ROOT / "omnicart_plugin").rglob("*.py"))
    no_bundle = gate.bundle(webos.Context(workspace_id="w", user_id="u"), webos.manifest_of("omnicart"))

    assert no_bundle is not None
    assert [title for title in titles if f'"{title}"' not in code] == [no_bundle.title]


def test_every_dependency_has_its_reason_in_the_decisions() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    needed = [*project["dependencies"], *extras["desktop"], *extras["postgres"]]
    reasons = "".join(path.read_text("utf-8") for path in (DOCS / "decisions").glob("*.md")).lower()

    names = [Requirement(line).name for line in needed]
    assert [name for name in names if not re.search(rf"\b{name}\b", reasons)] == []


def test_the_security_page_names_a_test_for_each_promise() -> None:
    page = (DOCS / "security.md").read_text("utf-8")
    proofs = re.findall(r"`(tests/[^`]+)`", page)

    assert len(proofs) >= 8
    assert [proof for proof in proofs if not (ROOT / proof).is_file()] == []
