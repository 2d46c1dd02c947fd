"""A PostgreSQL server of the tests' own, in a temporary directory, reachable through a Unix socket alone."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

from tests.medusa_lab import postgres_programs

_CONFIG = """
listen_addresses = ''
fsync = off
max_connections = 40
shared_buffers = 16MB
"""


@contextmanager
def postgres_server() -> Iterator[Callable[[str], str]]:
    """Yields what makes a new database as a copy of a template (``template1`` is empty) and returns its URL."""
    tools = postgres_programs()
    if tools is None:
        pytest.skip("there are no PostgreSQL server binaries here")
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    if os.getuid() == 0:
        shutil.chown(home, "postgres")
    data = home / "data"
    _run(tools / "initdb", "--auth=trust", "--username=tests", "--no-sync", "--encoding=UTF8", "--pgdata", data)
    with (data / "postgresql.conf").open("a") as config:
        config.write(f"{_CONFIG}unix_socket_directories = '{home}'\n")
    _run(tools / "pg_ctl", "--pgdata", data, "--log", home / "log", "--wait", "start")
    try:
        yield _maker(home)
    finally:
        _run(tools / "pg_ctl", "--pgdata", data, "--mode", "immediate", "stop")
        shutil.rmtree(home)


def _maker(home: Path) -> Callable[[str], str]:
    numbers = count(1)

    def make(template: str) -> str:
        name = f"tests{next(numbers)}"
        with psycopg.connect(f"host={home} user=tests dbname=postgres", autocommit=True) as conn:
            conn.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return f"postgresql+psycopg://tests@/{name}?host={home}"

    return make


def _run(program: Path, *arguments: str | Path) -> None:
    # The server refuses to run as root.
    user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
    subprocess.run(  # noqa: S603 - a program found above, no input from outside
        [program, *arguments], check=True, user=user, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
