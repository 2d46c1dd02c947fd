"""The real server in a thread, and a Chromium in front of it."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from tests.conftest import CHROMIUM
from tests.desktop.library import Library
from tests.desktop.served import Served, serving

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(data_dir=tmp_path)


@pytest.fixture
def desk(library: Library) -> Iterator[Served]:
    with serving(library) as served:
        yield served


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One for each module of browser tests, which holds no asynchronous ones.

    Playwright's own event loop runs in this thread for as long as it lives, and then no other can.
    """
    with launched() as browser:
        yield browser


@contextmanager
def launched() -> Iterator[Browser]:
    expect.set_options(timeout=20_000)  # a busy machine is no fault of what is shown
    program = next(filter(None, map(shutil.which, CHROMIUM)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser, desk: Served) -> Iterator[BrowserContext]:
    """Signed in at the desk, in English and in Berlin; a script that fails or is refused fails the test."""
    made = chromium.new_context(locale="en-GB", timezone_id="Europe/Berlin", base_url=desk.url)
    faults: list[str] = []
    made.on("weberror", lambda fault: faults.append(str(fault.error)))
    made.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
    sign_in(made, desk)
    yield made
    made.close()
    assert faults == []


def sign_in(context: BrowserContext, desk: Served) -> None:
    name, _, value = desk.cookie()["Cookie"].partition("=")
    context.add_cookies([{"name": name, "value": value, "url": desk.url, "httpOnly": True, "sameSite": "Strict"}])


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """axe-core's source, asked for in its newest version."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("axe-core comes by npm, which is not on this machine")
    folder = tmp_path_factory.mktemp("axe")
    done = subprocess.run(  # noqa: S603 - fixed words
        [npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "axe-core"],
        cwd=folder,
        check=False,
        timeout=50,
        capture_output=True,
    )
    if done.returncode:
        pytest.skip("npm did not bring axe-core")
    return (folder / "node_modules/axe-core/axe.min.js").read_text()


def hold(page: Page, pattern: str) -> list[Route]:
    """The requests that fit the pattern from now on, each waiting for the test to let it go."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route(pattern, keep)
    return held


def serious_faults(page: Page, axe: str) -> list[tuple[str, str]]:
    page.evaluate(axe)
    result = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    serious = [one for one in result["violations"] if one["impact"] in {"serious", "critical"}]
    return [(one["id"], node["html"][:160]) for one in serious for node in one["nodes"]]


@pytest.fixture
def chromium_context(chromium: Browser) -> Iterator[BrowserContext]:
    """Nobody yet: for tests that start their own server."""
    made = chromium.new_context(locale="en-GB")
    yield made
    made.close()
