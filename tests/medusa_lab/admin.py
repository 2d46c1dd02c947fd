"""Medusa's own admin in the browser, to compare with: built once on each machine, and served beside a store."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import program, server, template
from .machine import free_port, one_builder
from .store import Store


@contextmanager
def admin(store: Store) -> Iterator[str]:
    """Its address, served by a second Medusa on the store's database."""
    port = free_port()
    running = server.start(_built(), port, store.database_url, Path(store.folder) / "admin.log")
    try:
        yield f"{server.url(port)}/app"
    finally:
        running.stop()


def _built() -> Path:
    """The folder Medusa runs in; building takes minutes."""
    place = template.app("admin")
    pages = place / "public" / "admin"
    with one_builder("admin-pages"):
        if not pages.exists():
            env = server.environment("postgres://nobody@127.0.0.1/none")
            program.run([*server.MEDUSA, "build", "--admin-only"], log=place / "build.log", cwd=place, env=env)
            pages.parent.mkdir(exist_ok=True)
            (place / ".medusa" / "admin").rename(pages)
    return place
