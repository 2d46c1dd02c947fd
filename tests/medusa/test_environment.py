"""What the machine's environment or an earlier answer says is not taken over into a request."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from anyio.abc import ByteStream, TaskGroup

from omnicart_plugin.medusa import queries
from omnicart_plugin.medusa.auth import SecretKey
from omnicart_plugin.medusa.client import Client
from omnicart_plugin.medusa.egress import Egress
from tests.medusa.raw_server import Asked, RawServer, answer, raw_server

pytestmark = pytest.mark.anyio


async def reply(_: Asked, stream: ByteStream) -> None:
    await stream.send(answer({"count": 12}, Set_Cookie="sid=1; Path=/"))


@pytest.fixture
def netrc(tmp_path: Path) -> Path:
    path = tmp_path / ".netrc"
    path.write_text("default login me password of-another\n")
    path.chmod(0o600)
    return path


@pytest.fixture
async def server() -> AsyncIterator[RawServer]:
    async with raw_server(reply) as server:
        yield server


async def ask(server: RawServer, tasks: TaskGroup, times: int = 1) -> None:
    store = Client(server.url, SecretKey("sk_canary-x"), tasks=tasks, egress=Egress(allow_private=True))
    for _ in range(times):
        assert (await store.get(queries.count_orders())).count == 12
    await store.aclose()
    assert len(server.asked) == times


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"])
async def test_no_proxy_of_the_environment_is_used(
    server: RawServer, tasks: TaskGroup, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:1")
    await ask(server, tasks)


async def test_no_netrc_is_used(
    server: RawServer, tasks: TaskGroup, monkeypatch: pytest.MonkeyPatch, netrc: Path
) -> None:
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(netrc.parent))
    await ask(server, tasks)
    assert server.asked[0].headers["authorization"] == "Basic c2tfY2FuYXJ5LXg6"


async def test_no_cookie_is_kept(server: RawServer, tasks: TaskGroup) -> None:
    await ask(server, tasks, times=2)
    assert all("cookie" not in asked.headers for asked in server.asked)
