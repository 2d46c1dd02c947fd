"""Connecting real stores: every rung of the ladder, and what is left afterwards."""

from pathlib import Path
from urllib.parse import urlsplit

import anyio
import pytest

from omnicart_plugin import webos
from tests.app.desk import Desk
from tests.medusa_lab import Medusa

pytestmark = [pytest.mark.anyio, pytest.mark.medusa]


def typed(store: Medusa, **other: str) -> dict[str, str]:
    return {"base_url": store.url, "email": store.email, "password": store.password, **other}


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"base_url": "{url}/admin"}, "base_url", "without /admin"),
        ({"base_url": "{url}/app/orders"}, "base_url", "without /app"),
        ({"base_url": "http://127.0.0.1:9"}, "base_url", "Nothing answers"),
        ({"base_url": "https://{address}"}, "base_url", "secure"),
        ({"email": "", "password": "", "secret_key": "pk_123"}, "secret_key", "sk_"),
        ({"email": "", "password": "", "secret_key": "sk_wrong"}, "secret_key", "copied whole"),
        ({"email": "", "password": "", "secret_key": "hello"}, "secret_key", "sk_"),
        ({"password": "wrong"}, "password", "does not accept"),
        ({"email": "nobody@example.com"}, "password", "does not accept"),
    ],
)
async def test_each_rung_of_the_ladder_names_the_field_at_fault(
    desk: Desk, medusa: Medusa, change: dict[str, str], field: str, words: str
) -> None:
    address = urlsplit(medusa.url).netloc
    changed = {name: value.format(url=medusa.url, address=address) for name, value in change.items()}
    problem = await desk.action("account.connect", typed(medusa, **changed))

    assert (problem.type, problem.status, problem.field) == ("connection-failed", 422, field)
    assert words in problem.detail
    assert (await desk.launch()).accounts == []


@pytest.mark.parametrize("address", ["{url}/", " {url} ", "{netloc}", "HTTP://LOCALHOST:{port}"])
async def test_an_address_that_can_be_mended_is_mended(desk: Desk, medusa: Medusa, address: str) -> None:
    parts = urlsplit(medusa.url)
    base_url = address.format(url=medusa.url, netloc=parts.netloc, port=parts.port)
    account_id = await desk.connect(medusa, base_url=base_url)

    (account,) = (await desk.launch()).accounts
    assert account.id == account_id
    assert account.base_url in {medusa.url, f"http://localhost:{parts.port}"}


async def test_connecting_leads_to_the_stores_panels(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    screen = await desk.launch()
    overview = await desk.panel(screen.link.panel, account_id=account_id)

    assert screen.link.panel == "overview"
    shown = [panel.id for panel in webos.manifest_of("omnicart").panels if panel.navigation]
    assert [item.panel for item in screen.navigation] == shown
    assert {"Metrics", "Table"} <= {type(node).__name__ for node in overview.body}


async def test_a_secret_key_signs_in_as_well(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa, email="", password="", secret_key=medusa.secret_key)

    assert (await desk.orders(account_id)).rows


async def test_without_a_label_the_stores_own_name_is_taken(desk: Desk, medusa: Medusa) -> None:
    await desk.connect(medusa)
    name = medusa.api("GET", "/admin/stores")["stores"][0]["name"]

    assert [account.label for account in (await desk.launch()).accounts] == [name]


async def test_the_same_store_twice_is_one_account(desk: Desk, medusa: Medusa) -> None:
    first = await desk.connect(medusa)
    second = await desk.connect(medusa, base_url=f"{medusa.url}/", label="Again")

    assert first == second
    assert [account.label for account in (await desk.launch()).accounts] == ["Again"]


async def test_several_accounts_stand_side_by_side(desk: Desk, medusa: Medusa) -> None:
    port = urlsplit(medusa.url).port
    one = await desk.connect(medusa, label="One")
    two = await desk.connect(medusa, base_url=f"http://localhost:{port}", label="Two")

    assert [account.label for account in (await desk.launch()).accounts] == ["One", "Two"]
    assert (await desk.launch(two)).account_id == two
    assert (await desk.orders(one)).total == (await desk.orders(two)).total


async def test_an_account_can_be_renamed_and_signed_in_anew(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    await desk.action("account.rename", {"label": "Harbour 港"}, account_id=account_id)
    done = await desk.action("account.reconnect", {"secret_key": medusa.secret_key}, account_id=account_id)

    assert "Harbour 港" in done.message
    assert (await desk.orders(account_id)).rows


async def test_removing_asks_and_leaves_neither_row_nor_secret_in_the_file(
    desk: Desk, medusa: Medusa, tmp_path: Path
) -> None:
    account_id = await desk.connect(medusa, label="Remember me")
    asked = await desk.action("account.remove", account_id=account_id)
    assert asked.danger
    assert b"Remember me" in (tmp_path / "data" / "webos.db").read_bytes()
    await desk.action("account.remove", account_id=account_id, confirmed=True)

    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").iterdir())
    assert b"Remember me" not in kept
    assert account_id.encode() not in kept
    assert (await desk.panel("orders", account_id=account_id)).type == "not-found"


async def test_the_password_is_in_no_file(desk: Desk, medusa: Medusa, tmp_path: Path) -> None:
    await desk.connect(medusa)

    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").iterdir())
    assert medusa.password.encode() not in kept


async def test_another_workspace_never_sees_an_account(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    other = Desk(desk.host, workspace_id="other")
    unknown = await other.panel("orders", account_id="acc_never")

    assert (await other.launch()).accounts == []
    assert await other.panel("orders", account_id=account_id) == unknown
    assert (await other.action("account.remove", account_id=account_id, confirmed=True)).type == "not-found"
    assert (await desk.orders(account_id)).rows


async def test_an_expired_token_is_replaced_without_anyone_noticing(desk: Desk, short_token_medusa: Medusa) -> None:
    account_id = await desk.connect(short_token_medusa)
    for _ in range(3):
        assert isinstance(await desk.panel("orders", account_id=account_id, fresh=True), webos.Panel)
        await anyio.sleep(2.5)


async def test_fifty_panels_at_once_are_all_answered(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    titles: list[str] = []

    async def look(offset: int) -> None:
        titles.append((await desk.panel("orders", account_id=account_id, offset=offset, limit=1)).title)

    async with anyio.create_task_group() as tasks:
        for offset in range(50):
            tasks.start_soon(look, offset)

    assert titles == ["Orders"] * 50
