"""What is connected is remembered for a moment, and never longer than it is true."""

from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from omnicart_plugin.accounts import directory
from omnicart_plugin.accounts.directory import Directory, UnknownAccountError
from omnicart_plugin.storage.engine import Database
from tests.accounts import stored

pytestmark = pytest.mark.anyio


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Directory]:
    async with stored.directory(tmp_path) as own:
        yield own


@pytest.fixture
async def elsewhere(tmp_path: Path, here: Directory) -> AsyncIterator[Directory]:
    """Another process on the same file."""
    del here  # it makes the file
    async with stored.directory(tmp_path) as own:
        yield own


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the database was asked to do."""
    done: list[str] = []
    run = Database.run

    async def noting(database: Database, work: Any, *args: Any, **kwargs: Any) -> Any:
        done.append(work.__name__)
        return await run(database, work, *args, **kwargs)

    monkeypatch.setattr(Database, "run", noting)
    return done


async def test_a_panel_opened_again_finds_its_account_without_the_database(here: Directory, asked: list[str]) -> None:
    account = await here.connect("w", "https://shop.test", "Shop", stored.CANARY)
    for _ in range(3):
        assert await here.account("w", account.id) == account

    assert asked == ["upsert", "list_accounts"]


async def test_an_account_is_looked_up_again_after_a_while_though_the_file_looks_unchanged(
    here: Directory, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await here.connect("w", "https://shop.test", "Shop", stored.CANARY)
    await here.accounts("w")
    later = monotonic() + directory.REMEMBERED_SECONDS + 0.1
    monkeypatch.setattr(directory, "monotonic", lambda: later)
    asked.clear()
    await here.account("w", account.id)

    assert asked == ["list_accounts"]


async def test_what_is_changed_here_is_seen_here_at_once(here: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Database, "written_at", lambda _: 1)  # a file's time moves in ticks of milliseconds
    account = await here.connect("w", "https://shop.test", "Shop", stored.CANARY)
    assert await here.accounts("w") == [account]
    await here.rename(account, "Corner shop")
    assert (await here.account("w", account.id)).label == "Corner shop"
    again = await here.connect("w", "https://shop.test", "Shop", stored.CANARY)
    assert await here.accounts("w") == [again]
    await here.remove(account)

    assert await here.accounts("w") == []
    with pytest.raises(UnknownAccountError):
        await here.account("w", account.id)


async def test_what_another_process_changes_is_seen_at_once(here: Directory, elsewhere: Directory) -> None:
    account = await here.connect("w", "https://shop.test", "Shop", stored.CANARY)
    assert await here.accounts("w") == [account]
    await elsewhere.rename(account, "Corner shop")

    assert (await here.account("w", account.id)).label == "Corner shop"


async def test_where_no_file_tells_what_others_changed_it_is_seen_at_once_too(
    here: Directory, elsewhere: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "written_at", lambda _: None)
    account = await here.connect("w", "https://shop.test", "Shop", stored.CANARY)
    assert await here.accounts("w") == [account]
    await elsewhere.rename(account, "Corner shop")

    assert (await here.account("w", account.id)).label == "Corner shop"


async def test_what_another_process_connects_is_found_at_once_by_its_id(here: Directory, elsewhere: Directory) -> None:
    assert await here.accounts("w") == []
    account = await elsewhere.connect("w", "https://shop.test", "Shop", stored.CANARY)

    assert await here.account("w", account.id) == account


async def test_another_workspaces_account_is_not_found_however_well_it_is_remembered(here: Directory) -> None:
    account = await here.connect("w", "https://shop.test", "Shop", stored.CANARY)
    assert await here.account("w", account.id) == account
    for workspace, account_id in (("other", account.id), ("w", "acc_none"), ("w", "\0")):
        with pytest.raises(UnknownAccountError):
            await here.account(workspace, account_id)


async def test_what_is_being_read_while_something_is_changed_is_not_remembered(
    here: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await here.connect("w", "https://shop.test", "Shop", stored.CANARY)
    monkeypatch.setattr(Database, "written_at", lambda _: 1)  # a file's time moves in ticks of milliseconds
    run = Database.run

    async def slow(database: Database, work: Any, *args: Any, **kwargs: Any) -> Any:
        read = await run(database, work, *args, **kwargs)
        monkeypatch.setattr(Database, "run", run)
        await here.rename(account, "Corner shop")
        return read

    monkeypatch.setattr(Database, "run", slow)
    await here.accounts("w")

    assert (await here.account("w", account.id)).label == "Corner shop"


async def test_a_secret_that_was_replaced_or_removed_is_scrubbed_from_the_file_each_time(
    here: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    scrub, scrubbed = Database.scrub, list[str]()

    async def noting(database: Database) -> None:
        scrubbed.append("scrub")
        await scrub(database)

    account = await here.connect("w", "https://shop.test", "Shop", stored.CANARY)
    monkeypatch.setattr(Database, "scrub", noting)
    await here.connect("w", "https://shop.test", "Shop", stored.CANARY)
    assert len(scrubbed) == 1
    await here.remove(account)
    assert len(scrubbed) == 2
