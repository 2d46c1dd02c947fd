"""Making, editing and deleting a collection, and putting products into it."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

import msgspec

from omnicart_plugin.medusa import commands, queries, wire
from omnicart_plugin.medusa.errors import NotAllowed
from omnicart_plugin.panels.changes import CHANGES
from omnicart_plugin.panels.registry import NoInputs
from omnicart_plugin.panels.writing import Change
from omnicart_plugin.webos import Confirm, Done, Invalid, Link

UNTITLED = "Untitled collection"
LONGEST = 500
"""Characters of a title or a handle. PostgreSQL indexes no more than 2,700 bytes."""
MOST_PRODUCTS = 100
"""At once: their ids travel in an address."""
SHOWN_IN = ("collections", "collection", "products", "product")
_ID = re.compile(r"[\w-]{1,100}")
_BREAKS = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Categories of characters that are no part of a line of text."""


class CollectionInputs(msgspec.Struct, frozen=True):
    title: str = ""
    handle: str = ""


class ProductsInputs(msgspec.Struct, frozen=True):
    products: list[str] = []


def _faults(inputs: CollectionInputs) -> Mapping[str, str]:
    faults = {"title": _fault("title", inputs.title), "handle": _fault("handle", inputs.handle)}
    if not inputs.title.strip():
        faults["title"] = "Type a title."
    return {name: fault for name, fault in faults.items() if fault}


def _fault(name: str, typed: str) -> str:
    text = typed.strip()
    if len(text) > LONGEST:
        return f"A {name} has {LONGEST} characters at most."
    if any(unicodedata.category(character) in _BREAKS for character in text):
        return f"A {name} is one line of text, without control characters."
    return ""


def _handle(inputs: CollectionInputs) -> str:
    """The one that was typed, or the one that Medusa makes from a title."""
    words = re.sub("([a-z])([A-Z])", r"\1-\2", inputs.title.strip())
    return inputs.handle.strip() or re.sub(r"[\s_]+", "-", words).lower()


def _is_taken(error: NotAllowed) -> Mapping[str, str]:
    """The store says so in words alone, under the type of all its refusals."""
    if "handle" in error.message and "exists" in error.message:
        return {"handle": "Another collection has this handle already. Type another one."}
    return {}


def _made(before: wire.Collections, after: wire.Collections | None, inputs: CollectionInputs) -> bool:
    """One that was there before is another's."""
    titles = [group.title for group in after.collections] if after else []
    return not before.collections and titles == [inputs.title.strip()]


def _told_made(_: wire.Collections, after: wire.Collections, inputs: CollectionInputs) -> Done:
    link = Link(panel="collection", item_id=after.collections[0].id) if after.collections else None
    return Done(message=f"The collection “{inputs.title.strip()}” was made.", link=link)


def _is_so(_: wire.OneCollection, after: wire.OneCollection | None, inputs: CollectionInputs) -> bool:
    if after is None or after.collection.title != inputs.title.strip():
        return False
    return inputs.handle.strip() in {"", after.collection.handle}


def _ask_delete(one: wire.OneCollection, _: NoInputs) -> Confirm:
    count = len(one.collection.products)
    effect = "No product is in it." if not count else f"{_products(count)} will lose it, and stay in the store."
    return Confirm(title=f"Delete “{_title(one)}”?", text=effect, accept="Delete collection", danger=True)


def _told_deleted(before: wire.OneCollection, _: wire.OneCollection, __: NoInputs) -> Done:
    return Done(message=f"The collection “{_title(before)}” is deleted.", link=Link(panel="collections"))


def _choice_faults(inputs: ProductsInputs) -> Mapping[str, str]:
    if not inputs.products:
        return {"products": "Choose at least one product."}
    if len(inputs.products) > MOST_PRODUCTS:
        return {"products": f"Choose {MOST_PRODUCTS} products at most at once."}
    if not all(_ID.fullmatch(product_id) for product_id in inputs.products):
        return {"products": "Choose products from the list."}
    return {}


def _chosen(collection_id: str, inputs: ProductsInputs) -> queries.Get[wire.Products]:
    return queries.products_in(collection_id, _ids(inputs))


def _ids(inputs: ProductsInputs) -> Sequence[str]:
    return [*dict.fromkeys(inputs.products)]


def _added(before: wire.Products, after: wire.Products | None, inputs: ProductsInputs) -> bool:
    """The store passes over products that it does not have, so one more may be all."""
    now = len(after.products) if after else 0
    return now > len(before.products) or now == len(_ids(inputs))


def _told_added(before: wire.Products, after: wire.Products, inputs: ProductsInputs) -> Done | Invalid:
    missing = len(_ids(inputs)) - len(after.products)
    if not after.products:
        errors = {"products": "The store does not have what was chosen any more."}
        return Invalid(message="No product was added.", errors=errors)
    new = len(after.products) - len(before.products)
    told = (
        f"{_products(new)} {_was(new)} added to {_place(after)}."
        if new
        else f"Everything chosen is in {_place(after)} already."
    )
    gone = f" {_products(missing)} of those chosen {_was(missing)} not in the store any more." if missing else ""
    return Done(message=told + gone)


def _none_inside(inside: wire.Products) -> str | None:
    return None if inside.products else "This collection has none of these products."


def _told_removed(before: wire.Products, _: wire.Products, __: ProductsInputs) -> Done:
    count = len(before.products)
    return Done(message=f"{_products(count)} {_was(count)} taken out of {_place(before)}.")


def _place(inside: wire.Products) -> str:
    group = inside.products[0].collection
    return f"“{group.title}”" if group and group.title else "the collection"


def _title(one: wire.OneCollection) -> str:
    return one.collection.title or UNTITLED


def _products(count: int) -> str:
    return "1 product" if count == 1 else f"{count:,} products"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


for _change in (
    Change(
        action="collection.create",
        inputs=CollectionInputs,
        names=_handle,
        faults=_faults,
        thing=lambda handle, _: queries.collections_named(handle),
        commands=lambda handle, inputs: [commands.create_collection(inputs.title.strip(), handle)],
        took_effect=_made,
        refusals=_is_taken,
        done=_told_made,
        shown_in=SHOWN_IN,
    ),
    Change(
        action="collection.update",
        inputs=CollectionInputs,
        faults=_faults,
        thing=lambda collection_id, _: queries.collection(collection_id),
        commands=lambda collection_id, inputs: [
            commands.update_collection(collection_id, inputs.title.strip(), inputs.handle.strip())
        ],
        took_effect=_is_so,
        refusals=_is_taken,
        done=lambda _, after, __: Done(message=f"The collection “{_title(after)}” is saved."),
        shown_in=SHOWN_IN,
    ),
    Change(
        action="collection.delete",
        inputs=NoInputs,
        thing=lambda collection_id, _: queries.collection_with_products(collection_id),
        asks=_ask_delete,
        commands=lambda collection_id, _: [commands.delete_collection(collection_id)],
        took_effect=lambda _, after, __: after is None,
        done=_told_deleted,
        shown_in=SHOWN_IN,
    ),
    Change(
        action="collection.add_products",
        inputs=ProductsInputs,
        faults=_choice_faults,
        thing=_chosen,
        commands=lambda collection_id, inputs: [commands.change_collection_products(collection_id, add=_ids(inputs))],
        took_effect=_added,
        done=_told_added,
        shown_in=SHOWN_IN,
    ),
    Change(
        action="collection.remove_products",
        inputs=ProductsInputs,
        faults=_choice_faults,
        thing=_chosen,
        blocked=_none_inside,
        commands=lambda collection_id, inputs: [
            commands.change_collection_products(collection_id, remove=_ids(inputs))
        ],
        took_effect=lambda _, after, __: after is None or not after.products,
        done=_told_removed,
        shown_in=SHOWN_IN,
    ),
):
    CHANGES[_change.action] = _change
