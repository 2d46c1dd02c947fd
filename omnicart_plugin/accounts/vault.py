"""Secrets under a key ring: AES-256-GCM, bound to the account that they open. The one module that sees a key.

Sealed: version (1 byte), length of the key id (1 byte), key id (UTF-8), nonce (12 bytes), ciphertext with its tag.
Bound beside it: that head, the workspace, the account and the origin of the base URL, each with its length before it.
"""

import secrets
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

Keys = Callable[[], Mapping[str, bytes]]
"""Key id → 32 bytes. The first seals, all open."""

_VERSION = 1
_KEY_BYTES = 32
_NONCE_BYTES = 12
_DEFAULT_PORTS = {"http": 80, "https": 443}


class VaultError(Exception):
    """A secret could not be sealed or opened. Its text is fit for a person and does not say which check failed."""


class UnreadableError(VaultError):
    """No key of the ring opens it, here."""


class Vault:
    """Raises VaultError at once when the ring has no key or one of another length than 32 bytes."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._ring = self._ask()

    def seal(self, secret: bytes, *, workspace_id: str, account_id: str, base_url: str) -> bytes:
        try:
            self._ring = self._ask()
            key_id = next(iter(self._ring))
            head = _head(key_id)
            nonce = secrets.token_bytes(_NONCE_BYTES)
            bound = _bound(head, workspace_id, account_id, base_url)
            return head + nonce + self._ring[key_id].encrypt(nonce, secret, bound)
        finally:
            del secret  # a traceback that shows this frame shows no secret

    def open(self, sealed: bytes, *, workspace_id: str, account_id: str, base_url: str) -> bytes:
        key_id = _key_id(sealed)
        head = _head(key_id)
        nonce, body = sealed[len(head) : len(head) + _NONCE_BYTES], sealed[len(head) + _NONCE_BYTES :]
        try:
            return self._cipher(key_id).decrypt(nonce, body, _bound(head, workspace_id, account_id, base_url))
        except (InvalidTag, ValueError):  # ValueError: too short for a nonce
            raise _unreadable() from None

    def reseal(self, sealed: bytes, *, workspace_id: str, account_id: str, base_url: str) -> bytes:
        """The same secret under the first key."""
        binding = {"workspace_id": workspace_id, "account_id": account_id, "base_url": base_url}
        return self.seal(self.open(sealed, **binding), **binding)

    def needs_reseal(self, sealed: bytes) -> bool:
        """Whether another key than the first one seals it."""
        return _key_id(sealed) != next(iter(self._asked_anew()))

    def lost_key(self, sealed: bytes) -> str:
        """The id of the key that seals it, if the ring lacks that one."""
        try:
            key_id = _key_id(sealed)
        except VaultError:
            return ""
        return "" if key_id in self._ring or key_id in self._asked_anew() else key_id

    def _cipher(self, key_id: str) -> AESGCM:
        cipher = self._ring.get(key_id) or self._asked_anew().get(key_id)
        if cipher is None:
            raise _unreadable()
        return cipher

    def _asked_anew(self) -> Mapping[str, AESGCM]:
        self._ring = self._ask()
        return self._ring

    def _ask(self) -> Mapping[str, AESGCM]:
        ring, fault = _read(self._keys)
        if fault:
            raise VaultError(fault)
        return ring


def _read(keys: Keys) -> tuple[dict[str, AESGCM], str]:
    """The ring as ciphers, which do not show their key, and what is wrong with it. No frame that raises holds a key."""
    ring = keys()
    if not ring:
        return {}, "The key ring holds no key to seal secrets with."
    for key_id, key in ring.items():
        if not 1 <= len(key_id.encode()) <= 255:  # noqa: PLR2004 - one byte holds the length
            return {}, "A key's id must have 1 to 255 bytes."
        if len(key) != _KEY_BYTES:
            return {}, f"The key {key_id!r} must have {_KEY_BYTES} bytes and has {len(key)}."
    return {key_id: AESGCM(key) for key_id, key in ring.items()}, ""


def _head(key_id: str) -> bytes:
    name = key_id.encode()
    return bytes([_VERSION, len(name)]) + name


def _key_id(sealed: bytes) -> str:
    try:
        version, length = sealed[:2]
        if version != _VERSION:
            raise _unreadable()
        return sealed[2 : 2 + length].decode()
    except ValueError:
        raise _unreadable() from None


def _bound(head: bytes, *parts: str) -> bytes:
    *owner, base_url = parts
    fields = [head, *(part.encode() for part in owner), _origin(base_url).encode()]
    return b"".join(len(field).to_bytes(8) + field for field in fields)


def _origin(base_url: str) -> str:
    try:
        parts = urlsplit(base_url)
        port = parts.port or _DEFAULT_PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise VaultError("A secret belongs to a base URL with http:// or https://.") from None
    return f"{parts.scheme}://{parts.hostname}:{port}"


def _unreadable() -> UnreadableError:
    return UnreadableError("The stored secret cannot be opened. Sign in anew.")
