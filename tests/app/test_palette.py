"""Cmd+K on the demo store: from memory at once, and from the store as it answers."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from omnicart_plugin import webos
from omnicart_plugin.app import App
from omnicart_plugin.demo.transport import DemoTransport
from omnicart_plugin.palette.memory import Memory
from omnicart_plugin.storage.engine import Database
from omnicart_plugin.webos import Context, PaletteItem, PaletteQuery
from tests.app.desk import BUNDLE, Desk

pytestmark = pytest.mark.anyio
MANIFEST = webos.manifest_of("omnicart")


@pytest.fixture
async def demo(desk: Desk) -> str:
    done = await desk.action("account.demo")
    return done.link.account_id or ""


def marked(item: PaletteItem) -> list[str]:
    return [item.title[start:end] for start, end in item.matches]


def of(found: webos.PaletteResults, title: str) -> PaletteItem:
    (item,) = [item for item in found.items if item.title == title]
    return item


async def order_of(desk: Desk, demo: str, status: str = "pending") -> tuple[str, str]:
    """The id of an order, and its number with the sign."""
    (row, *_) = await desk.rows(demo, filters={"status": status})
    return row.id, str(getattr(row.cells["display_id"], "text", ""))


# From memory


async def test_every_panel_of_the_navigation_every_store_and_the_commands_are_there(desk: Desk, demo: str) -> None:
    await desk.launch()
    expected = {panel.title for panel in MANIFEST.panels if panel.navigation} | {"Connect a store", "Refresh"}
    found = await desk.palette("", account_id=demo, limit=100)

    assert expected | {"Demo store"} <= {item.title for item in found.items}
    assert of(found, "Demo store").link == webos.Link(panel="overview", account_id=demo)
    assert of(found, "Orders").link == webos.Link(panel="orders", account_id=demo)
    assert not found.partial


async def test_the_letters_that_were_typed_are_marked(desk: Desk) -> None:
    assert marked(of(await desk.palette("ord"), "Orders")) == ["Ord"]
    assert marked(of(await desk.palette("cnst"), "Connect a store")) == ["C", "n", "st"]


async def test_what_a_person_opened_is_found_again_and_by_nobody_else(desk: Desk, demo: str) -> None:
    order_id, number = await order_of(desk, demo)
    await desk.panel("order", account_id=demo, item_id=order_id)
    item = of(await desk.palette(f"Order {number}"), f"Order {number}")

    assert item.link == webos.Link(panel="order", item_id=order_id, account_id=demo)
    assert marked(item) == [item.title]
    for other in ({"user_id": "v"}, {"workspace_id": "x"}):
        desk.ctx = Context(**{"workspace_id": "w", "user_id": "u", "bundles": BUNDLE, **other})  # type: ignore[arg-type]  # of one type each
        assert number not in str(await desk.palette(number))


async def test_what_was_opened_in_a_store_leaves_with_it(desk: Desk, demo: str) -> None:
    order_id, number = await order_of(desk, demo)
    await desk.panel("order", account_id=demo, item_id=order_id)
    await desk.action("account.remove", account_id=demo, confirmed=True)

    assert "Demo store" not in str(await desk.palette(""))
    assert number not in str(await desk.palette(number))


async def test_refresh_leads_to_what_was_opened_last(desk: Desk, demo: str) -> None:
    assert of(await desk.palette("refr", account_id=demo), "Refresh").link == webos.Link(
        panel="overview", account_id=demo
    )
    await desk.panel("orders", account_id=demo, filters={"status": "pending"}, offset=20)
    item = of(await desk.palette("refr", account_id=demo), "Refresh")

    assert item.link == webos.Link(panel="orders", account_id=demo, filters={"status": "pending"}, offset=20)
    assert (item.subtitle, marked(item)) == ("Orders", ["Refr"])


async def test_a_renamed_store_has_its_new_name_at_once(desk: Desk, demo: str) -> None:
    await desk.action("account.rename", {"label": "Toy shop"}, account_id=demo)

    assert of(await desk.palette("toy"), "Toy shop").group == "Stores"


class _Host:
    """As little of a host as the app asks for."""

    def __init__(self, folder: Path) -> None:
        self.data_dir = folder
        self.database_url = f"sqlite:///{folder / 'webos.db'}"
        self.allow_private_network = True
        self.keys = lambda: {"k": b"k" * 32}
        self.emit = lambda _: None


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with App.running(_Host(tmp_path)) as running:
        yield running


async def test_nothing_is_awaited_for_an_instant_answer(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    ctx = Context(workspace_id="w", user_id="u", role="owner", bundles=BUNDLE)
    await app.invoke(webos.ActionCall(ctx=ctx, app_id="omnicart", action="account.demo"))

    def forbidden(*_: Any) -> None:
        raise AssertionError("memory alone is asked")

    monkeypatch.setattr(Database, "run", forbidden)
    monkeypatch.setattr(DemoTransport, "handle_async_request", forbidden)
    with pytest.raises(StopIteration) as ended:
        app.palette(PaletteQuery(ctx=ctx, text="")).send(None)

    assert "Demo store" in {item.title for item in ended.value.value.items}


async def test_the_first_question_of_a_process_teaches_the_next_which_stores_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ctx = Context(workspace_id="w", user_id="u", role="owner", bundles=BUNDLE)
    async with App.running(_Host(tmp_path)) as before:
        await before.invoke(webos.ActionCall(ctx=ctx, app_id="omnicart", action="account.demo"))
    learnt = anyio.Event()
    learn = Memory.learn

    def then(memory: Memory, workspace_id: str, accounts: Any) -> None:
        learn(memory, workspace_id, accounts)
        if accounts:
            learnt.set()

    monkeypatch.setattr(Memory, "learn", then)
    async with App.running(_Host(tmp_path)) as after:
        assert (await after.palette(PaletteQuery(ctx=ctx, text="demo"))).items == []
        with anyio.fail_after(10):
            await learnt.wait()
        assert [item.title for item in (await after.palette(PaletteQuery(ctx=ctx, text="demo"))).items] == [
            "Demo store"
        ]


# From the store


@pytest.mark.parametrize("sign", ["", "#", "# "])
async def test_a_number_finds_its_order_first_and_what_can_be_done_with_it(desk: Desk, demo: str, sign: str) -> None:
    order_id, number = await order_of(desk, demo)
    found = await desk.palette(sign + number[1:], reach="store", account_id=demo)
    first = found.items[0]

    assert (first.title.split(" · ")[0], first.score) == (f"Order {number}", 1.0)
    assert first.link == webos.Link(panel="order", item_id=order_id, account_id=demo)
    assert "".join(marked(first)) in {number, number[1:]}
    assert [item for item in found.items if item.action] == []  # it is the demo: nothing can be changed
    assert not found.partial


async def test_an_id_an_email_a_title_a_sku_and_a_name_find_their_things(desk: Desk, demo: str) -> None:
    order_id, number = await order_of(desk, demo)
    sample = {panel.id for panel in MANIFEST.panels}
    by_id = await desk.palette(order_id, reach="store", account_id=demo)
    assert [item.title for item in by_id.items] == [f"Order {number}"]

    asked = await desk.palette("example", reach="store", account_id=demo, limit=100)
    assert "Orders" in {item.group for item in asked.items}
    for item in asked.items:
        assert item.link
        assert item.link.panel in sample
        assert not item.matches or marked(item) == ["example"]
    scores = [item.score for item in asked.items]
    assert scores == sorted(scores, reverse=True)


async def test_no_text_no_store_and_no_such_thing_find_nothing(desk: Desk) -> None:
    assert _own(await desk.palette("12", reach="store")) == []
    demo = (await desk.action("account.demo")).link.account_id
    for typed in ("", "   ", "nobody-has-this", "order_never", "#999999999", "x" * 5000, "\x00", "%_'\"\\"):
        found = await desk.palette(typed, reach="store", account_id=demo)
        assert (_own(found), found.partial) == ([], False), typed
    assert _own(await desk.palette("12", reach="store", account_id="acc_never")) == []


def _own(found: webos.PaletteResults) -> list[str]:
    return [item.title for item in found.items if not item.id.startswith("app:")]


class _Broken(DemoTransport):
    """Fails for some paths."""

    def __init__(self, today: Any, paths: set[str], status: int) -> None:
        super().__init__(today)
        self._paths, self._status = paths, status
        self.asked: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if request.url.path in self._paths:
            return httpx.Response(self._status, stream=httpx.ByteStream(b"no"))
        return await super().handle_async_request(request)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Any:
    made: list[_Broken] = []

    def breaks(*paths: str, status: int) -> list[_Broken]:
        def make(today: Any) -> _Broken:
            made.append(_Broken(today, {*paths}, status))
            return made[-1]

        monkeypatch.setattr("omnicart_plugin.stores.DemoTransport", make)
        return made

    return breaks


async def test_a_source_that_fails_yields_nothing_and_breaks_nothing(desk: Desk, demo: str, broken: Any) -> None:
    broken("/admin/draft-orders", status=500)
    found = await desk.palette("example", reach="store", account_id=demo)

    assert found.partial
    assert "Orders" in {item.group for item in found.items}


async def test_a_store_without_the_search_is_asked_by_its_lists_and_that_is_remembered(
    desk: Desk, demo: str, broken: Any
) -> None:
    whole = await desk.palette("example", reach="store", account_id=demo, limit=100)
    made = broken("/admin/search", status=404)
    await desk.action("account.remove", account_id=demo, confirmed=True)
    other = (await desk.action("account.demo")).link.account_id
    older = await desk.palette("example", reach="store", account_id=other, limit=100)
    await desk.palette("Example", reach="store", account_id=other)

    assert {item.group for item in older.items} == {item.group for item in whole.items}
    assert not older.partial
    assert made[0].asked.count("/admin/search") == 1
