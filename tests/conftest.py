"""A hostile harness: loopback only, no help from the environment, nothing skipped in silence where that counts."""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import anyio
import pytest
from anyio.abc import TaskGroup
from hypothesis import HealthCheck, settings

from omnicart_plugin.storage.engine import Database
from tests import canary, medusa_lab
from tests.loopback import allow_only_loopback
from tests.medusa_lab import Medusa, Store, open_store
from tests.postgres import PostgresServer, postgres_server

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
LIVE_FIXTURES = {"medusa", "fresh_medusa", "short_token_medusa"}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")  # a busy machine is no fault of what is tested
_FOREIGN = ("proxy", "ssl_", "sslkeylogfile", "requests_ca", "curl_ca", "netrc")


def pytest_configure() -> None:
    for name in [name for name in os.environ if any(part in name.lower() for part in _FOREIGN)]:
        del os.environ[name]
    # A zone that is neither UTC nor whole hours away from it, so that local time where UTC is meant shows.
    os.environ.update(TZ="Asia/Kathmandu", LC_ALL="C.UTF-8", LANG="C.UTF-8", LANGUAGE="")
    time.tzset()
    allow_only_loopback()
    canary.install()
    # Who ends a run from outside ends its stores with it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if LIVE_FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker("medusa")
            if item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(300))  # a store starts within the first test that asks for it
        for name, reason in _absent().items():
            if item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=reason))


@cache
def _absent() -> dict[str, str]:
    """Markers whose tests cannot run here, each with the reason."""
    reasons = {
        "medusa": None if "MEDUSA_URL" in os.environ else _no_store(),
        "browser": None if any(map(shutil.which, CHROMIUM)) else "there is no Chromium on this machine",
        "postgres": None if medusa_lab.postgres_programs() else "there are no PostgreSQL server binaries here",
    }
    return {name: reason for name, reason in reasons.items() if reason}


def _no_store() -> str | None:
    """Why no store is started here."""
    if os.environ.get("OMNICART_LIVE") != "1":
        return "runs against a real store: OMNICART_LIVE=1 starts one"
    return medusa_lab.missing()


def pytest_collection_finish(session: pytest.Session) -> None:
    """The first run on a machine takes minutes to install and fill a store: no test's timeout should pay for it."""
    is_live = any(item.get_closest_marker("medusa") for item in session.items) and _no_store() is None
    if is_live and not session.config.option.collectonly:
        medusa_lab.template()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Function) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "teardown" and (places := canary.take(item.funcargs, report.sections)):
        report.outcome = "failed"
        report.longrepr = f"a secret was seen: {', '.join(places)}"
    return _no_skip(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _no_skip((yield))


def _no_skip(report: Report) -> Report:
    """With OMNICART_NO_SKIP=1 a test that would be skipped has failed."""
    if os.environ.get("OMNICART_NO_SKIP") == "1" and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and OMNICART_NO_SKIP=1 forbids it: {report.longrepr}"
    return report


@pytest.fixture(params=[("asyncio", {"debug": True}), ("trio", {})], ids=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
async def tasks() -> AsyncIterator[TaskGroup]:
    """Where requests run; what is still under way at the end of a test is given up."""
    async with anyio.create_task_group() as group:
        yield group
        group.cancel_scope.cancel()


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database that a first start makes, to copy where that start is not what is tested: it takes 40 ms."""
    path = tmp_path_factory.mktemp("first-start") / "webos.db"
    database = anyio.run(Database.open, f"sqlite:///{path}")
    anyio.run(database.close)
    return path


@contextmanager
def _store(lifetime: str = "1d") -> Iterator[Store]:
    if reason := _no_store():
        pytest.skip(reason)
    with tempfile.TemporaryDirectory(prefix="omnicart-store-") as folder:
        store = open_store(Path(folder), lifetime=lifetime)
        canary.watch(store.medusa().password, store.secret_key)
        try:
            yield store
        finally:
            store.close()


@pytest.fixture(scope="session")
def medusa() -> Iterator[Medusa]:
    """A seeded store to read from; MEDUSA_URL and its kin name another one."""
    if "MEDUSA_URL" in os.environ:
        with Medusa(*(os.environ[f"MEDUSA_{part}"] for part in ("URL", "EMAIL", "PASSWORD", "SECRET_KEY"))) as told:
            canary.watch(told.password, told.secret_key)
            yield told
        return
    with _store() as store, store.medusa() as own:
        yield own


@pytest.fixture(scope="session")
def changing_store() -> Iterator[Store]:
    with _store() as store:
        yield store


@pytest.fixture
def fresh_medusa(changing_store: Store) -> Iterator[Medusa]:
    """A store to change, as it was after seeding."""
    changing_store.reset()
    with changing_store.medusa() as fresh:
        yield fresh


@pytest.fixture(scope="session")
def short_token_medusa() -> Iterator[Medusa]:
    """A seeded store to read from, where a sign-in lasts 5 seconds."""
    with _store(lifetime="5s") as store, store.medusa() as short:
        yield short


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server that runs to the end: who stops it starts it again."""
    with postgres_server() as server:
        yield server
