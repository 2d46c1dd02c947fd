"""The gate: who gets in, and that all others get nothing."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnicart_plugin import cli
from omnicart_plugin.desktop.gate import Entry, cookie_key
from tests.desktop.library import Library
from tests.desktop.served import Served, serving

PATHS = (
    "/",
    "/kinds",
    "/schema",
    "/api/apps",
    "/api/kinds",
    "/api/events",
    "/static/js/main.js",
    "/static/css/base.css",
)
PANEL = {"app_id": "library", "panel": "books"}


@pytest.mark.parametrize("path", PATHS)
def test_a_missing_cookie_gets_nothing(desk: Served, path: str) -> None:
    answer = desk.ask(path)
    assert answer.status == 401
    assert b"import" not in answer.body


@pytest.mark.parametrize("path", PATHS)
def test_a_wrong_cookie_gets_nothing(desk: Served, path: str) -> None:
    assert desk.ask(path, Cookie=f"desktop-{desk.port}={'0' * 64}").status == 401


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "[", "10.0.0.1:{port}"]
)
@pytest.mark.parametrize("path", PATHS)
def test_a_wrong_host_header_gets_nothing(desk: Served, host: str, path: str) -> None:
    answer = desk.ask(path, Host=host.format(port=desk.port), **desk.cookie())
    assert (answer.status, answer.body) == (403, b"Refused.")


@pytest.mark.parametrize("host", ["localhost:{port}", "127.0.0.1:{port}", "[::1]:{port}", "LOCALHOST:{port}"])
def test_every_name_of_loopback_is_right(desk: Served, host: str) -> None:
    assert desk.ask("/api/apps", Host=host.format(port=desk.port), **desk.cookie()).status == 200


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:1", "http://127.0.0.1.evil.example"]
)
def test_a_page_of_another_origin_gets_nothing(desk: Served, origin: str) -> None:
    answer = desk.ask("/api/panel", PANEL, Origin=origin, **desk.cookie())
    assert (answer.status, answer.body) == (403, b"Refused.")
    assert desk.library.asked == []


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("path", PATHS)
def test_a_neighbour_on_another_port_gets_nothing_with_our_own_cookie(desk: Served, path: str, site: str) -> None:
    answer = desk.ask(path, Sec_Fetch_Site=site, Sec_Fetch_Mode="no-cors", **desk.cookie())
    assert (answer.status, answer.body) == (403, b"Refused.")


def test_a_change_without_an_origin_is_refused(desk: Served) -> None:
    assert desk.ask("/api/action", b"{}", Origin="", **desk.cookie()).status == 403
    assert desk.ask("/api/action", method="POST", **desk.cookie()).status == 403


def test_the_printed_address_gives_a_cookie_and_a_clean_url(desk: Served) -> None:
    answer = desk.ask(desk.address.removeprefix(desk.url) + "&app=library&f.state=in")
    cookie = answer.headers["set-cookie"]
    assert (answer.status, answer.headers["location"]) == (303, "/?app=library&f.state=in")
    assert cookie.startswith(f"desktop-{desk.port}=")
    assert all(word in cookie.lower() for word in ("httponly", "samesite=strict", "path=/"))
    assert desk.ask("/", **desk.cookie()).status == 200


def test_another_token_gives_nothing(desk: Served) -> None:
    answer = desk.ask("/?token=guess")
    assert (answer.status, answer.headers["set-cookie"]) == (401, None)


def test_what_stands_on_the_browsers_command_line_opens_once(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: SimpleQueue[str] = SimpleQueue()
    monkeypatch.setattr("webbrowser.open", opened.put)
    with serving(library, open_browser=True) as desk:
        command_line = opened.get(timeout=10).removeprefix(desk.url)
        assert [desk.ask(command_line).status for _ in range(2)] == [303, 401]
        assert [desk.ask(desk.address.removeprefix(desk.url)).status for _ in range(2)] == [303, 303]


def test_a_restart_signs_nobody_out(library: Library) -> None:
    with serving(library) as first:
        cookie, port = first.cookie(), first.port
    with serving(library, port=port) as second:
        assert second.address != first.address
        assert second.ask("/api/apps", **cookie).status == 200


def test_the_key_of_the_cookies_is_its_owners_alone_and_never_half_a_key(tmp_path: Path) -> None:
    key = cookie_key(tmp_path)
    path = tmp_path / "desktop.key"
    assert cookie_key(tmp_path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_bytes(b"short")
    with pytest.raises(ValueError, match="not a key"):
        cookie_key(tmp_path)


@pytest.mark.parametrize(
    "path",
    ["/", "/kinds", "/api/apps", "/static/js/main.js", "/nothing", "/static/../api.py", "/static/%2e%2e/gate.py"],
)
def test_every_answer_carries_a_policy_without_unsafe(desk: Served, path: str) -> None:
    headers = desk.ask(path, **desk.cookie()).headers
    policy = headers["content-security-policy"]
    assert "unsafe" not in policy
    assert all(rule in policy for rule in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"))
    assert (headers["referrer-policy"], headers["x-content-type-options"]) == ("same-origin", "nosniff")


@pytest.mark.parametrize(
    "path", ["/static/../api.py", "/static/%2e%2e/gate.py", "/static/..%2fgate.py", "/static//etc/passwd"]
)
def test_only_the_static_files_are_files(desk: Served, path: str) -> None:
    assert desk.ask(path, **desk.cookie()).status == 404


def test_others_may_reach_it_only_past_a_password(library: Library) -> None:
    with pytest.raises(ValueError, match="password"), serving(library, address="0.0.0.0"):  # noqa: S104 - refused
        pass


def test_the_command_refuses_to_serve_others_without_a_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OMNICART_PASSWORD", raising=False)
    arguments = ["--host", "0.0.0.0", "--no-browser", "--data-dir", str(tmp_path)]  # noqa: S104 - refused
    monkeypatch.setattr("sys.argv", ["omnicart", "desktop", *arguments])
    with pytest.raises(SystemExit, match="can be reached from other machines: set a password first"):
        cli.main()


@pytest.mark.parametrize("port", ["70000", "-1", "door"])
def test_the_command_refuses_a_port_that_is_none_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], port: str
) -> None:
    monkeypatch.setattr("sys.argv", ["omnicart", "desktop", f"--port={port}"])
    with pytest.raises(SystemExit):
        cli.main()

    assert f"a port is a number from 0 to 65535, and {port} is none" in capsys.readouterr().err


def test_the_password_opens_and_another_does_not(library: Library) -> None:
    with serving(library, password="open sesame") as desk:
        page = desk.ask("/")
        assert (page.status, b"Password" in page.body) == (401, True)
        assert desk.ask("/", b"password=sesame").status == 401
        assert desk.ask("/", b"password=" + b"x" * 5000).status == 413
        opened = desk.ask("/?token=old&app=library&f.state=in", b"password=open+sesame")
        assert (opened.status, opened.headers["location"]) == (303, "/?app=library&f.state=in")
        cookie = opened.headers["set-cookie"].split(";")[0]
        assert desk.ask("/api/apps", Cookie=cookie).status == 200


def test_guesses_side_by_side_are_no_faster_than_one_after_another(library: Library) -> None:
    with serving(library, password="open sesame") as desk, ThreadPoolExecutor(12) as people:
        guesses = [people.submit(desk.ask, "/", b"password=%d" % number) for number in range(12)]
        told = {guess.result().status for guess in guesses}

    assert told == {401, 429}


def test_without_a_password_there_is_nothing_to_guess(desk: Served) -> None:
    answer = desk.ask("/", b"password=")
    assert (answer.status, b"Password" in answer.body) == (401, False)


def test_a_new_password_makes_old_cookies_worthless(library: Library) -> None:
    with serving(library, password="one") as first:
        cookie, port = first.cookie(), first.port
    with serving(library, password="two", port=port) as second:
        assert second.ask("/api/apps", **cookie).status == 401


def test_what_the_gate_knows_is_in_no_repr() -> None:
    entry = Entry(address="127.0.0.1", port=1, key=b"k" * 32, password="secret-word")
    assert not any(secret in repr(entry) for secret in ("kkkk", "secret-word", entry.token, entry.new_pass()))


@given(st.text())
def test_no_made_up_name_is_this_machine(name: str) -> None:
    entry = Entry(address="127.0.0.1", port=7420, key=b"k" * 32)
    assert not entry.knows_host(f"{name}.example:7420")


@pytest.mark.parametrize(("header", "known"), [("10.1.2.3:80", True), ("10.1.2.3", True), ("rebound.example", False)])
def test_on_a_network_an_address_is_known_and_a_strangers_name_is_not(header: str, known: bool) -> None:
    entry = Entry(address="0.0.0.0", port=80, key=b"k" * 32, password="p")  # noqa: S104 - nothing is bound
    assert entry.knows_host(header) is known
