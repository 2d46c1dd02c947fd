"""A program: rotates the keys of copies of a data directory, each killed at another line of ours.

Every line is killed at when it is reached first, and when it is reached last. Prints how many kills that made, or ends
with the line after which a row does not open.
"""

import os
import shutil
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import anyio

from omnicart_plugin.accounts import rotation
from omnicart_plugin.accounts.vault import Vault
from omnicart_plugin.webos.keyfile import KeyFile

WATCHED = ("rotation.py", "keyfile.py", "storage/accounts.py")  # nothing else changes a key or a row
Reached = list[str]


def rotate(folder: Path, at_line: Callable[[Reached], None]) -> None:
    """`at_line` is called before each line, with all that were reached."""
    reached: Reached = []

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if not frame.f_code.co_filename.endswith(WATCHED):
            return None
        if event == "line":
            reached.append(f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}")
            at_line(reached)
        return trace

    threading.settrace(trace)
    sys.settrace(trace)
    anyio.run(rotation.rotate, f"sqlite:///{folder / 'webos.db'}", KeyFile(folder))
    sys.settrace(None)


def die(after: int, reached: Reached) -> None:
    if len(reached) == after:
        os.kill(os.getpid(), signal.SIGKILL)


def rotate_and_die(folder: Path, after: int) -> None:
    child = os.fork()
    if child == 0:
        rotate(folder, partial(die, after))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        sys.exit(f"not killed after {after} lines")


def opened(folder: Path) -> list[bytes]:
    vault = Vault(KeyFile(folder))
    connection = sqlite3.connect(folder / "webos.db")
    rows = connection.execute("SELECT workspace_id, id, base_url, sealed FROM accounts").fetchall()
    connection.close()
    return sorted(vault.open(sealed, workspace_id=w, account_id=a, base_url=url) for w, a, url, sealed in rows)


def copied(folder: Path) -> Path:
    shutil.rmtree(folder / "copy", ignore_errors=True)
    return Path(shutil.copytree(folder, folder / "copy"))


def main(folder: Path) -> None:
    secrets = opened(folder)
    every: Reached = []
    rotate(copied(folder), lambda reached: every.append(reached[-1]))
    first = {line: number for number, line in reversed([*enumerate(every, 1)])}
    last = {line: number for number, line in enumerate(every, 1)}
    kills = sorted({*first.values(), *last.values()})
    for kill in kills:
        copy = copied(folder)
        rotate_and_die(copy, kill)
        if opened(copy) != secrets:
            sys.exit(f"killed at {every[kill - 1]}, not every row opens")
    sys.stdout.write(str(len(kills)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
