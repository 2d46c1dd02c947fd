"""The things of a store that panels are opened of, and how it is asked without OmniCart."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.medusa_lab import Medusa
from tests.medusa_lab.api import Api, by_password

_ORDERS = "/admin/orders?limit=60&fields=id,customer_id,items.id,items.product_id,items.product.collection_id"


@dataclass(frozen=True)
class Sample:
    """``ids`` are by the names that the dashboard's requests give them."""

    ids: Mapping[str, str]
    draft: str
    another_order: str
    headers: Mapping[str, str]
    """Of a user who has signed in, as both OmniCart and the dashboard do."""

    def item(self, panel: str) -> str | None:
        """What the panel is opened of, None where it is of no item."""
        kinds = {"order": "order", "product": "prod", "customer": "cus", "collection": "pcol"}
        return self.draft if panel == "draft-order" else self.ids[kinds[panel]] if panel in kinds else None


def sample(medusa: Medusa) -> Sample:
    """An order that was paid for and shipped, and the things around it."""
    with Api(medusa.url) as api:
        api.headers = by_password(api, medusa.email, medusa.password)
        orders = [order for order in api("GET", _ORDERS)["orders"] if order["fulfillment_status"] in _ON_THE_WAY]
        order, another, *_ = orders
        item = order["items"][0]
        ids = {
            "order": order["id"],
            "ordli": item["id"],
            "cus": order["customer_id"],
            "prod": item["product_id"],
            **{name: _first(api, path) for name, path in _FIRSTS.items()},
        }
        draft = next(draft["id"] for draft in api("GET", _DRAFTS)["draft_orders"] if len(draft["items"]) > 1)
        return Sample(ids, draft, another["id"], api.headers)


_ON_THE_WAY = {"shipped", "delivered"}
_DRAFTS = "/admin/draft-orders?fields=id,*items"
_FIRSTS = {
    "pcol": "/admin/collections",
    "sloc": "/admin/stock-locations",
    "user": "/admin/users",
    "reg": "/admin/regions",
    "so": "/admin/shipping-options",
    "sc": "/admin/sales-channels",
}


def _first(api: Api, path: str) -> str:
    answer: dict[str, Any] = api("GET", f"{path}?limit=1")
    rows = next(rows for rows in answer.values() if isinstance(rows, list))
    first: str = rows[0]["id"]
    return first
