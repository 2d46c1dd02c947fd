"""The host's calls over HTTP: what the host is asked, and what a broken page is told."""

import http.client
import json
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnicart_plugin import webos
from omnicart_plugin.desktop.api import _locale, _timezone
from tests.desktop.library import Library
from tests.desktop.served import Served, serving

PANEL = {"app_id": "library", "panel": "books", "offset": 20}


def test_tiles_are_what_the_host_lists(desk: Served) -> None:
    tiles = desk.ask("/api/apps", **desk.cookie()).json
    assert [tile["name"] for tile in tiles] == ["Library", "Notes"]
    assert set(tiles[0]) == {"id", "name", "version", "summary", "category", "icon", "keywords", "bundle"}


def test_an_answer_of_the_host_arrives_as_it_is(desk: Served) -> None:
    panel = webos.decode(desk.ask("/api/panel", PANEL, **desk.cookie()).body, webos.Panel)
    assert (panel.id, len(panel.body)) == ("books", 1)


def test_the_server_says_who_asks_and_no_page_can(library: Library) -> None:
    forged = {**PANEL, "ctx": {"workspace_id": "other", "user_id": "root", "role": "owner", "bundles": ["all"]}}
    with serving(library, bundles=frozenset({"reading"})) as desk:
        desk.ask("/api/panel", forged, Accept_Language="de-DE,de;q=0.9", **_reader(desk, "Asia/Tokyo"))
    assert library.asked[0].ctx == webos.Context(
        workspace_id="local",
        user_id="local",
        role="owner",
        bundles=frozenset({"reading"}),
        locale="de-DE",
        timezone="Asia/Tokyo",
    )


def _reader(desk: Served, timezone: str) -> dict[str, str]:
    return {"Cookie": f"{desk.cookie()['Cookie']}; timezone={timezone}"}


def _visit(desk: Served, address: str, **headers: str) -> int:
    """The status; when it is known, the server is through with the page also behind its answer."""
    status = desk.ask(address, **headers).status
    desk.ask("/api/apps")
    return status


def test_a_pages_address_is_asked_for_before_the_page_can(desk: Served) -> None:
    address = "/?app=library&account=east&panel=books&item=b-1&q=a+b&f.state=lent&f.=x&sort=-title&offset=20"
    assert _visit(desk, address, **_reader(desk, "Asia/Tokyo")) == 200
    [asked] = desk.library.asked
    assert asked.ctx.timezone == "Asia/Tokyo"
    assert asked == webos.PanelRequest(
        ctx=asked.ctx,
        app_id="library",
        account_id="east",
        panel="books",
        item_id="b-1",
        search="a b",
        filters={"state": "lent", "": "x"},
        sort="-title",
        offset=20,
    )


@pytest.mark.parametrize("query", ["", "?app=library", "?panel=books", "?app=library&panel=books&offset=many"])
def test_an_address_that_names_no_panel_asks_nothing(desk: Served, query: str) -> None:
    assert _visit(desk, f"/{query}", **desk.cookie()) == 200
    assert desk.library.asked == []


def test_who_is_not_in_makes_no_app_work(desk: Served) -> None:
    assert _visit(desk, "/?app=library&panel=books") == 401
    assert desk.library.asked == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"app_id": 1}', b'{"app_id": "library"}', b"\xff\xfe"])
def test_a_body_of_another_shape_is_a_bad_request(desk: Served, body: bytes) -> None:
    answer = desk.ask("/api/panel", body, **desk.cookie())
    assert (answer.status, answer.json["kind"], answer.json["type"]) == (400, "problem", "bad-request")
    assert desk.library.asked == []


def test_a_body_without_an_end_is_cut_off(desk: Served) -> None:
    assert desk.ask("/api/action", b" " * 300_000, **desk.cookie()).status == 413


def test_what_was_typed_is_not_repeated_to_who_typed_it_wrongly(desk: Served) -> None:
    call = {"app_id": "library", "action": "a", "inputs": {"secret": {"canary": "word"}}}
    assert b"canary" not in desk.ask("/api/action", call, **desk.cookie()).body


def test_events_of_this_workspace_arrive_and_of_others_do_not(desk: Served) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=10)
    connection.request("GET", "/api/events", headers=dict(desk.cookie()))
    stream = connection.getresponse()
    assert stream.readline() == b": \n"
    foreign = webos.AppEvent(app_id="library", workspace_id="other", panels=["secret"])
    desk.portal.call(desk.library.send, foreign)
    desk.emit("books")
    lines = iter(stream.readline, b"")
    event = json.loads(next(line for line in lines if line.startswith(b"data:"))[5:])
    connection.close()
    assert (event["kind"], event["panels"]) == ("appevent", ["books"])


def test_an_open_stream_does_not_hold_up_the_end(library: Library) -> None:
    with serving(library) as desk:
        connection = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=10)
        connection.request("GET", "/api/events", headers=dict(desk.cookie()))
        stream = connection.getresponse()
        stream.readline()
    assert stream.read().strip(b": \n") == b""
    connection.close()


def test_a_request_that_the_end_cuts_off_leaves_no_traceback(
    library: Library, capfd: pytest.CaptureFixture[str]
) -> None:
    library.slow_palette = 3600
    body = json.dumps({"text": "a", "reach": "store"})
    with serving(library) as desk:
        connection = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=10)
        headers = {"Origin": desk.url, **desk.cookie()}
        connection.request("POST", "/api/palette", body, headers)
        while not library.asked:
            desk.ask("/api/apps", **desk.cookie())
    connection.close()
    assert capfd.readouterr().err == ""


def test_the_schemas_are_those_that_the_package_publishes(desk: Served) -> None:
    published = Path(webos.__file__).parent / "schemas" / "contract.json"
    assert desk.ask("/schema", **desk.cookie()).body == published.read_bytes()


def test_the_page_of_kinds_shows_every_kind_type_tone_and_shape(desk: Served) -> None:
    shown = desk.ask("/api/kinds", **desk.cookie()).body.decode()
    kinds = [kind.__struct_config__.tag for union in (webos.Node, webos.Value) for kind in get_args(union)]
    wanted = {f'"kind":"{kind}"' for kind in kinds}
    wanted |= {f'"type":"{type_}"' for type_ in get_args(webos.FieldType)}
    wanted |= {f'"tone":"{tone}"' for tone in get_args(webos.Tone)}
    wanted |= {f'"shape":"{shape}"' for shape in get_args(get_type_hints(webos.Chart)["shape"])}
    assert len(wanted) == len(kinds) + 9 + 5 + 2
    assert [one for one in wanted if one not in shown] == []


@given(st.text())
def test_any_header_makes_a_language_and_a_zone(text: str) -> None:
    assert _locale(text)
    assert _timezone(text)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "/etc/passwd", "Moon/Crater", "a" * 300, "\0"])
def test_a_zone_that_is_none_is_utc(name: str) -> None:
    assert _timezone(name) == "UTC"
