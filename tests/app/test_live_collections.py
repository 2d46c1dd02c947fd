"""Collections of a real store: what is shown is what the store says to another program, and so is what is changed."""

from typing import Any
from urllib.parse import urlencode

import pytest

from omnicart_plugin import webos
from tests.app.desk import Desk, cell
from tests.medusa_lab import Medusa

pytestmark = [pytest.mark.anyio, pytest.mark.medusa]
NAMES = ["<script>alert(1)</script>", "مجموعة الصيف", "夏季系列", "👩‍👩‍👧 Family & Co_x", "x" * 300, "HelloWorld"]


@pytest.fixture(params=[("asyncio", {"debug": True})], ids=["asyncio"])
def anyio_backend(request: pytest.FixtureRequest) -> Any:
    """One backend: each test that changes a store costs one put back to its first state."""
    return request.param


def collections(store: Medusa, **asked: str) -> list[Any]:
    query = urlencode({"limit": 200, "order": "-created_at", "fields": "id,title,handle", **asked})
    found: list[Any] = store.api("GET", f"/admin/collections?{query}")["collections"]
    return found


def products(store: Medusa, collection_id: str = "") -> list[Any]:
    query = {"limit": 200, "order": "-created_at", "fields": "id,title,collection.id"}
    chosen = {"collection_id[]": collection_id} if collection_id else {}
    found: list[Any] = store.api("GET", f"/admin/products?{urlencode({**query, **chosen})}")["products"]
    return found


async def test_the_list_has_each_collection_with_its_number_of_products(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    expected = collections(medusa)
    shown = await desk.table("collections", account_id=account_id)

    assert [row.id for row in shown.rows] == [one["id"] for one in expected]
    assert shown.total == len(expected)
    for row, one in zip(shown.rows, expected, strict=True):
        assert (cell(row, "title"), cell(row, "handle")) == (one["title"], one["handle"])
        assert cell(row, "products") == len(products(medusa, one["id"]))
    assert {cell(row, "products") for row in shown.rows} > {0}


async def test_it_pages_sorts_and_searches(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    for sort in ("title", "-title", "created_at", "-created_at"):
        expected = [one["id"] for one in collections(medusa, order=sort)]
        paged = [
            row.id
            for offset in range(len(expected))
            for row in (await desk.table("collections", account_id=account_id, sort=sort, limit=1, offset=offset)).rows
        ]
        assert paged == expected
    one = collections(medusa)[0]
    assert [row.id for row in (await desk.table("collections", account_id=account_id, search=one["title"][:4])).rows]
    assert (await desk.table("collections", account_id=account_id, search="nothing-like-it")).rows == []
    beyond = await desk.table("collections", account_id=account_id, offset=5000)
    assert beyond.offset + len(beyond.rows) == beyond.total


async def test_one_collection_shows_its_products_and_leads_to_them(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    for one in collections(medusa):
        where: dict[str, Any] = {"account_id": account_id, "item_id": one["id"]}
        expected = products(medusa, one["id"])
        shown = await desk.table("collection", **where, limit=200)
        assert [row.id for row in shown.rows] == [product["id"] for product in expected]
        assert [row.link.panel for row in shown.rows if row.link] == ["product"] * len(expected)
        if expected:
            title = expected[0]["title"]
            assert expected[0]["id"] in [row.id for row in (await desk.table("collection", **where, search=title)).rows]
            assert (await desk.table("collection", **where, limit=1, offset=999)).offset == len(expected) - 1
    for item_id in ("pcol_never", "../stores", "a?b=c", "x" * 300):
        assert (await desk.panel("collection", account_id=account_id, item_id=item_id)).type == "not-found"


async def test_a_collection_is_made_edited_and_deleted(desk: Desk, fresh_medusa: Medusa) -> None:
    account_id = await desk.connect(fresh_medusa)
    for title in NAMES:
        done = await desk.action("collection.create", {"title": f" {title} "}, account_id=account_id)
        assert isinstance(done, webos.Done), done
        (made,) = [one for one in collections(fresh_medusa) if one["title"] == title]
        assert done.link == webos.Link(panel="collection", item_id=made["id"], account_id=account_id)
        where: dict[str, Any] = {"account_id": account_id, "item_id": made["id"]}
        assert (await desk.panel("collection", **where)).title == title

        edited = {"title": f"{title[:100]} 2", "handle": f"h-{made['id'].lower()}"}
        assert isinstance(await desk.action("collection.update", edited, **where), webos.Done)
        assert isinstance(await desk.action("collection.update", {"title": edited["title"]}, **where), webos.Done)
        (now,) = [one for one in collections(fresh_medusa) if one["id"] == made["id"]]
        assert (now["title"], now["handle"]) == (edited["title"], edited["handle"])

        asked = await desk.action("collection.delete", **where)
        assert isinstance(asked, webos.Confirm)
        assert "No product" in asked.text
        assert isinstance(await desk.action("collection.delete", confirmed=True, **where), webos.Done)
        assert made["id"] not in [one["id"] for one in collections(fresh_medusa)]
        assert (await desk.action("collection.delete", confirmed=True, **where)).type == "not-found"


async def test_a_new_collections_handle_is_the_one_that_medusa_would_make(desk: Desk, fresh_medusa: Medusa) -> None:
    account_id = await desk.connect(fresh_medusa)
    for title in [*NAMES, "Ünï & Co_x", "two  spaces", "日本 Größe"]:
        made = fresh_medusa.api("POST", "/admin/collections", {"title": title})["collection"]
        fresh_medusa.api("DELETE", f"/admin/collections/{made['id']}")
        await desk.action("collection.create", {"title": title}, account_id=account_id)
        (ours,) = [one for one in collections(fresh_medusa) if one["title"] == title]
        assert ours["handle"] == made["handle"]


async def test_a_handle_that_another_has_is_told_at_its_field(desk: Desk, fresh_medusa: Medusa) -> None:
    account_id = await desk.connect(fresh_medusa)
    one, other, *_ = collections(fresh_medusa)
    before = collections(fresh_medusa)
    answers = [
        await desk.action("collection.create", {"title": one["title"]}, account_id=account_id),
        await desk.action("collection.create", {"title": "New", "handle": one["handle"]}, account_id=account_id),
        await desk.action(
            "collection.update",
            {"title": other["title"], "handle": one["handle"]},
            account_id=account_id,
            item_id=other["id"],
        ),
    ]

    assert [(type(answer), [*answer.errors]) for answer in answers] == [(webos.Invalid, ["handle"])] * 3
    assert collections(fresh_medusa) == before


async def test_products_are_added_several_at_once_and_taken_out(desk: Desk, fresh_medusa: Medusa) -> None:
    account_id = await desk.connect(fresh_medusa)
    one = next(c for c in collections(fresh_medusa) if not products(fresh_medusa, c["id"]))
    where: dict[str, Any] = {"account_id": account_id, "item_id": one["id"]}
    chosen = [product["id"] for product in products(fresh_medusa)[:3]]
    await desk.panel("collections", account_id=account_id)
    await desk.panel("collection", **where)

    done = await desk.action("collection.add_products", {"products": [*chosen, chosen[0], "prod_never"]}, **where)
    assert done.message.startswith("3 products were added")
    assert "1 product of those chosen was not in the store" in done.message
    assert {product["id"] for product in products(fresh_medusa, one["id"])} == {*chosen}
    (row,) = [row for row in (await desk.table("collections", account_id=account_id)).rows if row.id == one["id"]]
    assert cell(row, "products") == 3
    again = await desk.action("collection.add_products", {"products": chosen}, **where)
    assert isinstance(again, webos.Done)
    nothing = await desk.action("collection.add_products", {"products": ["prod_never"]}, **where)
    assert [*nothing.errors] == ["products"]

    asked = await desk.action("collection.delete", **where)
    assert "3 products will lose it" in asked.text
    remove = (await desk.table("collection", **where)).rows[0].actions[0]
    done = await desk.action(remove.id, remove.values, account_id=remove.account_id, item_id=remove.item_id)
    assert done.message.startswith("1 product was taken out")
    assert len(products(fresh_medusa, one["id"])) == 2
    assert len((await desk.table("collection", **where)).rows) == 2
    repeated = await desk.action(remove.id, remove.values, account_id=remove.account_id, item_id=remove.item_id)
    assert repeated.type == "not-allowed"


async def test_a_collection_that_is_not_there_changes_nothing(desk: Desk, fresh_medusa: Medusa) -> None:
    account_id = await desk.connect(fresh_medusa)
    where: dict[str, Any] = {"account_id": account_id, "item_id": "pcol_never", "confirmed": True}
    some = [product["id"] for product in products(fresh_medusa)[:2]]
    before = (collections(fresh_medusa), products(fresh_medusa))
    answers = [
        await desk.action("collection.update", {"title": "x"}, **where),
        await desk.action("collection.delete", **where),
        await desk.action("collection.add_products", {"products": some}, **where),
    ]

    assert [answer.type for answer in answers] == ["not-found"] * 3
    assert (await desk.action("collection.remove_products", {"products": some}, **where)).type == "not-allowed"
    assert (collections(fresh_medusa), products(fresh_medusa)) == before
