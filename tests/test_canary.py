"""The look-out for secrets sees one wherever it is put on purpose."""

import logging
from base64 import b64encode, urlsafe_b64encode
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from omnicart_plugin import problems, webos
from omnicart_plugin.storage.engine import Database
from omnicart_plugin.storage.errors import StorageError
from tests import canary, conftest

SECRET = "canary-in-the-mine"
FRAME = compile("def lose(word):\n    raise KeyError('mine')", "/omnicart_plugin/mine.py", "exec")


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        SECRET.encode().hex(),
        *(b64encode(before + SECRET.encode()).decode() for before in (b"", b"a", b"ab", b"abc")),
        urlsafe_b64encode(f"sk_{SECRET}:".encode()).decode(),
        "Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln",
    ],
)
def test_every_form_is_known(form: str) -> None:
    for thing in (f"x {form} y", f"x{form}".encode(), {"a": [form]}):
        canary.look("here", thing)
        assert canary.take({}, []) == ["here"]


def test_nothing_else_is_taken_for_one() -> None:
    canary.look("here", "A canary, in a mine: Bearer, Basic, and " + "ab" * 1000)
    assert canary.take({}, []) == []


@pytest.mark.parametrize("name", ["omnicart", "httpcore.http11", "httpx", "sqlalchemy.engine", "asyncio"])
def test_it_is_seen_in_a_log_of_any_level(name: str) -> None:
    logging.getLogger(name).debug("%s", SECRET)
    assert canary.take({}, []) == [f"log of {name}"]


def lose() -> None:
    scope: dict[str, Any] = {}
    exec(FRAME, scope)  # noqa: S102 - a frame that seems to be the product's own
    scope["lose"](SECRET)


def lose_behind() -> None:
    try:
        lose()
    except KeyError as error:
        raise ValueError("mine") from error


@pytest.mark.parametrize("fail", [lose, lose_behind])
def test_it_is_seen_in_a_frame_of_an_exception_that_a_test_expects(fail: Any) -> None:
    with pytest.raises((KeyError, ValueError)):
        fail()
    assert canary.take({}, []) == ["locals of lose, line 2, in KeyError"]


def test_it_is_seen_in_an_exception_that_becomes_a_problem_or_a_line_in_the_log() -> None:
    error = StorageError(SECRET)
    problems.of(error)
    assert canary.take({}, []) == ["text of StorageError"]
    logging.getLogger("x").debug("so", exc_info=error)
    assert canary.take({}, []) == ["text of StorageError"]


@pytest.mark.anyio
async def test_it_is_seen_in_answers_and_events(tmp_path: Path) -> None:
    async with webos.LocalHost(data_dir=tmp_path) as host:
        ctx = webos.Context(workspace_id=SECRET, user_id="u")
        await host.launch(webos.AppLaunch(ctx=ctx, app_id="omnicart"))
        assert canary.take({}, []) == ["repr of what webos_app_launch is asked"]
        host.emit(webos.AppEvent(app_id="omnicart", workspace_id=SECRET, account_id=None, panels=[]))
        assert canary.take({}, []) == ["a AppEvent"]


@pytest.mark.anyio
async def test_it_is_seen_in_the_database_and_in_its_journal(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite:///{tmp_path / 'mine.db'}")
    await database.run(lambda conn: conn.execute(text("CREATE TABLE mine (word TEXT)")))
    await database.run(lambda conn: conn.execute(text("INSERT INTO mine VALUES (:word)"), {"word": SECRET}))
    assert canary.take({"tmp_path": tmp_path}, []) == ["mine.db"]
    await database.run(lambda conn: conn.execute(text("UPDATE mine SET word = ''")))
    assert canary.take({"tmp_path": tmp_path}, []) == ["mine.db before a commit", "mine.db-journal before a commit"]
    await database.close()


@pytest.mark.parametrize("printed", [[], [("Captured stdout call", SECRET)]])
def test_the_test_that_shows_one_has_failed(printed: list[tuple[str, str]], request: pytest.FixtureRequest) -> None:
    report = SimpleNamespace(when="teardown", outcome="passed", longrepr=None, skipped=False, sections=printed)
    making = conftest.pytest_runtest_makereport(request.node)
    next(making)
    with suppress(StopIteration):
        making.send(report)  # type: ignore[arg-type]  # what of a report is read
    assert (report.outcome, report.longrepr) == (
        ("failed", "a secret was seen: Captured stdout call") if printed else ("passed", None)
    )
