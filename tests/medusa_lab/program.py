"""Processes of the lab: started detached, and ended one by one."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from .machine import ENVIRONMENT

_CHILDREN: dict[int, subprocess.Popen[bytes]] = {}


class LabError(Exception):
    """A program of the lab did not do its work; the message ends with its last words."""


class Program(msgspec.Struct, frozen=True):
    """A running process. `born` tells it from a later one with the same id (clock ticks since boot)."""

    pid: int
    born: str

    def runs(self) -> bool:
        child = _CHILDREN.get(self.pid)
        return child.poll() is None if child else _born(self.pid) == self.born

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.runs():
            os.kill(self.pid, how)
        while self.runs():
            time.sleep(0.01)


def start(
    command: Sequence[str | Path],
    *,
    log: Path,
    cwd: Path,
    env: Mapping[str, str],
    ready: Callable[[], bool],
    user: str | None = None,
) -> Program:
    """A program that answers; when it ends instead, or nobody waits any more, none is left."""
    program = _spawn(command, log, cwd, env, user)
    try:
        while not ready():
            if not program.runs():
                raise LabError(f"{command[0]} did not start:\n{_last_words(log)}")
            time.sleep(0.02)
    except BaseException:
        program.stop(signal.SIGKILL)
        raise
    return program


def run(
    command: Sequence[str | Path],
    *,
    log: Path,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    user: str | None = None,
) -> None:
    """Wait for the program's end; `LabError` when that is not a good one."""
    program = _spawn(command, log, cwd, env or {}, user)
    try:
        code = _CHILDREN[program.pid].wait()
    finally:
        program.stop()
    if code != 0:
        raise LabError(f"{command[0]} failed:\n{_last_words(log)}")


def _spawn(command: Sequence[str | Path], log: Path, cwd: Path, env: Mapping[str, str], user: str | None) -> Program:
    with log.open("ab") as out:
        child = subprocess.Popen(  # noqa: S603 - commands of the lab's own
            command,
            cwd=cwd,
            env={**ENVIRONMENT, **env},
            user=user,
            group=user,
            extra_groups=[] if user else None,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _CHILDREN[child.pid] = child
    return Program(child.pid, _born(child.pid))


def _last_words(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-20:])


def _born(pid: int) -> str:
    try:
        state = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return ""
    return state.rpartition(")")[2].split()[19]
