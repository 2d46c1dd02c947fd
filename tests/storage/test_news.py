"""What one process changed is heard by the others at once, and by itself not at all."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import pytest
from sqlalchemy import Connection, text

from omnicart_plugin.storage.engine import Database
from omnicart_plugin.storage.errors import StorageError
from omnicart_plugin.storage.news import News, Peers
from tests.postgres import PostgresServer

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]
RENAMED = News(workspace_id="w 1", account_id="acc_1", panels=["accounts", "overview"])
CONNECTED = News(workspace_id="häfen\n", account_id=None, panels=["accounts"])


class Ear:
    """Hears; may take a second for it."""

    def __init__(self) -> None:
        self._put, self._heard = anyio.create_memory_object_stream[News | None](100)

    async def hear(self, news: News | None) -> None:
        await self._put.send(news)

    async def next(self) -> News | None:
        with anyio.fail_after(1):
            return await self._heard.receive()

    def close(self) -> None:
        self._put.close()
        self._heard.close()


@asynccontextmanager
async def listening(peers: Peers) -> AsyncIterator[Ear]:
    ear = Ear()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(peers.listen, ear.hear)
        with anyio.fail_after(10):
            assert await ear._heard.receive() is None
        yield ear
        tasks.cancel_scope.cancel()
    ear.close()


@pytest.fixture
async def shared(postgres: PostgresServer) -> AsyncIterator[list[Database]]:
    url = postgres.new()
    databases = [await Database.open(url) for _ in range(2)]
    yield databases
    for database in databases:
        await database.close()


async def test_the_others_hear_it_and_the_teller_does_not(shared: list[Database]) -> None:
    here, there = map(Peers, shared)
    async with listening(here) as own, listening(there) as others:
        await here.tell(RENAMED)
        await here.tell(CONNECTED)
        await there.tell(RENAMED)

        assert [await others.next(), await others.next()] == [RENAMED, CONNECTED]
        assert await own.next() == RENAMED


async def test_what_another_program_says_on_the_channel_is_passed_over(shared: list[Database]) -> None:
    here, there = map(Peers, shared)
    async with listening(there) as ear:
        for letter in ("", "{}", "[1]", '["x", {"workspace_id": 3}]', "\U0001f40c"):
            await shared[0].run(Connection.execute, text("SELECT pg_notify('omnicart', :said)"), {"said": letter})
        await here.tell(RENAMED)

        assert await ear.next() == RENAMED


async def test_a_lost_connection_is_made_anew_and_something_may_have_been_missed(shared: list[Database]) -> None:
    here, there = map(Peers, shared)
    listener = "query LIKE 'LISTEN%' AND datname = current_database()"
    end = text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {listener}")  # noqa: S608 - our own words
    async with listening(there) as ear:
        for _ in range(3):
            await shared[0].run(Connection.execute, end)
            assert await ear.next() is None
            await here.tell(RENAMED)
            assert await ear.next() == RENAMED


async def test_a_hearer_whose_database_fails_hears_again(shared: list[Database]) -> None:
    here, there = map(Peers, shared)
    ear = Ear()

    async def hear(news: News | None) -> None:
        await ear.hear(news)
        if news == CONNECTED:
            raise StorageError("The database cannot be reached.")

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(there.listen, hear)
        with anyio.fail_after(10):
            assert await ear._heard.receive() is None
        await here.tell(CONNECTED)
        assert [await ear.next(), await ear.next()] == [CONNECTED, None]
        tasks.cancel_scope.cancel()
    ear.close()


async def test_who_listens_no_more_leaves_no_connection(shared: list[Database]) -> None:
    async with listening(Peers(shared[0])):
        pass
    query = text("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()")

    with anyio.fail_after(5):
        while await shared[1].run(Connection.scalar, query):
            pass  # the server sees it a moment later


async def test_an_sqlite_file_carries_no_news(database: Database, kind: str) -> None:
    if kind == "postgres":
        return
    ear = Ear()
    peers = Peers(database)
    await peers.listen(ear.hear)  # comes to an end

    await peers.tell(RENAMED)
    ear.close()
