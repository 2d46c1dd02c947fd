"""Every change of a store as a value: what to send, and the type of the answer."""

import builtins
from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

import msgspec

from omnicart_plugin.medusa import wire
from omnicart_plugin.medusa.queries import COLLECTION, at, picked

T = TypeVar("T")


class Post(msgspec.Struct, Generic[T], frozen=True):
    """``body`` is JSON; ``params`` keep the answer small."""

    path: str
    params: tuple[tuple[str, str], ...]
    body: bytes
    type: builtins.type[T]


class Delete(msgspec.Struct, Generic[T], frozen=True):
    path: str
    type: builtins.type[T]


def _post(path: str, answer: type[T], fields: str, body: Mapping[str, object] | None = None) -> Post[T]:
    return Post(path, picked(fields), msgspec.json.encode(body or {}), answer)


def complete_order(order_id: str) -> Post[wire.OneOrder]:
    return _post(at("orders", order_id, "complete"), wire.OneOrder, "id,status")


def cancel_order(order_id: str) -> Post[wire.OneOrder]:
    """Cancel, and refund what was captured. It takes no reason: see `set_cancel_reason`, which goes first."""
    return _post(at("orders", order_id, "cancel"), wire.OneOrder, "id,status")


def archive_order(order_id: str) -> Post[wire.OneOrder]:
    return _post(at("orders", order_id, "archive"), wire.OneOrder, "id,status")


def set_cancel_reason(order_id: str, reason: str) -> Post[wire.OneOrder]:
    """Into the order's metadata; an empty reason takes it back. A canceled order refuses."""
    body = {"metadata": {"cancel_reason": reason}}
    return _post(at("orders", order_id), wire.OneOrder, "id,status,metadata", body)


def create_collection(title: str, handle: str = "") -> Post[wire.OneCollection]:
    """Without a handle the store makes one from the title."""
    body = {"title": title, "handle": handle} if handle else {"title": title}
    return _post("/admin/collections", wire.OneCollection, COLLECTION, body)


def update_collection(collection_id: str, title: str, handle: str = "") -> Post[wire.OneCollection]:
    """An empty handle leaves the one that is there."""
    body = {"title": title, "handle": handle} if handle else {"title": title}
    return _post(at("collections", collection_id), wire.OneCollection, COLLECTION, body)


def delete_collection(collection_id: str) -> Delete[wire.Deleted]:
    """Also answers ``deleted`` for one that never was."""
    return Delete(at("collections", collection_id), wire.Deleted)


def change_collection_products(
    collection_id: str, *, add: Iterable[str] = (), remove: Iterable[str] = ()
) -> Post[wire.OneCollection]:
    """Unknown product ids are passed over in silence."""
    body = {"add": list(add), "remove": list(remove)}
    return _post(at("collections", collection_id, "products"), wire.OneCollection, COLLECTION, body)


def convert_draft(draft_id: str) -> Post[wire.OneOrder]:
    """Make a draft an order, under the same id."""
    return _post(at("draft-orders", draft_id, "convert-to-order"), wire.OneOrder, "id,display_id,status")


def delete_draft(draft_id: str) -> Delete[wire.Deleted]:
    return Delete(at("draft-orders", draft_id), wire.Deleted)
