"""A PostgreSQL of the lab's own: one folder, one port on loopback, nothing that lasts."""

import signal
from pathlib import Path

import psycopg

from . import program
from .machine import give_to_postgres, postgres_programs, postgres_user
from .program import LabError, Program

# What is here can be made again at any time: speed before safety.
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "min_wal_size": "32MB",
    "timezone": "UTC",
}


def create(data: Path, log: Path) -> None:
    data.mkdir(mode=0o700)
    give_to_postgres(data)
    initdb = _program("initdb")
    options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    program.run([initdb, "--pgdata", data, *options], log=log, cwd=data, user=postgres_user())


def start(data: Path, port: int, log: Path) -> Program:
    settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
    command: list[str | Path] = [_program("postgres"), "-D", data, "-p", str(port), *settings]
    return program.start(command, log=log, cwd=data, env={}, user=postgres_user(), ready=lambda: _answers(port))


def stop(postgres: Program) -> None:
    postgres.stop(signal.SIGINT)  # "fast": open sessions are ended, and what was written is kept


def url(port: int, name: str) -> str:
    return f"postgres://postgres@127.0.0.1:{port}/{name}"


def execute(port: int, *statements: str) -> None:
    with psycopg.connect(url(port, "postgres"), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def analyze(port: int, name: str) -> None:
    """So that the first questions are planned as later ones are."""
    with psycopg.connect(url(port, name), autocommit=True) as connection:
        connection.execute("vacuum analyze")


def _answers(port: int) -> bool:
    try:
        psycopg.connect(url(port, "postgres")).close()
    except psycopg.OperationalError:
        return False
    return True


def _program(name: str) -> Path:
    programs = postgres_programs()
    if programs is None:
        raise LabError(f"there is no {name} on this machine")
    return programs / name
