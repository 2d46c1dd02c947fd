"""A PostgreSQL server of the tests' own, in a temporary directory, reachable through a Unix socket alone."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
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


class PostgresServer:
    """One that runs, and can be stopped and started again."""

    def __init__(self, home: Path, tools: Path) -> None:
        self._home = home
        self._tools = tools
        self._numbers = count(1)

    def new(self, template: str = "template1") -> str:
        """The URL of a new database, a copy of a template; ``template1`` is empty."""
        name = f"tests{next(self._numbers)}"
        with psycopg.connect(f"host={self._home} user=tests dbname=postgres", autocommit=True) as conn:
            conn.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return f"postgresql+psycopg://tests@/{name}?host={self._home}"

    def start(self) -> None:
        self._control("--log", self._home / "log", "--wait", "start")

    def stop(self) -> None:
        """At once, with whatever is under way."""
        self._control("--mode", "immediate", "stop")

    def _control(self, *arguments: str | Path) -> None:
        _run(self._tools / "pg_ctl", "--pgdata", self._home / "data", *arguments)


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
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
    server = PostgresServer(home, tools)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(home)


def _run(program: Path, *arguments: str | Path) -> None:
    # The server refuses to run as root.
    user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
    subprocess.run(  # noqa: S603 - a program found above, no input from outside
        [program, *arguments], check=True, user=user, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
