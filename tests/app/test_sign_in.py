"""Signing in as a person meets it: what ends in "sign in anew" is mended there, in place."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from anyio.abc import ByteStream

from omnicart_plugin import webos
from omnicart_plugin.webos.keyfile import KeyFile
from tests.accounts import stored
from tests.app.desk import Desk
from tests.medusa.raw_server import Asked, RawServer, answer, jwt, raw_server
from tests.medusa_lab import Medusa

pytestmark = pytest.mark.anyio
SIGN_IN = "/auth/user/emailpass"
ORDERS = {"orders": [], "count": 0, "offset": 0, "limit": 20}


class Shop:
    """A store of one user whose tokens it may cease to take."""

    def __init__(self) -> None:
        self.takes_tokens = True

    async def reply(self, asked: Asked, stream: ByteStream) -> None:
        await stream.send(self._answer(asked))

    def _answer(self, asked: Asked) -> bytes:
        if asked.path == "/health":
            return answer(b"OK")
        if asked.path == SIGN_IN:
            return answer({"token": jwt(86_400)})
        if not self.takes_tokens or "authorization" not in asked.headers:
            return answer({"message": "Unauthorized"}, 401)
        return answer({"stores": [{"name": "Harbour"}]} if asked.path.startswith("/admin/stores") else ORDERS)


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
async def server(shop: Shop) -> AsyncIterator[RawServer]:
    async with raw_server(shop.reply) as server:
        yield server


async def connect(desk: Desk, server: RawServer) -> str:
    inputs = {"base_url": server.url, "email": "me@shop.test", "password": "canary-pa55word"}
    done = await desk.action("account.connect", inputs)
    assert isinstance(done, webos.Done), done
    assert done.link
    return done.link.account_id or ""


async def test_a_store_that_always_refuses_ends_in_sign_in_anew_which_mends_it(
    desk: Desk, shop: Shop, server: RawServer
) -> None:
    account_id = await connect(desk, server)
    await desk.orders(account_id)
    shop.takes_tokens = False
    server.asked.clear()
    problem = await desk.panel("orders", account_id=account_id, fresh=True)

    assert (problem.type, problem.status) == ("reauth-required", 401)
    assert [asked.path == SIGN_IN for asked in server.asked] == [False, True, False]
    (account,) = (await desk.launch()).accounts
    assert (account.status, "account.reconnect" in {action.id for action in account.actions}) == ("reauth", True)

    shop.takes_tokens = True
    inputs = {"email": "me@shop.test", "password": "canary-another"}
    assert isinstance(await desk.action("account.reconnect", inputs, account_id=account_id), webos.Done)
    (mended,) = (await desk.launch()).accounts
    assert (mended.id, mended.status) == (account_id, "ok")
    assert (await desk.orders(account_id)).total == 0


@pytest.mark.parametrize("again", [False, True])
async def test_who_has_just_connected_goes_on_with_that_sign_in(desk: Desk, server: RawServer, again: bool) -> None:
    account_id = await connect(desk, server)
    if again:
        await desk.orders(account_id)
        server.asked.clear()
        sign_in = {"email": "me@shop.test", "password": "canary-another"}
        assert isinstance(await desk.action("account.reconnect", sign_in, account_id=account_id), webos.Done)
    await desk.orders(account_id)

    assert [asked.path for asked in server.asked].count(SIGN_IN) == 1


@pytest.mark.medusa
async def test_a_key_that_was_revoked_is_replaced_by_a_password_in_place(desk: Desk, fresh_medusa: Medusa) -> None:
    account_id = await desk.connect(fresh_medusa, email="", password="", secret_key=fresh_medusa.secret_key)
    total = (await desk.orders(account_id)).total
    keys = fresh_medusa.api("GET", "/admin/api-keys?type=secret")["api_keys"]
    for key in keys:
        fresh_medusa.api("POST", f"/admin/api-keys/{key['id']}/revoke", {})
    assert (await desk.panel("orders", account_id=account_id, fresh=True)).type == "reauth-required"

    inputs = {"email": fresh_medusa.email, "password": fresh_medusa.password}
    assert isinstance(await desk.action("account.reconnect", inputs, account_id=account_id), webos.Done)
    assert (await desk.orders(account_id)).total == total


async def test_a_key_file_that_was_lost_is_told_at_start_and_mended_by_signing_in(
    tmp_path: Path, server: RawServer, caplog: pytest.LogCaptureFixture
) -> None:
    async with webos.LocalHost(data_dir=tmp_path, allow_private_network=True) as host:
        account_id = await connect(Desk(host), server)
    (lost,) = KeyFile(tmp_path)()
    stored.lose_keys(tmp_path)
    async with webos.LocalHost(data_dir=tmp_path, allow_private_network=True) as host:
        desk = Desk(host)
        problem = await desk.panel("orders", account_id=account_id)
        assert (problem.type, problem.title) == ("reauth-required", "The stored sign-in cannot be opened")
        assert f"The key '{lost}' is not in the key ring: put it back, or sign in anew" in caplog.text
        inputs = {"email": "me@shop.test", "password": "canary-pa55word"}
        assert isinstance(await desk.action("account.reconnect", inputs, account_id=account_id), webos.Done)
        assert (await desk.orders(account_id)).total == 0


@pytest.mark.parametrize("keys", [{}, {"k1": b"short"}, {"k1": b"x" * 32, "k2": b"x" * 33}])
async def test_keys_that_cannot_be_used_are_a_sentence_before_any_app_starts(
    tmp_path: Path, keys: dict[str, bytes], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(webos.HostError, match=r"key.*\.$"):
        await webos.LocalHost(data_dir=tmp_path, keys=keys).__aenter__()
    assert not caplog.records


async def test_keys_rotate_while_the_desktop_runs(tmp_path: Path, server: RawServer) -> None:
    async with webos.LocalHost(data_dir=tmp_path, allow_private_network=True) as host:
        desk, other = Desk(host), Desk(host, workspace_id="other")
        open_now, asked_later = await connect(desk, server), await connect(other, server)
        await desk.orders(open_now)
        await stored.rotate(tmp_path)
        assert (await desk.orders(open_now, fresh=True)).total == 0
        assert (await other.orders(asked_later)).total == 0
        third = await connect(Desk(host, workspace_id="third"), server)
    async with webos.LocalHost(data_dir=tmp_path, allow_private_network=True) as host:
        assert (await Desk(host, workspace_id="third").orders(third)).total == 0
    assert stored.key_ids(tmp_path) == {*KeyFile(tmp_path)()}
