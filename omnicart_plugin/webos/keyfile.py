"""The key file of a host on one machine: made at first use, readable by its owner alone."""

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import msgspec

KEY_BYTES = 32


class KeyFile:
    """Keys by id, newest first, as JSON with base64 values."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self) -> Mapping[str, bytes]:
        """Read the keys; make the first one where there is no file."""
        if not self._path.exists():
            self._write({_new_id(): secrets.token_bytes(KEY_BYTES)}, os.O_EXCL)
        stored = msgspec.json.decode(self._path.read_bytes(), type=dict[str, str])
        return {id_: base64.b64decode(key) for id_, key in stored.items()}

    def add(self) -> str:
        """Put a new key first, so that it seals from now on. Returns its id."""
        id_ = _new_id()
        self._write({id_: secrets.token_bytes(KEY_BYTES), **self()})
        return id_

    def keep_first(self) -> None:
        """Forget all keys but the first."""
        id_, key = next(iter(self().items()))
        self._write({id_: key})

    def _write(self, keys: Mapping[str, bytes], flags: int = 0) -> None:
        text = msgspec.json.encode({id_: base64.b64encode(key).decode() for id_, key in keys.items()})
        draft = self._path.with_suffix(f".{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if flags & os.O_EXCL:
            _link_if_absent(draft, self._path)
        else:
            draft.replace(self._path)


def _link_if_absent(draft: Path, path: Path) -> None:
    """Of two hosts that start at once, the first one's keys stand."""
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _new_id() -> str:
    return f"k{secrets.token_hex(4)}"
