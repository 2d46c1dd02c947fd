"""An answer is bounded before it is decoded, and decoded so that a faulty field costs that field alone."""

import zlib
from collections.abc import AsyncIterable, Callable, Iterator
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin

import msgspec

from omnicart_plugin.medusa.errors import UpstreamInvalid

T = TypeVar("T")

MOST_BYTES = 12 * 1024 * 1024
"""As sent, and again inflated. 200 orders are about 2 MB."""
_STEP = 64 * 1024
"""Inflated at a time: what `MOST_BYTES` may be overshot by."""


async def read(chunks: AsyncIterable[bytes], encoding: str) -> bytes:
    """The body, inflated.

    Raises:
        UpstreamInvalid: It is too large, or not encoded as it says.
    """
    inflate = _inflater(encoding)
    parts: list[bytes] = []
    sent = inflated = 0
    async for chunk in chunks:
        sent += len(chunk)
        for part in inflate(chunk):
            parts.append(part)
            inflated += len(part)
            if inflated > MOST_BYTES:
                break
        if max(sent, inflated) > MOST_BYTES:
            raise UpstreamInvalid("The store's answer is too large.", code="too-large")
    return b"".join(parts)


def _inflater(encoding: str) -> Callable[[bytes], Iterator[bytes]]:
    if encoding in ("", "identity"):
        return lambda chunk: iter((chunk,))
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise UpstreamInvalid("The store's answer is packed in a way that was not asked for.", code="encoding")
    return _Inflater(encoding).inflate


class _Inflater:
    """What follows the end of the packed data is passed over, as browsers do."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._unpacker: Any = None  # typeshed names no class for zlib's decompressors

    def inflate(self, chunk: bytes) -> Iterator[bytes]:
        if self._unpacker is None and chunk:
            self._unpacker = zlib.decompressobj(_window(self._encoding, chunk[0]))
        more = bool(chunk)
        while more and not self._unpacker.eof:
            try:
                part = self._unpacker.decompress(chunk, _STEP)
            except zlib.error:
                part = None
            if part is None:
                raise UpstreamInvalid("The store's answer could not be unpacked.", code="encoding")
            yield part
            chunk = self._unpacker.unconsumed_tail
            more = bool(chunk) or len(part) == _STEP


def _window(encoding: str, first: int) -> int:
    """The ``wbits`` for zlib. Servers send deflate with zlib's header, as the standard says, or bare."""
    if encoding != "deflate":
        return 31
    return 15 if first & 0x0F == 8 else -15  # noqa: PLR2004 - zlib's mark of deflate


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def decode(body: bytes, kind: type[T]) -> T:
    """JSON as `kind`: at once if it fits, else piece by piece.

    Raises:
        UpstreamInvalid: It is not JSON, or lacks what it is about.
    """
    if body.lstrip()[:1] == b"<":
        raise UpstreamInvalid("The store answered with a web page.", code="html")
    try:
        return cast("T", _pieces(body, kind))
    except (ValueError, RecursionError):  # the latter of what nests too deep
        pass
    raise UpstreamInvalid("The store's answer could not be read.", code="shape")


def _pieces(raw: bytes | msgspec.Raw, kind: Any) -> Any:
    """All of `raw` at once if it fits; else what of it fits, without the fields and elements that do not.

    A ValueError is msgspec's DecodeError, or a UnicodeDecodeError, which it lets through.
    """
    try:
        return _decoder(kind).decode(raw)
    except ValueError:
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            return _fields(raw, kind)
        if get_origin(kind) is tuple:
            return tuple(_elements(raw, get_args(kind)[0]))
        if get_origin(kind) in (Union, UnionType):
            return _pieces(raw, get_args(kind)[0])
        raise


def _fields(raw: bytes | msgspec.Raw, kind: type[msgspec.Struct]) -> msgspec.Struct:
    sent = _decoder(dict[str, msgspec.Raw]).decode(raw)
    fitting: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        try:
            fitting[field.name] = _pieces(sent[field.name], field.type)
        except (KeyError, ValueError):
            if field.required:
                raise msgspec.ValidationError(field.name) from None
    return kind(**fitting)


def _elements(raw: bytes | msgspec.Raw, kind: Any) -> Iterator[Any]:
    for element in _decoder(list[msgspec.Raw]).decode(raw):
        try:
            yield _pieces(element, kind)
        except ValueError:
            continue
