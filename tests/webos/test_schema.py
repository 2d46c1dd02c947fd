"""The published schemas are those of the structs."""

import json
import typing
from pathlib import Path

import msgspec
import pytest

from omnicart_plugin import cli, webos

PUBLISHED = Path(webos.__file__).parent / "schemas" / "contract.json"


def test_what_the_command_prints_is_what_the_package_holds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["omnicart", "schema"])
    cli.main()

    assert capsys.readouterr().out == PUBLISHED.read_text("utf-8"), (
        "the contract changed: omnicart schema > omnicart_plugin/webos/schemas/contract.json"
    )


def test_every_request_and_answer_of_the_hooks_has_its_schema() -> None:
    hooks = [hook for name, hook in vars(webos.hookspecs).items() if name.startswith("webos_")]
    told: set[type] = set()
    for hook in hooks:
        for hint in typing.get_type_hints(hook).values():
            told |= {part for part in (typing.get_args(hint) or (hint,)) if isinstance(part, type)}
    structs = {part.__name__ for part in told if issubclass(part, msgspec.Struct)}

    assert {"AppLaunch", "Screen", "PanelRequest", "Panel", "ActionCall", "Confirm", "Problem"} <= structs
    assert structs <= set(json.loads(PUBLISHED.read_bytes())["$defs"])


def test_every_kind_of_node_and_value_is_told_apart_by_its_tag() -> None:
    parts = json.loads(PUBLISHED.read_bytes())["$defs"]

    for kind in (*typing.get_args(webos.Node), *typing.get_args(webos.Value), *typing.get_args(webos.Answer)):
        assert parts[kind.__name__]["properties"]["kind"]["enum"] == [kind.__struct_config__.tag]
