"""What holds for all that is shown, whatever the panel: seen on the demo store, which has all kinds of everything."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from omnicart_plugin import webos
from omnicart_plugin.webos import Link, Panel, Table
from tests.app.desk import Desk

pytestmark = pytest.mark.anyio

LISTS = {
    "orders": "order",
    "products": "product",
    "customers": "customer",
    "collections": "collection",
    "draft-orders": "draft-order",
}
OTHERS = ["overview", "settings", "accounts", "connect"]
_UNREAD = {"id", "account_id", "item_id", "code", "url", "link", "key", "values", "panel", "base_url"}
"""Fields that no person reads."""
_ODD = re.compile(r"\bNone\b|Traceback|\b(acc|order|cus|prod|pcol|variant|reg|sc|sloc|pay|pp)_\w{4,}")


def parts(shown: object) -> Iterator[object]:
    """A view and all that is in it."""
    yield shown
    if isinstance(shown, msgspec.Struct):
        for value in msgspec.structs.asdict(shown).values():
            yield from parts(value)
    elif isinstance(shown, list | dict):
        for value in shown.values() if isinstance(shown, dict) else shown:
            yield from parts(value)


def read(shown: object) -> Iterator[str]:
    """The texts that a person reads."""
    if isinstance(shown, str):
        yield shown
    elif isinstance(shown, msgspec.Struct):
        for name, value in msgspec.structs.asdict(shown).items():
            if name not in _UNREAD:
                yield from read(value)
    elif isinstance(shown, list | dict):
        for value in shown.values() if isinstance(shown, dict) else shown:
            yield from read(value)


@pytest.fixture
async def shown(desk: Desk) -> list[Panel]:
    """Every panel; of things, the first four."""
    demo = (await desk.action("account.demo")).link.account_id
    lists = {panel: await desk.panel(panel, account_id=demo) for panel in (*LISTS, *OTHERS)}
    things = [
        await desk.panel(LISTS[panel], account_id=demo, item_id=row.id)
        for panel in LISTS
        for row in lists[panel].body[0].rows[:4]
    ]
    return [*lists.values(), *things]


async def test_each_has_a_title_and_comes_back_from_json_as_it_was(shown: list[Panel]) -> None:
    for panel in shown:
        assert panel.title
        assert webos.decode(webos.encode(panel), Panel) == panel
    assert {panel.id for panel in shown} == {*LISTS, *LISTS.values(), *OTHERS}


async def test_each_row_has_a_cell_for_each_column_and_no_other(shown: list[Panel]) -> None:
    for panel in shown:
        for table in (node for node in panel.body if isinstance(node, Table)):
            assert {frozenset(row.cells) for row in table.rows} <= {frozenset(column.key for column in table.columns)}


async def test_each_link_leads_to_a_panel_that_is_shown(desk: Desk, shown: list[Panel]) -> None:
    links = {webos.encode(part): part for panel in shown for part in parts(panel) if isinstance(part, Link)}
    for link in links.values():
        there: Any = await desk.panel(**msgspec.structs.asdict(link))
        assert (type(there), there.id) == (Panel, link.panel)


async def test_nobody_reads_an_id_or_a_word_of_python(shown: list[Panel]) -> None:
    assert [text for panel in shown for text in read(panel) if _ODD.search(text)] == []


async def test_a_store_of_samples_has_no_address(desk: Desk, shown: list[Panel]) -> None:
    (stores,) = [node for panel in shown if panel.id == "accounts" for node in panel.body if isinstance(node, Table)]
    found = (await desk.palette("Demo store")).items

    assert [row.cells["address"] for row in stores.rows] == [None]
    assert [item.subtitle for item in found if item.group == "Stores"] == [""]
