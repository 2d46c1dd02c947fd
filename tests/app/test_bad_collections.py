"""What nobody should ask of collections and drafts, and stores that answer nonsense about them."""

from typing import Any

import pytest

from omnicart_plugin import webos
from tests.app.desk import READ_ONLY, Desk
from tests.app.small_shop import Fault, SmallShop, Way
from tests.medusa.raw_server import Asked, answer

pytestmark = pytest.mark.anyio
LISTS = ("collections", "draft-orders")
THINGS = ("collection", "draft-order")
ACTIONS = [
    action.id
    for action in webos.manifest_of("omnicart").actions
    if action.id.startswith(("collection.", "draft_order."))
]


@pytest.fixture
async def demo(desk: Desk) -> str:
    return (await desk.action("account.demo")).link.account_id or ""


@pytest.fixture
async def account_id(desk: Desk, way: Way) -> str:
    connected = await desk.connect(way.medusa())
    way.asked.clear()
    return connected


def table(panel: Any) -> webos.Table:
    (found,) = [node for node in panel.body if isinstance(node, webos.Table)]
    return found


@pytest.mark.parametrize("panel", LISTS)
async def test_the_demo_shows_its_things_and_why_they_cannot_be_changed(desk: Desk, demo: str, panel: str) -> None:
    shown = await desk.panel(panel, account_id=demo)
    (row, *_) = table(shown).rows
    assert row.link
    thing = await desk.panel(row.link.panel, account_id=demo, item_id=row.link.item_id)
    actions = [
        *shown.actions,
        *thing.actions,
        *(a for n in thing.body for r in getattr(n, "rows", ()) for a in r.actions),
    ]

    assert thing.freshness.source == "demo"
    assert {action.disabled for action in actions} == {READ_ONLY}
    assert len(thing.actions) >= 2


async def test_every_action_is_shown_to_everyone_and_refused_on_the_demo(desk: Desk, demo: str) -> None:
    for action in ACTIONS:
        refused = await desk.action(action, account_id=demo, item_id="x", confirmed=True)
        assert refused.type == "demo-read-only"
    desk.ctx = webos.Context(workspace_id="w", user_id="u", role="guest", bundles=desk.ctx.bundles)
    for action in ACTIONS:
        assert (await desk.action(action, account_id=demo, item_id="x", confirmed=True)).type == "role-forbidden"


async def test_a_page_is_kept_inside_its_bounds(desk: Desk, demo: str) -> None:
    for panel in LISTS:
        for limit, least in ((-1, 1), (0, 1), (10_000, 200)):
            assert table(await desk.panel(panel, account_id=demo, limit=limit)).limit == least
        for offset in (-5, 10**6, 10**18):
            assert table(await desk.panel(panel, account_id=demo, offset=offset)).rows


async def test_what_does_not_exist_is_told(desk: Desk, demo: str) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"filters": {"status": "pending"}}, "bad-request"),
        ({"sort": "-total"}, "bad-request"),
        ({"account_id": "acc_never"}, "not-found"),
    ]
    for panel in (*LISTS, *THINGS):
        for where, problem in wrong:
            told = await desk.panel(panel, **{"account_id": demo, "item_id": "x", **where})
            assert (panel, where, told.type) == (panel, where, problem)
    for panel in THINGS:
        assert (await desk.panel(panel, account_id=demo, item_id="never")).type == "not-found"
        assert (await desk.panel(panel, account_id=demo)).type == "bad-request"


BAD_TITLES: list[tuple[dict[str, Any], set[str]]] = [
    ({}, {"title"}),
    ({"title": ""}, {"title"}),
    ({"title": "  \t "}, {"title"}),
    ({"title": "x" * 501}, {"title"}),
    ({"title": "two\nlines"}, {"title"}),
    ({"title": "\x00"}, {"title"}),
    ({"title": "x", "handle": "a\x00b"}, {"handle"}),
    ({"title": "", "handle": "h" * 501}, {"title", "handle"}),
    ({"title": True}, {"title"}),
    ({"title": ["x"], "handle": False}, {"title", "handle"}),
    ({"title": "x" * 6000}, {"title"}),
]
NO_CHOICES = [None, [], "prod_1", [""], ["../orders"], ["a b"], ["\x00"], ["x" * 101], ["prod_1"] * 101, [7], True]


async def test_a_title_or_handle_that_is_none_is_refused_at_its_field(desk: Desk, way: Way, account_id: str) -> None:
    for inputs, fields in BAD_TITLES:
        for action, item_id in (("collection.create", None), ("collection.update", "pcol_1")):
            told = await desk.action(action, inputs, account_id=account_id, item_id=item_id)
            assert (inputs, set(told.errors)) == (inputs, fields)
    assert way.asked == []


async def test_a_choice_that_is_none_is_refused_at_its_field(desk: Desk, way: Way, account_id: str) -> None:
    for products in NO_CHOICES:
        inputs = {} if products is None else {"products": products}
        for action in ("collection.add_products", "collection.remove_products"):
            told = await desk.action(action, inputs, account_id=account_id, item_id="pcol_1")
            assert (products, [*told.errors]) == (products, ["products"])
    assert way.asked == []


async def test_an_action_on_nothing_or_with_inputs_that_nobody_asked_for_is_refused(
    desk: Desk, way: Way, account_id: str
) -> None:
    fitting: dict[str, Any] = {
        "collection.create": {"title": "x"},
        "collection.update": {"title": "x"},
        "collection.add_products": {"products": ["prod_1"]},
        "collection.remove_products": {"products": ["prod_1"]},
    }
    for action in ACTIONS:
        inputs = fitting.get(action, {})
        where = {"account_id": account_id, "item_id": "x"}
        assert (await desk.action(action, {**inputs, "admin": True}, **where)).type == "bad-request"
        assert (await desk.action(action, inputs, account_id="acc_never", item_id="x")).type == "not-found"
        if action != "collection.create":
            assert (await desk.action(action, inputs, account_id=account_id)).type == "bad-request"
    assert way.asked == []


@pytest.mark.parametrize(
    ("garbage", "problem"),
    [
        (answer(b"<!doctype html>"), "upstream-invalid"),
        (answer(b""), "upstream-invalid"),
        (answer(b"[1, 2]"), "upstream-invalid"),
        (answer({"hello": "world"}), "upstream-invalid"),
        (answer(b"oops", 500), "store-unavailable"),
        (answer({"type": "forbidden", "message": "Not for you."}, 403), "store-forbidden"),
    ],
    ids=["html", "empty", "array", "other", "500", "403"],
)
async def test_a_store_that_answers_nonsense_is_told(
    desk: Desk, way: Way, account_id: str, garbage: bytes, problem: str
) -> None:
    async def nonsense(asked: Asked) -> bytes:
        return await SmallShop()(asked) if asked.path.startswith("/auth") else garbage

    way.store = nonsense
    for panel in (*LISTS, *THINGS):
        told = await desk.panel(panel, account_id=account_id, item_id="x")
        assert (panel, told.type, bool(told.title), told.detail[-1]) == (panel, problem, True, ".")


async def test_a_store_that_closes_the_connection_is_told(desk: Desk, way: Way, account_id: str) -> None:
    ends = ("/admin/collections", "/admin/draft-orders", "/admin/products", "/x")
    way.faults += [Fault(end, "disconnect", lasts=True) for end in ends]
    for panel in (*LISTS, *THINGS):
        assert (await desk.panel(panel, account_id=account_id, item_id="x")).type == "store-unavailable"


async def test_things_that_lack_what_they_should_have_are_shown_all_the_same(
    desk: Desk, way: Way, account_id: str
) -> None:
    bare = {
        "/admin/collections": {"collections": [{"id": "pcol_1", "title": None, "handle": 7, "products": "many"}]},
        "/admin/collections/pcol_1": {"collection": {"id": "pcol_1"}},
        "/admin/products": {"products": [{"id": "prod_1"}, {"title": "without an id"}], "count": 1},
        "/admin/draft-orders": {"draft_orders": [{"id": "order_1", "total": "?"}], "count": None},
        "/admin/draft-orders/order_1": {"draft_order": {"id": "order_1", "items": [{"id": "i"}], "customer": None}},
    }

    async def answers(asked: Asked) -> bytes:
        path = asked.path.partition("?")[0]
        return answer(bare[path]) if path in bare else await SmallShop()(asked)

    way.store = answers
    shown = [await desk.panel(panel, account_id=account_id) for panel in LISTS]
    shown.append(await desk.panel("collection", account_id=account_id, item_id="pcol_1"))
    shown.append(await desk.panel("draft-order", account_id=account_id, item_id="order_1"))

    assert [type(panel) for panel in shown] == [webos.Panel] * 4
    assert [len(table(panel).rows) for panel in shown[:3]] == [1, 1, 1]
    assert shown[2].title == "Untitled collection"
    assert "None" not in webos.encode(shown[3]).decode()
