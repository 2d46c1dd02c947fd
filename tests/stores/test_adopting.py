"""A client that has just signed in becomes the store of its account, once."""

from datetime import UTC, datetime
from typing import cast

import httpx
import pytest
from anyio import wait_all_tasks_blocked
from anyio.abc import TaskGroup

from omnicart_plugin.accounts.connect import SignedIn
from omnicart_plugin.accounts.directory import Account, Directory
from omnicart_plugin.medusa import queries, wire
from omnicart_plugin.medusa.auth import SecretKey
from omnicart_plugin.medusa.client import Client
from omnicart_plugin.medusa.egress import Egress
from omnicart_plugin.stores import Stores

pytestmark = pytest.mark.anyio
NOW = datetime.now(UTC)
ACCOUNT = Account(
    id="a", workspace_id="w", label="Shop", base_url="http://s", kind="secret_key", created_at=NOW, signed_in_at=NOW
)
TOLD = wire.Stores(stores=(wire.Store(id="store", name="Harbour"),))


class Line(httpx.MockTransport):
    """Knows whether it was closed."""

    closed = False

    async def aclose(self) -> None:
        self.closed = True


class Secrets:
    async def credentials(self, _: Account) -> SecretKey:
        return SecretKey("sk_1")


@pytest.fixture
def stores(tasks: TaskGroup) -> Stores:
    return Stores(cast("Directory", Secrets()), tasks, Egress(allow_private=True), lambda *_: None)


def signed_in(tasks: TaskGroup, line: Line) -> SignedIn:
    client = Client("http://s", SecretKey("sk_1"), tasks=tasks, egress=Egress(allow_private=True), transport=line)
    return SignedIn("Harbour", client, TOLD)


async def test_what_the_store_told_then_is_known(stores: Stores, tasks: TaskGroup) -> None:
    line = Line(lambda _: httpx.Response(500))
    await stores.adopt(ACCOUNT, signed_in(tasks, line))
    store = await stores.of(ACCOUNT)

    assert (await store.ask(queries.stores())).value == TOLD
    await stores.aclose()
    assert line.closed


async def test_a_store_that_is_in_use_by_then_stays(stores: Stores, tasks: TaskGroup) -> None:
    line = Line(lambda _: httpx.Response(500))
    used = await stores.of(ACCOUNT)
    await stores.adopt(ACCOUNT, signed_in(tasks, line))
    await wait_all_tasks_blocked()

    assert await stores.of(ACCOUNT) is used
    assert line.closed
    await stores.aclose()
