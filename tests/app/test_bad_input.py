"""What nobody should send: each gets an answer that a person understands, and nothing is kept."""

from typing import Any

import pytest

from omnicart_plugin import webos
from tests.app.answering import answering, http
from tests.app.desk import Desk

pytestmark = pytest.mark.anyio
SIGN_IN = {"email": "a@example.com", "password": "canary-7f3a"}


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "   ",
        "http://shop .com",
        "ftp://shop.com",
        "javascript:alert(1)",
        "data:text/html,x",
        "http://user:pass@shop.com",
        "http://shop.com?x=1",
        "http://shop.com/#top",
        "http://",
        "http://[::1",
        "http://shop.com:99999",
        "https://-.com",
        "https://" + "a" * 3000,
        "https://shop.example/" + "a" * 3000,
        "https://" + "ü" * 3000 + ".example",
        "https://\u2028.example",
        "http://[fe80::1%25eth0",
        "http://[::g]",
        "http://sh\x00p.com",
        "http://xn--.com\n",
    ],
)
async def test_a_base_url_that_is_none_is_refused_at_its_field(desk: Desk, base_url: str) -> None:
    answer = await desk.action("account.connect", {"base_url": base_url, **SIGN_IN})

    assert isinstance(answer, webos.Invalid)
    assert answer.errors["base_url"].endswith(".")
    assert (await desk.launch()).accounts == []


@pytest.mark.parametrize(
    "base_url", ["https://bücher.example", "例え.テスト", "https://xn--bcher-kva.example", "http://[::1]:9", "[::1]:9"]
)
async def test_a_host_in_any_script_and_an_ipv6_address_are_addresses(desk: Desk, base_url: str) -> None:
    answer = await desk.action("account.connect", {"base_url": base_url, **SIGN_IN})

    assert (answer.type, answer.field) == ("connection-failed", "base_url")  # nothing is there
    assert answer.detail.endswith(".")


@pytest.mark.parametrize("label", ["x" * 500, "two\nlines", "bell\x07", "\x00"])
async def test_a_label_is_one_short_line(desk: Desk, label: str) -> None:
    answer = await desk.action("account.connect", {"base_url": "http://127.0.0.1:9", **SIGN_IN, "label": label})

    assert set(answer.errors) == {"label"}


@pytest.mark.parametrize(
    ("inputs", "fields"),
    [
        ({}, {"base_url", "email", "password"}),
        ({"base_url": "http://127.0.0.1:9"}, {"email", "password"}),
        ({"base_url": "http://127.0.0.1:9", "email": "a@example.com"}, {"password"}),
        ({"base_url": "http://127.0.0.1:9", **SIGN_IN, "secret_key": "sk_1"}, {"secret_key"}),
        ({"base_url": 7, **SIGN_IN}, {"base_url"}),
        ({"base_url": ["http://127.0.0.1:9"], "email": True, "password": None}, {"base_url", "email", "password"}),
        ({"base_url": "http://127.0.0.1:9", "email": "a" * 6000, "password": "x"}, {"email"}),
    ],
)
async def test_inputs_that_lack_or_are_of_another_type_are_named(desk: Desk, inputs: Any, fields: set[str]) -> None:
    answer = await desk.action("account.connect", inputs)

    assert isinstance(answer, webos.Invalid)
    assert set(answer.errors) == fields


async def test_an_input_that_nobody_asked_for_is_refused(desk: Desk) -> None:
    assert (await desk.action("account.connect", {"base_url": "x", "admin": True})).type == "bad-request"


@pytest.mark.parametrize(
    ("panel", "where", "problem"),
    [
        ("nothing", {}, "not-found"),
        ("", {}, "not-found"),
        ("orders", {}, "not-found"),
        ("orders", {"account_id": "acc_never"}, "not-found"),
        ("orders", {"filters": {"colour": "red"}}, "bad-request"),
        ("orders", {"filters": {"status": "lost"}}, "bad-request"),
        ("orders", {"sort": "-total"}, "bad-request"),
        ("order", {}, "bad-request"),
        ("products", {"account_id": "acc_never"}, "not-found"),
        ("products", {"filters": {"status": "archived"}}, "bad-request"),
        ("products", {"filters": {"account": "guest"}}, "bad-request"),
        ("products", {"sort": "status"}, "bad-request"),
        ("product", {}, "bad-request"),
        ("product", {"item_id": "prod_1", "sort": "sku"}, "bad-request"),
        ("customers", {"filters": {"account": "vip"}}, "bad-request"),
        ("customers", {"filters": {"has_account": "true"}}, "bad-request"),
        ("customers", {"sort": "-name"}, "bad-request"),
        ("customer", {}, "bad-request"),
        ("customer", {"item_id": "cus_1", "filters": {"status": "pending"}}, "bad-request"),
        ("settings", {"account_id": "acc_never"}, "not-found"),
        ("settings", {"filters": {"region": "eu"}}, "bad-request"),
        ("accounts", {"sort": "label"}, "bad-request"),
    ],
)
async def test_what_does_not_exist_is_told(desk: Desk, panel: str, where: dict[str, Any], problem: str) -> None:
    answer = await desk.panel(panel, **where)

    assert (answer.type, bool(answer.title), bool(answer.detail)) == (problem, True, True)


@pytest.mark.parametrize("action", ["", "order.burn", "account.connect ", "order.cancel", "account.remove"])
async def test_an_action_that_cannot_be_changes_nothing(desk: Desk, action: str) -> None:
    answer = await desk.action(action, account_id="acc_never", confirmed=True)

    assert answer.type in {"bad-request", "not-found"}


@pytest.mark.parametrize(
    ("limit", "offset", "rows"), [(-1, 0, 1), (0, -5, 1), (200, 0, 200), (10_000, -5, 200), (1, 10**18, 1)]
)
async def test_a_page_is_kept_inside_its_bounds(desk: Desk, limit: int, offset: int, rows: int) -> None:
    demo = (await desk.action("account.demo")).link.account_id
    table = await desk.orders(demo, limit=limit, offset=offset)

    assert len(table.rows) == table.limit == rows
    assert table.offset == max(0, min(offset, (table.total or 0) - 1))


@pytest.mark.parametrize(
    "reply",
    [
        http("200 OK", b"<!doctype html><h1>Shop</h1>", "text/html"),
        http("200 OK", b""),
        http("200 OK", b"[1, 2]"),
        http("200 OK", b'{"hello": '),
        http("500 Internal Server Error", b"oops"),
        http("301 Moved", b"").replace(b"\r\n\r\n", b"\r\nLocation: http://127.0.0.1:9/\r\n\r\n"),
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
    ],
    ids=["html", "empty", "array", "half", "500", "redirect", "closes", "ssh"],
)
async def test_what_is_no_store_is_told_at_the_address(desk: Desk, reply: bytes) -> None:
    async with answering(reply) as base_url:
        answer = await desk.action("account.connect", {"base_url": base_url, **SIGN_IN})

    assert (answer.type, answer.field) == ("connection-failed", "base_url")
    assert answer.detail.endswith(".")
    assert "canary" not in repr(answer)
    assert (await desk.launch()).accounts == []


async def test_a_user_with_two_factors_is_told_what_to_use_instead(desk: Desk) -> None:
    token = b'{"token": "a.b.c", "mfa_required": true, "mfa_challenge": {}}'
    at = {b"/health": http("200 OK", b"OK", "text/plain"), b"/auth/user/emailpass": http("200 OK", token)}
    async with answering(http("401 Unauthorized", b'{"message": "Unauthorized"}'), at=at) as base_url:
        answer = await desk.action("account.connect", {"base_url": base_url, **SIGN_IN})

    assert (answer.type, answer.field) == ("connection-failed", "email")
    assert "secret API key" in answer.detail
