"""Every answer goes through JSON and back, equal."""

from collections.abc import Callable
from datetime import UTC
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import inspect

from omnicart_plugin import webos


@pytest.mark.parametrize("answer", [*webos.Answer.__args__])
def test_every_answer_survives_the_wire(answer: type[msgspec.Struct]) -> None:
    @given(_structs(answer))
    def round_trip(value: msgspec.Struct) -> None:
        assert webos.decode(webos.encode(value), answer) == value

    round_trip()


def test_money_is_a_string_and_every_field_is_present() -> None:
    money = webos.Money(amount=Decimal("258.4375"), currency="EUR")

    assert webos.encode(money) == b'{"kind":"money","amount":"258.4375","currency":"EUR"}'
    assert b'"link":null' in webos.encode(webos.Done(message="x"))


def test_answers_are_told_apart_by_their_kind() -> None:
    kinds = [inspect.type_info(answer).tag for answer in webos.Answer.__args__]  # type: ignore[attr-defined]  # all are structs

    assert kinds == ["screen", "palette", "panel", "done", "invalid", "confirm", "problem", "appevent"]


def _structs(type_: type[msgspec.Struct]) -> st.SearchStrategy[msgspec.Struct]:
    return st.deferred(lambda: st.builds(type_, **{f.name: _values(f.type) for f in msgspec.structs.fields(type_)}))


def _values(type_: object) -> st.SearchStrategy[Any]:
    return _of(inspect.type_info(type_))


def _of(kind: Any) -> st.SearchStrategy[Any]:
    return BY_KIND[type(kind)](kind)


BY_KIND: dict[type[inspect.Type], Callable[[Any], st.SearchStrategy[Any]]] = {
    inspect.StructType: lambda kind: _structs(kind.cls),
    inspect.UnionType: lambda kind: st.one_of(*[_of(one) for one in kind.types]),
    inspect.ListType: lambda kind: st.lists(_of(kind.item_type), max_size=2),
    inspect.TupleType: lambda kind: st.tuples(*[_of(item) for item in kind.item_types]),
    inspect.DictType: lambda kind: st.dictionaries(_of(kind.key_type), _of(kind.value_type), max_size=2),
    inspect.LiteralType: lambda kind: st.sampled_from(kind.values),
    inspect.NoneType: lambda _: st.none(),
    inspect.BoolType: lambda _: st.booleans(),
    inspect.IntType: lambda _: st.integers(-(2**53), 2**53),
    inspect.DecimalType: lambda _: st.decimals(allow_nan=False, allow_infinity=False),
    inspect.DateTimeType: lambda _: st.datetimes(timezones=st.just(UTC)),
    inspect.FloatType: lambda _: st.floats(allow_nan=False, allow_infinity=False),
    inspect.StrType: lambda _: st.text(max_size=20),
}
