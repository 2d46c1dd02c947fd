"""Requests and answers as JSON, and back."""

from typing import Any, TypeVar, cast

import msgspec

T = TypeVar("T")

_encoder = msgspec.json.Encoder(decimal_format="string")
_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


def encode(answer: msgspec.Struct) -> bytes:
    """JSON with every field present, money as strings and times in UTC."""
    return _encoder.encode(answer)


def decode(data: bytes, type: type[T]) -> T:  # noqa: A002 - the contract's own word
    """The inverse of `encode`.

    Raises:
        msgspec.ValidationError: It is JSON of another shape.
        msgspec.DecodeError: It is not JSON.
    """
    if type not in _decoders:
        _decoders[type] = msgspec.json.Decoder(type)
    return cast("T", _decoders[type].decode(data))
