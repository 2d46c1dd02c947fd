"""A store for tests: a copy of the template with a database and a Medusa server of its own."""

import signal
import subprocess
from contextlib import ExitStack
from pathlib import Path

import msgspec

from . import database, growth, server, template
from .machine import free_port, give_to_postgres, home
from .medusa import Medusa
from .program import LabError, Program

_NAME = "store"
_STATE = "store.json"


class Store(msgspec.Struct, frozen=True):
    """A running store and the folder that all of it is in."""

    folder: str
    port: int
    database_port: int
    secret_key: str
    postgres: Program
    server: Program
    orders: int | None = None
    """How many it was grown to; None as the seed has them."""

    @property
    def database_url(self) -> str:
        return database.url(self.database_port, _NAME)

    def medusa(self) -> Medusa:
        return Medusa(server.url(self.port), template.EMAIL, template.PASSWORD, self.secret_key)

    def keep(self) -> None:
        """So that `store_on` finds it."""
        (Path(self.folder) / _STATE).write_bytes(msgspec.json.encode(self))

    def reset(self) -> None:
        """As it was at first. The server keeps running: it opens new sessions by itself."""
        _refill(self.database_port, self.orders)

    def close(self) -> None:
        self.server.stop(signal.SIGKILL)  # nothing of it is kept, and it would wait for idle connections
        database.stop(self.postgres)


def open_store(folder: Path, *, port: int | None = None, lifetime: str = "1d", orders: int | None = None) -> Store:
    """Start a store in an empty folder. `lifetime` is that of a sign-in, as in `5s`."""
    medusa, origin = template.app(), template.template()
    give_to_postgres(folder)
    subprocess.run(["cp", "-a", origin / "data", folder], check=True)  # noqa: S603, S607 - keeps owners and modes
    database_port, http_port = free_port(), port or free_port()
    with ExitStack() as undo:
        postgres = database.start(folder / "data", database_port, folder / "postgres.log")
        undo.callback(database.stop, postgres)
        _refill(database_port, orders)
        database_url = database.url(database_port, _NAME)
        shop = server.start(medusa, http_port, database_url, folder / "medusa.log", lifetime)
        undo.pop_all()
    secret_key = (origin / "secret-key").read_text()
    return Store(str(folder), http_port, database_port, secret_key, postgres, shop, orders)


def home_of(port: int) -> Path:
    """The folder of a store that was started from the command line."""
    return home() / "stores" / str(port)


def store_on(port: int) -> Store:
    """A store that was started from the command line. Raises LabError where there is none."""
    state = home_of(port) / _STATE
    if not state.exists():
        raise LabError(f"There is no store on port {port}.")
    return msgspec.json.decode(state.read_bytes(), type=Store)


def _refill(database_port: int, orders: int | None) -> None:
    database.execute(
        database_port,
        f"drop database if exists {_NAME} with (force)",
        f"create database {_NAME} template {template.FILLED}",
    )
    if orders is not None:
        growth.grow(database_port, _NAME, orders)
