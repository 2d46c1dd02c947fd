"""A field that is missing or of another type costs that field, a faulty element that element, never the answer."""

import copy
import json
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnicart_plugin.medusa import wire
from omnicart_plugin.medusa.answer import decode
from omnicart_plugin.medusa.errors import UpstreamInvalid
from omnicart_plugin.remembered import weight

SAMPLES: dict[type[msgspec.Struct], bytes] = {
    kind: (Path(__file__).parent / "samples" / f"{name}.json").read_bytes()
    for name, kind in (("order", wire.OneOrder), ("variants", wire.Variants), ("stores", wire.Stores))
}
"""As a store of version 2.21 sent them."""
Steps = tuple[Any, ...]
GONE = object()
JUNK = st.one_of(
    st.just(GONE),
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


def paths(value: Any, here: Steps = ()) -> list[Steps]:
    """Every place in an answer but the thing that it is about, and that thing's id."""
    steps: list[Any] = list(value) if isinstance(value, dict) else []
    steps = list(range(len(value))) if isinstance(value, list) else steps
    below = [path for step in steps for path in paths(value[step], (*here, step))]
    return below if len(here) < 2 or here == ("order", "id") else [here, *below]


def put(answer: Any, path: Steps, junk: Any) -> None:
    for step in path[:-1]:
        try:
            answer = answer[step]
        except (KeyError, IndexError, TypeError):
            return
    if not isinstance(answer, (dict, list)) or (isinstance(answer, list) and isinstance(path[-1], str)):
        return
    if junk is GONE and isinstance(answer, dict):
        answer.pop(path[-1], None)
    elif isinstance(answer, dict) or path[-1] < len(answer):
        answer[path[-1]] = None if junk is GONE else junk


def assert_untouched(whole: Any, rest: Any, touched: list[Steps], here: Steps) -> None:
    """What no mutilation came near is in the rest as it was."""
    near = [path for path in touched if path[: len(here)] == here]
    if not near:
        assert rest == whole
    elif here in near or rest is None:
        return
    elif isinstance(whole, tuple):
        for number, element in enumerate(whole):
            if not any(path[: len(here) + 1] == (*here, number) for path in near):
                assert element in rest
    elif isinstance(whole, msgspec.Struct):
        for name in whole.__struct_fields__:
            assert_untouched(getattr(whole, name), getattr(rest, name), touched, (*here, name))


@given(st.data(), st.sampled_from(list(SAMPLES)))
def test_whatever_is_mutilated_the_rest_is_as_it_was(data: st.DataObject, kind: type[msgspec.Struct]) -> None:
    answer = json.loads(SAMPLES[kind])
    whole = decode(SAMPLES[kind], kind)
    touched = data.draw(st.lists(st.sampled_from(paths(answer)), min_size=1, max_size=6))
    for path in touched:
        put(answer, path, data.draw(JUNK))
    rest = decode(json.dumps(answer).encode(), kind)
    assert_untouched(whole, rest, touched, ())


@given(st.recursive(JUNK.filter(lambda junk: junk is not GONE), st.lists, max_leaves=20))
def test_other_json_is_refused_and_nothing_else(junk: Any) -> None:
    for kind in SAMPLES:
        with pytest.raises(UpstreamInvalid):
            decode(json.dumps(junk).encode(), kind)


def test_however_deep_it_nests_what_was_read_can_be_remembered_too() -> None:
    read = []
    for depth in range(1, 2_000, 3):
        body = b'{"order": {"id": "order_1", "metadata": {"a": ' + b"[" * depth + b"]" * depth + b"}}}"
        with suppress(UpstreamInvalid):
            one, same = decode(body, wire.OneOrder), decode(body, wire.OneOrder)
            assert one == same
            assert weight(one) > depth
            read.append(depth)
    assert max(read) > 500


@given(st.binary())
def test_any_bytes_are_refused_and_nothing_else(body: bytes) -> None:
    with pytest.raises(UpstreamInvalid):
        decode(body, wire.Orders)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("created_at", "2026-01-01T00:00:00"),  # of no zone
        ("created_at", 1_700_000_000),
        ("display_id", "12"),
        ("total", {"value": "1"}),
        ("items", None),
        ("customer", {"email": "has@no.id"}),
        ("status", None),
    ],
)
def test_a_field_that_does_not_fit_has_its_default(field: str, value: object) -> None:
    answer = {"order": {"id": "order_1", "email": "me@shop.test", field: value}}
    order = decode(json.dumps(answer).encode(), wire.OneOrder).order
    assert order == wire.Order(id="order_1", email="me@shop.test")


def test_text_that_is_no_text_costs_its_field() -> None:
    body = b'{"order": {"id": "order_1", "email": "\xff", "status": "pending", "summary": {"\xff": 1}}}'
    order = decode(body, wire.OneOrder).order
    assert order == wire.Order(id="order_1", status="pending", summary=wire.Summary())
    with pytest.raises(UpstreamInvalid):
        decode(b'{"order": {"id": "\xff"}}', wire.OneOrder)


def test_money_is_exact() -> None:
    body = b'{"orders": [{"id": "a", "total": 258.4375}, {"id": "b", "total": 0.1}, {"id": "c", "total": 12}]}'
    assert [order.total for order in decode(body, wire.Orders).orders] == [Decimal("258.4375"), Decimal("0.1"), 12]


def test_the_figures_of_an_order_add_up() -> None:
    order = decode(SAMPLES[wire.OneOrder], wire.OneOrder).order
    figures = (order.item_subtotal, order.shipping_subtotal, order.discount_subtotal, order.tax_total)
    items, shipping, discount, tax = (figure or Decimal() for figure in figures)
    assert items + shipping - discount + tax - (order.credit_line_total or Decimal()) == order.total
    assert sum(item.subtotal or 0 for item in order.items) == items


def test_a_decoded_answer_cannot_be_changed_by_whoever_shares_it() -> None:
    order = decode(SAMPLES[wire.OneOrder], wire.OneOrder).order
    with pytest.raises(AttributeError):
        order.status = "canceled"  # type: ignore[misc]  # that is the test
    assert isinstance(copy.copy(order).items, tuple)
