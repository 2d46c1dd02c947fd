"""The key file of a host on one machine: made at first use, readable by its owner alone."""

import base64
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

KEY_BYTES = 32


class HostError(ValueError):
    """The host cannot start as it is set up; says what to change."""


class KeyFile:
    """Keys by id, newest first, as JSON with base64 values."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "keys.json"

    def __call__(self) -> Mapping[str, bytes]:
        """Read the keys; make the first one where there is no file. Raises HostError."""
        if not self._path.exists():
            _link_if_absent(self._draft({_new_id(): secrets.token_bytes(KEY_BYTES)}), self._path)
            _sync(self._path.parent)
        return read_keys(self._path)

    def add(self) -> None:
        """Put a new key first, so that it seals from now on."""
        self._replace({_new_id(): secrets.token_bytes(KEY_BYTES), **self()})

    def keep_first(self) -> None:
        """Forget all keys but the first, also in drafts that were never finished."""
        self._replace(dict([next(iter(self().items()))]))
        for draft in self._path.parent.glob(f"{self._path.stem}.*.new"):
            draft.unlink(missing_ok=True)

    def _replace(self, keys: Mapping[str, bytes]) -> None:
        self._draft(keys).replace(self._path)
        _sync(self._path.parent)

    def _draft(self, keys: Mapping[str, bytes]) -> Path:
        text = msgspec.json.encode({id_: base64.b64encode(key).decode() for id_, key in keys.items()})
        draft = self._path.with_suffix(f".{secrets.token_hex(4)}.new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        return draft


def read_keys(path: Path) -> dict[str, bytes]:
    """The keys of a file, in its order. Raises HostError where it holds anything else."""
    with suppress(ValueError):
        stored = msgspec.json.decode(path.read_bytes(), type=dict[str, str])
        return {id_: base64.b64decode(key, validate=True) for id_, key in stored.items()}
    raise HostError(f"{path} holds no keys: put back the file that was there, or give it keys in base64 by their id.")


def fault(keys: Mapping[str, bytes]) -> str:
    """What is wrong with a key ring, in a sentence without a key; empty if nothing is."""
    if not keys:
        return "The key ring is empty: give it a key to seal sign-ins with."
    wrong = {id_: len(key) for id_, key in keys.items() if len(key) != KEY_BYTES}
    return "".join(f"The key {id_!r} must have {KEY_BYTES} bytes and has {size}." for id_, size in wrong.items())


def _sync(folder: Path) -> None:
    """A new name in it outlasts a loss of power: before any row is sealed with a key, the key is on the disk."""
    if os.name != "posix":  # elsewhere a folder cannot be opened
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _link_if_absent(draft: Path, path: Path) -> None:
    """Of two hosts that start at once, the first one's keys stand."""
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


def _new_id() -> str:
    return f"k{secrets.token_hex(4)}"
