"""What is remembered of many people is bounded, and nobody finds what another one opened."""

from datetime import UTC, datetime

import pytest

from omnicart_plugin.palette import memory
from omnicart_plugin.palette.memory import Memory
from omnicart_plugin.webos import Context, Freshness, Panel, PanelRequest

PANEL = Panel(id="orders", title="Orders", body=[], freshness=Freshness(as_of=datetime(2026, 3, 1, tzinfo=UTC)))


def looks(known: Memory, user: str, item_id: str | None = None, workspace: str = "w") -> Context:
    ctx = Context(workspace_id=workspace, user_id=user)
    known.saw(PanelRequest(ctx=ctx, app_id="omnicart", panel="orders", item_id=item_id), "acc", PANEL)
    return ctx


@pytest.mark.parametrize("item_id", [None, "order_1"])
def test_who_was_not_here_for_longest_is_forgotten_whether_they_opened_things_or_lists(
    monkeypatch: pytest.MonkeyPatch, item_id: str | None
) -> None:
    monkeypatch.setattr(memory, "MOST_THINGS", 8)
    known = Memory()
    people = [looks(known, f"user{number}", item_id) for number in range(100)]
    remembered = [ctx for ctx in people if known.opened(ctx).last]

    assert remembered == people[-len(remembered) :]
    assert len(remembered) == (4 if item_id else 8)


def test_what_one_person_opened_is_no_other_persons_nor_of_another_workspace() -> None:
    known = Memory()
    mine = looks(known, "ada", "order_1")

    assert len(known.opened(mine)) == 1
    for other in (Context(workspace_id="w", user_id="bob"), Context(workspace_id="v", user_id="ada")):
        assert len(known.opened(other)) == 0
