"""Who may do what, for every panel and action that there is: role, bundle and demo, in one place for all."""

from itertools import product
from typing import Any, get_args

import pytest

from omnicart_plugin import webos
from omnicart_plugin.app import App  # noqa: F401 - its import fills the registry
from omnicart_plugin.panels.changes import CHANGES
from omnicart_plugin.panels.registry import ACTIONS, PANELS
from tests.app.desk import BUNDLE, Desk

pytestmark = pytest.mark.anyio
MANIFEST = webos.manifest_of("omnicart")
ROLES: tuple[webos.Role, ...] = get_args(webos.Role)
OF_THE_GATE = {"bundle-required", "role-forbidden", "demo-read-only"}
READERS = {"guest"}
"""Who changes nothing anywhere."""
OF_ITS_STORES = {"account.connect", "account.demo", "account.reconnect", "account.rename", "account.remove"}
"""What only owners and admins do."""


def person(role: webos.Role, *, paid: bool = True) -> webos.Context:
    return webos.Context(workspace_id="w", user_id="u", role=role, bundles=BUNDLE if paid else frozenset())


async def refusal(desk: Desk, action: str, account_id: str | None) -> str:
    """The gate's word, or nothing where it lets the action pass, whatever becomes of it then."""
    answer = await desk.action(action, account_id=account_id, item_id="x", confirmed=False)
    return answer.type if getattr(answer, "type", "") in OF_THE_GATE else ""


@pytest.fixture
async def demo(desk: Desk) -> str:
    done = await desk.action("account.demo")
    return done.link.account_id or ""


async def items(desk: Desk, account_id: str) -> dict[str, str]:
    """A thing for every panel that shows one, from the last links of the lists: the first collection is still empty."""
    found: dict[str, str] = {}
    for panel in [id_ for id_, spec in PANELS.items() if not spec.of_item]:
        shown = await desk.panel(panel, account_id=account_id)
        for row in [row for node in shown.body if isinstance(node, webos.Table) for row in node.rows]:
            if row.link and row.link.item_id:
                found[row.link.panel] = row.link.item_id
    return found


async def test_everybody_may_look_at_every_panel_of_a_workspace_with_the_bundle(desk: Desk, demo: str) -> None:
    things = await items(desk, demo)
    assert things.keys() == {id_ for id_, spec in PANELS.items() if spec.of_item}

    for panel, role in product(PANELS, ROLES):
        desk.ctx = person(role)
        shown = await desk.panel(panel, account_id=demo, item_id=things.get(panel))
        assert isinstance(shown, webos.Panel), (panel, role, shown)


async def test_without_the_bundle_everything_but_the_tile_is_closed(desk: Desk, demo: str) -> None:
    for role in ROLES:
        desk.ctx = person(role, paid=False)
        answers = [await desk.launch(), *[await desk.panel(panel, account_id=demo, item_id="x") for panel in PANELS]]
        answers += [await desk.action(action, account_id=demo, item_id="x") for action in (*ACTIONS, *CHANGES)]
        assert {answer.type for answer in answers} == {"bundle-required"}
        for reach in ("instant", "store"):
            found = await desk.palette("", reach=reach, account_id=demo)
            assert [item.id for item in found.items] == ["app:omnicart"]
    assert "omnicart" in {app.id for app in desk.host.apps}


@pytest.mark.parametrize("action", MANIFEST.actions, ids=lambda action: action.id)
async def test_an_action_is_for_its_roles_and_not_for_the_demo(desk: Desk, demo: str, action: webos.ActionInfo) -> None:
    accounts: dict[str, str | None] = {"demo": demo, "other": "acc_never", "none": None}
    for role, (where, account_id) in product(ROLES, accounts.items()):
        desk.ctx = person(role)
        of_demo = where == "demo" or (where == "none" and action.id in CHANGES)  # the first account is the demo
        expected = "demo-read-only" if of_demo and action.id in CHANGES else ""
        if role not in action.roles:
            expected = "role-forbidden"
        if action.id == "account.remove" and not expected and where == "demo":
            continue  # it would be gone for the others
        assert await refusal(desk, action.id, account_id) == expected, (role, where)


def test_the_roles_are_those_of_the_design() -> None:
    for action in MANIFEST.actions:
        assert not READERS & {*action.roles}
        assert {"owner", "admin"} <= {*action.roles}
        assert ("member" in action.roles) == (action.id not in OF_ITS_STORES)
    assert {action.id for action in MANIFEST.actions} >= OF_ITS_STORES


def buttons(value: Any) -> list[webos.Action]:
    """Every action in an answer, wherever it stands."""
    if isinstance(value, webos.Action):
        return [value]
    if isinstance(value, webos.views._View | webos.results._Part):
        return [action for name in value.__struct_fields__ for action in buttons(getattr(value, name))]
    return [action for part in value for action in buttons(part)] if isinstance(value, list) else []


@pytest.mark.parametrize("role", ROLES)
async def test_a_button_is_disabled_with_the_reason_where_the_gate_is_closed(
    desk: Desk, demo: str, role: webos.Role
) -> None:
    things = await items(desk, demo)
    desk.ctx = person(role)
    shown = [await desk.launch(), *[await desk.panel(p, account_id=demo, item_id=things.get(p)) for p in PANELS]]
    seen = {button.id for answer in shown for button in buttons(answer)}

    for button in [button for answer in shown for button in buttons(answer)]:
        closed = await refusal(desk, button.id, button.account_id) if button.id != "account.remove" else ""
        assert bool(button.disabled) >= bool(closed), button
    assert seen == {*ACTIONS, *CHANGES}
