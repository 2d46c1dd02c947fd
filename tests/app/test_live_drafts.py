"""Draft orders of a real store, compared with what the store says to another program."""

from decimal import Decimal
from typing import Any

import pytest

from omnicart_plugin import webos
from tests.app.desk import Desk, numbers
from tests.medusa_lab import Medusa

pytestmark = [pytest.mark.anyio, pytest.mark.medusa]


@pytest.fixture(params=[("asyncio", {"debug": True})], ids=["asyncio"])
def anyio_backend(request: pytest.FixtureRequest) -> Any:
    """One backend: each test that changes a store costs one put back to its first state."""
    return request.param


def drafts(store: Medusa, query: str = "order=-created_at") -> list[Any]:
    fields = "id,display_id,status,email,currency_code,total"
    found: list[Any] = store.api("GET", f"/admin/draft-orders?limit=200&fields={fields}&{query}")["draft_orders"]
    return found


def order(store: Medusa, order_id: str) -> Any:
    return store.api("GET", f"/admin/orders/{order_id}?fields=id,status,display_id,total")["order"]


async def test_the_list_has_each_draft_with_its_total_the_newest_first(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    expected = drafts(medusa)
    shown = await desk.table("draft-orders", account_id=account_id)

    assert [row.id for row in shown.rows] == [draft["id"] for draft in expected]
    assert shown.total == len(expected)
    totals: list[Any] = [row.cells["total"] for row in shown.rows]
    assert [(money.amount, money.currency) for money in totals] == [
        (Decimal(str(draft["total"])), draft["currency_code"].upper()) for draft in expected
    ]
    paged = [
        (await desk.table("draft-orders", account_id=account_id, limit=1, offset=place)).rows[0].id
        for place in range(len(expected))
    ]
    assert paged == [draft["id"] for draft in expected]


async def test_drafts_are_found_by_number_id_and_email_and_sorted(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    one = drafts(medusa)[1]
    for search in (str(one["display_id"]), f"#{one['display_id']}", one["id"], one["email"]):
        assert one["id"] in {
            row.id for row in (await desk.table("draft-orders", account_id=account_id, search=search)).rows
        }
    assert (await desk.table("draft-orders", account_id=account_id, search="nobody-has-this")).rows == []
    for sort in ("display_id", "-display_id", "created_at"):
        expected = [f"#{draft['display_id']}" for draft in drafts(medusa, f"order={sort}")]
        assert numbers((await desk.table("draft-orders", account_id=account_id, sort=sort)).rows) == expected


async def test_each_draft_is_shown_like_an_order_with_totals_that_add_up(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    for draft in drafts(medusa):
        panel = await desk.panel("draft-order", account_id=account_id, item_id=draft["id"])
        (totals,) = [node for node in panel.body if isinstance(node, webos.Fields) and node.title == "Totals"]
        amounts: dict[str, Any] = {item.label: item.value for item in totals.items}
        total = amounts.pop("Total").amount

        assert panel.title == f"Draft #{draft['display_id']}"
        assert total == Decimal(str(draft["total"])) == sum(value.amount for value in amounts.values())
        assert [(action.id, action.disabled) for action in panel.actions] == [
            ("draft_order.convert", None),
            ("draft_order.delete", None),
        ]
    for item_id in ("order_never", "../orders", "a?b=c", "x" * 300):
        assert (await desk.panel("draft-order", account_id=account_id, item_id=item_id)).type == "not-found"
    real = medusa.api("GET", "/admin/orders?limit=1&fields=id,display_id")["orders"][0]
    elsewhere = await desk.panel("draft-order", account_id=account_id, item_id=real["id"])
    assert elsewhere.title == "This draft is an order now"
    assert "'order'" in repr(elsewhere.body)


async def test_converting_asks_does_what_it_says_and_leads_to_the_order(desk: Desk, fresh_medusa: Medusa) -> None:
    account_id = await desk.connect(fresh_medusa)
    one = next(draft for draft in drafts(fresh_medusa) if draft["currency_code"] == "jpy")
    where: dict[str, Any] = {"account_id": account_id, "item_id": one["id"]}
    await desk.panel("draft-orders", account_id=account_id)
    await desk.panel("draft-order", **where)
    asked = await desk.action("draft_order.convert", **where)

    assert isinstance(asked, webos.Confirm)
    assert f"#{one['display_id']}" in asked.text
    assert f" {round(one['total']):,} JPY" in asked.text
    assert order(fresh_medusa, one["id"])["status"] == "draft"

    done = await desk.action("draft_order.convert", confirmed=True, **where)
    assert done.link == webos.Link(panel="order", item_id=one["id"], account_id=account_id)
    after = order(fresh_medusa, one["id"])
    assert (after["status"], after["total"]) == ("pending", one["total"])
    assert (await desk.panel("order", **where)).title == f"Order #{one['display_id']}"
    assert (await desk.panel("draft-order", **where)).title == "This draft is an order now"
    assert one["id"] not in {row.id for row in (await desk.table("draft-orders", account_id=account_id)).rows}

    for action in ("draft_order.convert", "draft_order.delete"):
        for confirmed in (False, True):
            refused = await desk.action(action, confirmed=confirmed, **where)
            assert (refused.type, refused.detail) == (
                "not-allowed",
                f"It is no draft any more: it became order #{one['display_id']}.",
            )
    assert order(fresh_medusa, one["id"]) == after


async def test_deleting_a_draft_asks_and_leads_back_to_the_list(desk: Desk, fresh_medusa: Medusa) -> None:
    account_id = await desk.connect(fresh_medusa)
    one, *others = drafts(fresh_medusa)
    where: dict[str, Any] = {"account_id": account_id, "item_id": one["id"]}
    asked = await desk.action("draft_order.delete", **where)

    assert (type(asked), asked.danger, len(drafts(fresh_medusa))) == (webos.Confirm, True, 1 + len(others))
    done = await desk.action("draft_order.delete", confirmed=True, **where)
    assert done.link == webos.Link(panel="draft-orders", account_id=account_id)
    assert [draft["id"] for draft in drafts(fresh_medusa)] == [draft["id"] for draft in others]
    assert (await desk.action("draft_order.delete", confirmed=True, **where)).type == "not-found"
    assert (await desk.panel("draft-order", **where)).type == "not-found"


async def test_a_draft_that_is_not_there_changes_nothing(desk: Desk, fresh_medusa: Medusa) -> None:
    account_id = await desk.connect(fresh_medusa)
    before = drafts(fresh_medusa)
    for action in ("draft_order.convert", "draft_order.delete"):
        for confirmed in (False, True):
            answer = await desk.action(action, account_id=account_id, item_id="order_never", confirmed=confirmed)
            assert answer.type == "not-found"

    assert drafts(fresh_medusa) == before
