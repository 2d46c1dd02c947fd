"""Secrets that are recognised wherever they turn up, looked for in and after every test.

The passwords and keys of tests contain `MARK`; those of a real store are added by `watch`. Plain, in base64 and in hex
they are looked for in log records of every level, in exceptions with the locals of their frames, in what apps are asked
(as a repr), answer and emit, in the database file and its journal before every commit, in the files that a test leaves,
and in what it printed.
"""

import logging
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from traceback import walk_tb
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from omnicart_plugin import problems
from omnicart_plugin.webos import AppEvent, LocalHost
from omnicart_plugin.webos.running import Reply, RunningApp

MARK = "canary-"
_TOKEN = rb"Bearer e[\w-]{9}"
_FRAMES = re.compile(r"omnicart_plugin|site-packages/(httpx|httpcore|h11|sqlalchemy|cryptography|msgspec)")
"""Those of the tests hold secrets."""

_watched = {MARK}
_found: list[str] = []


def _needle(secret: str) -> bytes:
    """A pattern for the secret in all its forms; in base64 it has three, by where in a text it stands."""
    raw = secret.encode()
    forms = {raw, raw.hex().encode()}
    for before in range(3):
        packed = b64encode(bytes(before) + raw)
        forms.add(packed[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6])
    return b"|".join(map(re.escape, forms))


def _compiled() -> re.Pattern[bytes]:
    return re.compile(b"|".join([_TOKEN, *map(_needle, _watched)]))


_needles = _compiled()


def watch(*secrets: str) -> None:
    global _needles  # noqa: PLW0603 - what a process watches for
    _watched.update(secrets)
    _needles = _compiled()


def look(place: str, thing: object) -> None:
    """Note the place if the thing holds a secret, as bytes, as text or in its repr."""
    raw = thing if isinstance(thing, bytes) else (thing if isinstance(thing, str) else repr(thing)).encode()
    if _needles.search(raw):
        _found.append(place)


def take(fixtures: Mapping[str, object], printed: list[tuple[str, str]]) -> list[str]:
    """The places where one was found in a test that is over, with its files and its output; then they are forgotten."""
    for title, text in printed:
        look(title, text)
    folder = fixtures.get("tmp_path")
    for path in folder.rglob("*") if isinstance(folder, Path) else ():
        if path.is_file():
            look(path.name, path.read_bytes())
    found = [*dict.fromkeys(_found)]
    _found.clear()
    return found


def look_at_exception(error: BaseException | None) -> None:
    """Its text and the locals of its frames, and those of the exceptions behind it."""
    while error:
        look(f"text of {type(error).__name__}", f"{error} {error!r}")
        for frame, line in walk_tb(error.__traceback__):
            code = frame.f_code
            if _FRAMES.search(code.co_filename):
                look(f"locals of {code.co_qualname}, line {line}, in {type(error).__name__}", frame.f_locals)
        error = error.__cause__ or error.__context__


class _Log(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        look(f"log of {record.name}", record.getMessage())
        if record.exc_info:
            look_at_exception(record.exc_info[1])


def _before(owner: Any, name: str, see: Callable[..., None]) -> None:
    """From now on `see` is called with the arguments of every call."""
    original = getattr(owner, name)

    @wraps(original)
    def seen(*args: Any, **kwargs: Any) -> Any:
        see(*args, **kwargs)
        return original(*args, **kwargs)

    setattr(owner, name, seen)


def _watch_answers() -> None:
    original = RunningApp.call

    async def call(self: RunningApp, hook: str, answers: tuple[type[Any], ...], **arguments: object) -> Reply:
        look(f"repr of what {hook} is asked", arguments)
        reply = await original(self, hook, answers, **arguments)
        look(f"answer of {hook}", reply.data)
        look(f"repr of the answer of {hook}", reply.answer)
        return reply

    RunningApp.call = call  # type: ignore[method-assign]  # on purpose, for all tests


def _look_at_database(conn: Connection) -> None:
    path = conn.engine.url.database
    if conn.dialect.name != "sqlite" or not path:
        return
    for file in (Path(path), Path(f"{path}-journal")):
        if file.exists():
            look(f"{file.name} before a commit", file.read_bytes())


def install() -> None:
    """For this process and for good."""
    logging.getLogger().addHandler(_Log())
    for name in (None, "sqlalchemy"):  # SQLAlchemy sets its own level
        logging.getLogger(name).setLevel(logging.DEBUG)
    _watch_answers()
    _before(LocalHost, "emit", lambda _, happened: look(f"a {AppEvent.__name__}", happened))
    _before(problems, "of", lambda error, **_: look_at_exception(error))
    _before(pytest.ExceptionInfo, "fill_unfilled", lambda _, info: look_at_exception(info[1]))
    event.listen(Engine, "commit", _look_at_database)
