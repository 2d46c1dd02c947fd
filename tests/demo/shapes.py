"""The shape of answers: which kinds of JSON stand at which path, as far as the wire types read them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from msgspec import inspect

Shape = dict[str, set[str]]
"""A path such as ``.orders[].total`` and what was met there: null, flag, number, text, list, object or absent."""
_NUMBERS = dict.fromkeys((int, float, Decimal), "number")
_KINDS = {type(None): "null", bool: "flag", str: "text", list: "list", dict: "object", **_NUMBERS}


def shape_of(answers: Iterable[Any], read_as: type) -> Shape:
    """Of all the answers together. A key that some objects at a path lack is absent there."""
    shape: Shape = defaultdict(set)
    objects: dict[str, list[set[str]]] = defaultdict(list)
    for answer in answers:
        for path, value in _walk("", answer, inspect.type_info(read_as)):
            shape[path].add(_KINDS[type(value)])
            if isinstance(value, dict):
                objects[path].append(set(value))
    for path, held in objects.items():
        for key in set().union(*held):
            if f"{path}.{key}" in shape and not all(key in keys for keys in held):
                shape[f"{path}.{key}"].add("absent")
    return dict(shape)


def nullable(read_as: type) -> set[str]:
    """The paths where the wire type takes a null."""
    return set(_nullable("", inspect.type_info(read_as)))


def differences(real: Shape, demo: Shape, nullable: set[str]) -> list[str]:
    """What the demo invents, lacks, or has of another kind. Where Medusa has only nulls or empty lists, all is well."""
    found = []
    for path in sorted({*real, *demo}):
        is_untold = real.get(path) == {"null"} or (path.endswith("[]") and path not in real)
        if is_untold or not _was_met(path, real) or not _was_met(path, demo):
            continue
        told, shown = real.get(path, {"nothing"}), demo.get(path, {"nothing"})
        allowed = told | ({"null"} if path in nullable else set())
        if not shown <= allowed or not told - {"null", "absent"} <= shown:
            found.append(f"{path}: Medusa has {sorted(told)}, the demo {sorted(shown)}")
    return found


def _was_met(path: str, shape: Shape) -> bool:
    """Whether the object was there in which this would be."""
    parent = path.removesuffix("[]") if path.endswith("[]") else path.rpartition(".")[0]
    return not path or parent == "" or bool(shape.get(parent, set()) & {"object", "list"})


def _walk(path: str, value: Any, kind: inspect.Type) -> Iterator[tuple[str, Any]]:
    yield path, value
    below = _below(kind)
    if isinstance(below, inspect.StructType) and isinstance(value, dict):
        for field in below.fields:
            if field.encode_name in value:
                yield from _walk(f"{path}.{field.encode_name}", value[field.encode_name], field.type)
    if isinstance(below, inspect.VarTupleType) and isinstance(value, list):
        for item in value:
            yield from _walk(f"{path}[]", item, below.item_type)


def _nullable(path: str, kind: inspect.Type) -> Iterator[str]:
    if isinstance(kind, inspect.UnionType):
        yield path
    below = _below(kind)
    if isinstance(below, inspect.StructType) and path.count(".products") < 2:  # collections and products nest for ever
        for field in below.fields:
            yield from _nullable(f"{path}.{field.encode_name}", field.type)
    if isinstance(below, inspect.VarTupleType):
        yield from _nullable(f"{path}[]", below.item_type)


def _below(kind: inspect.Type) -> inspect.Type:
    """The type of what is there when it is not null."""
    if isinstance(kind, inspect.UnionType):
        return next(one for one in kind.types if not isinstance(one, inspect.NoneType))
    return kind
