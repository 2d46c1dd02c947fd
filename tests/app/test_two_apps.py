"""OmniCart beside another app in one host: each hears its own, and the palette is of both."""

import logging
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from omnicart_plugin import webos
from omnicart_plugin.panels.registry import PANELS
from tests.app.desk import BUNDLE, Desk
from tests.webos.apps import install

pytestmark = pytest.mark.anyio


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    yield folder
    sys.modules.pop("books_app", None)


@pytest.fixture
async def both(site: Path, tmp_path: Path) -> AsyncIterator[Desk]:
    install(site, "books")
    async with webos.LocalHost(data_dir=tmp_path / "data", allow_private_network=True) as host:
        desk = Desk(host)
        desk.ctx = webos.Context(workspace_id="w", user_id="u", role="owner", bundles=BUNDLE | {"learning"})
        await desk.launch()  # a palette does not wait for an app that has yet to start
        yield desk


def heard() -> list[Any]:
    return list(sys.modules["books_app"].App.heard)


async def test_both_are_there_and_each_gets_only_its_own_requests(both: Desk) -> None:
    assert {app.id for app in both.host.apps} == {"omnicart", "books"}
    secret = {"base_url": "http://127.0.0.1:9", "email": "a@example.com", "password": "canary-91c2"}
    await both.action("account.connect", secret)
    await both.panel("connect")
    await both.host.panel(webos.PanelRequest(ctx=both.ctx, app_id="books", panel="shelf"))

    assert [type(request) for request in heard()] == [webos.PanelRequest]
    assert "canary" not in str([getattr(request, "inputs", "") for request in heard()])


async def test_the_palette_merges_both_the_best_first(both: Desk) -> None:
    found = await both.palette("o")
    scores = [item.score for item in found.items]

    assert {item.app_id for item in found.items} == {"omnicart", "books"}
    assert scores == sorted(scores, reverse=True)
    assert {"Moby-Dick", "Orders", "OmniCart"} <= {item.title for item in found.items}
    assert not found.partial


async def test_an_event_of_the_host_is_heard_by_both(both: Desk) -> None:
    await both.host.event(webos.HostEvent(ctx=both.ctx, name="timer", panels=["orders", "shelf"]))

    assert [type(request) for request in heard()] == [webos.HostEvent]


async def test_omnicart_is_refused_by_name_when_its_code_differs_from_its_manifest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(PANELS, "attic", PANELS["connect"])
    with caplog.at_level(logging.ERROR):
        async with webos.LocalHost(data_dir=tmp_path) as host:
            answer = await Desk(host).panel("connect")

    assert answer.type == "internal"
    assert "omnicart: panel attic is only in the code" in caplog.text
