"""The panels and actions that exist, and what each is given when it is called."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from omnicart_plugin.webos import Confirm, Done, Option, Panel

Result = Done | Confirm
USUAL_ROWS = 20
"""`PanelRequest.limit` of a host that names none."""


class NoInputs(msgspec.Struct, frozen=True):
    pass


class PanelSpec(msgspec.Struct, frozen=True, kw_only=True):
    render: Callable[[Any], Awaitable[Panel]]
    """Given a `StoreVisit`, or a `Visit` where the panel is of no store."""
    of_store: bool
    of_item: bool
    filters: Mapping[str, tuple[Option, ...]]
    """What its table can be filtered by; other filters are refused."""
    sorts: frozenset[str]
    """The columns its table can be sorted by; others are refused."""
    rows: int
    """How many its table has on a page for a host that names no other number than the contract's."""


class ActionSpec(msgspec.Struct, frozen=True, kw_only=True):
    run: Callable[[Any, Any], Awaitable[Result]]
    """Given a `Visit` and the inputs."""
    inputs: type[msgspec.Struct]


PANELS: dict[str, PanelSpec] = {}
ACTIONS: dict[str, ActionSpec] = {}

Render = Callable[[Any], Awaitable[Panel]]
Run = Callable[[Any, Any], Awaitable[Result]]


def panel(
    id_: str,
    *,
    of_store: bool = True,
    of_item: bool = False,
    filters: Mapping[str, tuple[Option, ...]] | None = None,
    sorts: tuple[str, ...] = (),
    rows: int = USUAL_ROWS,
) -> Callable[[Render], Render]:
    """Register what renders the panel of this id."""

    def register(render: Render) -> Render:
        PANELS[id_] = PanelSpec(
            render=render,
            of_store=of_store,
            of_item=of_item,
            filters=filters or {},
            sorts=frozenset(sorts),
            rows=rows,
        )
        return render

    return register


def action(id_: str, *, inputs: type[msgspec.Struct] = NoInputs) -> Callable[[Run], Run]:
    """Register what runs the action of this id, one on the workspace; those on a store's things are `changes`."""

    def register(run: Run) -> Run:
        ACTIONS[id_] = ActionSpec(run=run, inputs=inputs)
        return run

    return register
