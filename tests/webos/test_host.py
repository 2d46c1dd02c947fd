"""The in-process host: one app at a time, and nothing of an app's trouble becomes the host's."""

import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import anyio
import pytest

from omnicart_plugin import webos
from omnicart_plugin.webos import ActionCall, AppLaunch, Context, HostEvent, PaletteQuery, PanelRequest
from tests.webos.apps import MANIFEST, install

pytestmark = pytest.mark.anyio
CTX = Context(workspace_id="w", user_id="u", role="owner", bundles=frozenset({"learning"}))


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    yield folder
    for name in [name for name in sys.modules if name.endswith("_app")]:
        del sys.modules[name]


@pytest.fixture
async def books(site: Path, tmp_path: Path) -> AsyncIterator[webos.LocalHost]:
    install(site, "books")
    async with webos.LocalHost(data_dir=tmp_path / "data") as host:
        yield host


def panel(app_id: str = "books") -> PanelRequest:
    return PanelRequest(ctx=CTX, app_id=app_id, panel="shelf")


def call(app_id: str = "books") -> ActionCall:
    return ActionCall(ctx=CTX, app_id=app_id, action="book.lend", inputs={"password": "hunter2"})


async def problem_of(host: webos.LocalHost, app_id: str) -> webos.Problem:
    return webos.decode(await host.panel(panel(app_id)), webos.Problem)


async def test_each_request_reaches_its_app_and_comes_back_encoded(books: webos.LocalHost) -> None:
    screen = webos.decode(await books.launch(AppLaunch(ctx=CTX, app_id="books")), webos.Screen)
    shelf = webos.decode(await books.panel(panel()), webos.Panel)
    done = webos.decode(await books.action(call()), webos.Done)

    assert (screen.title, shelf.title, done.message) == ("Books", "Shelf", "Lent")


async def test_tiles_come_from_manifests_and_an_app_is_imported_after_them(site: Path, tmp_path: Path) -> None:
    install(site, "books")
    async with webos.LocalHost(data_dir=tmp_path) as host:
        assert "books" in [app.id for app in host.apps]
        assert "books_app" not in sys.modules


def test_the_launcher_lists_omnicart_without_importing_it(tmp_path: Path) -> None:
    program = (
        "import sys; from omnicart_plugin import webos; "
        f"apps = webos.LocalHost(data_dir={str(tmp_path)!r}).apps; "
        "print([(a.id, a.category) for a in apps]); "
        "print([m for m in ('omnicart_plugin.plugin', 'omnicart_plugin.app', 'httpx') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own program

    assert shown == "[('omnicart', 'E-Commerce')]\n[]\n"


async def test_an_app_gets_only_its_own_requests(site: Path, tmp_path: Path) -> None:
    install(site, "books")
    install(site, "films")
    async with webos.LocalHost(data_dir=tmp_path) as host:
        await host.panel(panel("books"))
        await host.action(call("films"))

        assert [type(r) for r in sys.modules["books_app"].App.heard] == [PanelRequest]
        assert [type(r) for r in sys.modules["films_app"].App.heard] == [ActionCall]


async def test_events_and_palette_go_to_every_app(site: Path, tmp_path: Path) -> None:
    install(site, "books")
    install(site, "films")
    async with webos.LocalHost(data_dir=tmp_path) as host:
        await host.event(HostEvent(ctx=CTX, name="timer"))
        found = webos.decode(await host.palette(PaletteQuery(ctx=CTX, text="moby")), webos.PaletteResults)

        assert {item.app_id for item in found.items if item.title == "Moby-Dick"} == {"books", "films"}
        assert [type(r) for r in sys.modules["films_app"].App.heard] == [HostEvent, PaletteQuery]


async def test_the_palette_finds_an_app_by_name_and_by_keyword(books: webos.LocalHost) -> None:
    for typed in ("boo", "reading"):
        found = webos.decode(await books.palette(PaletteQuery(ctx=CTX, text=typed)), webos.PaletteResults)
        assert "app:books" in [item.id for item in found.items]


@pytest.mark.parametrize("body", ["raise ValueError('no')", "return None", "return webos.Done(message='x')", "1 / 0"])
async def test_a_hook_that_fails_costs_its_own_answer_only(site: Path, tmp_path: Path, body: str) -> None:
    code = f"""
    class Changed(App):
        @webos.hookimpl
        async def webos_render_panel(self, request):
            {body}
    """
    install(site, "bad", code=code)
    install(site, "books")
    async with webos.LocalHost(data_dir=tmp_path) as host:
        problem = await problem_of(host, "bad")

        assert (problem.type, problem.status) == ("internal", 500)
        assert problem.trace_id
        assert webos.decode(await host.panel(panel()), webos.Panel).title == "Shelf"


async def test_an_answer_that_cannot_be_encoded_is_internal(site: Path, tmp_path: Path) -> None:
    code = """
    class Changed(App):
        @webos.hookimpl
        async def webos_invoke_action(self, call):
            return webos.Done(message=object())
    """
    install(site, "bad", code=code)
    async with webos.LocalHost(data_dir=tmp_path) as host:
        assert webos.decode(await host.action(call("bad")), webos.Problem).type == "internal"


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_lifespan_that_dies_takes_nothing_with_it(site: Path, tmp_path: Path, when: str) -> None:
    code = f"""
    class Changed(App):
        @asynccontextmanager
        async def life(self, host):
            import anyio
            if {when!r} == "before":
                raise RuntimeError("no database")
            async def die():
                await self.ask.wait()
                raise RuntimeError("broken")
            self.ask = anyio.Event()
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(die)
                yield

        @webos.hookimpl
        async def webos_render_panel(self, request):
            import anyio
            self.ask.set()
            await anyio.sleep_forever()
    """
    install(site, "bad", code=code)
    install(site, "books")
    async with webos.LocalHost(data_dir=tmp_path) as host:
        for _ in range(2):
            assert (await problem_of(host, "bad")).type == "internal"
        assert webos.decode(await host.panel(panel()), webos.Panel).title == "Shelf"


async def test_an_app_that_cannot_be_imported_costs_its_own_answers(site: Path, tmp_path: Path) -> None:
    install(site, "bad", code="raise ImportError('missing')")
    async with webos.LocalHost(data_dir=tmp_path) as host:
        assert (await problem_of(host, "bad")).type == "internal"


async def test_a_late_palette_is_left_out(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = """
    class Changed(App):
        @webos.hookimpl
        async def webos_command_palette(self, query):
            import anyio
            await anyio.sleep_forever()
    """
    install(site, "bad", code=code)
    install(site, "books")
    monkeypatch.setitem(webos.host.PALETTE_SECONDS, "instant", 0.2)
    async with webos.LocalHost(data_dir=tmp_path) as host:
        await host.panel(panel())
        found = webos.decode(await host.palette(PaletteQuery(ctx=CTX, text="")), webos.PaletteResults)

    assert found.partial
    assert "Moby-Dick" in [item.title for item in found.items]


async def test_a_palette_says_that_an_app_which_has_yet_to_start_is_left_out(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = """
    class Changed(App):
        @asynccontextmanager
        async def life(self, host):
            import anyio
            await anyio.sleep_forever()
            yield
    """
    install(site, "bad", code=code)
    monkeypatch.setitem(webos.host.PALETTE_SECONDS, "instant", 0.2)
    monkeypatch.setattr(webos.running, "LEAVING_SECONDS", 0.1)
    async with webos.LocalHost(data_dir=tmp_path) as host:
        await host.panel(panel("omnicart"))
        found = webos.decode(await host.palette(PaletteQuery(ctx=CTX, text="")), webos.PaletteResults)

    assert found.partial


async def test_an_unknown_app_is_not_found(books: webos.LocalHost) -> None:
    assert (await problem_of(books, "nothing")).type == "not-found"


async def test_events_reach_every_listener_and_the_oldest_are_dropped(books: webos.LocalHost) -> None:
    one, two = books.events(), books.events()
    for n in range(300):
        books.emit(webos.AppEvent(app_id="books", workspace_id="w", panels=[str(n)]))

    assert (await anext(one)).panels == ["44"]
    assert (await anext(two)).panels == ["44"]


async def test_listening_ends_with_the_host(site: Path, tmp_path: Path) -> None:
    install(site, "books")
    async with webos.LocalHost(data_dir=tmp_path) as host:
        listener = host.events()
        await host.action(call())

    assert [event.panels async for event in listener] == [["shelf"]]


async def test_an_error_inside_the_host_leaves_it_as_it_is(site: Path, tmp_path: Path) -> None:
    install(site, "books")
    with pytest.raises(KeyError, match="mine"):
        async with webos.LocalHost(data_dir=tmp_path):
            raise KeyError("mine")


async def test_a_cancelled_host_leaves(site: Path, tmp_path: Path) -> None:
    install(site, "books")
    with anyio.move_on_after(0.2) as scope:
        async with webos.LocalHost(data_dir=tmp_path):
            await anyio.sleep_forever()

    assert scope.cancelled_caught


def test_a_shared_database_without_keys_is_refused_before_any_app_starts(tmp_path: Path) -> None:
    with pytest.raises(webos.HostError, match="key"):
        webos.LocalHost(data_dir=tmp_path, database_url="postgresql+psycopg://db/x")


def test_the_key_file_is_its_owners_alone_and_stays(tmp_path: Path) -> None:
    first = webos.LocalHost(data_dir=tmp_path).keys()

    assert webos.LocalHost(data_dir=tmp_path).keys() == first
    assert [len(key) for key in first.values()] == [32]
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("schema = 1", "schema = 2"), "schema"),
        (('icon = "book"\nkey', 'colour = "red"\nicon = "book"\nkey'), "colour"),
        (('title = "Shelf"\n', ""), "title"),
        (("<2", "<1"), "contract"),
        (('id = "{id}"', 'id = "other"'), "other"),
        (('roles = ["owner"]', 'roles = ["queen"]'), "queen"),
        (("[[actions]]", "[[panels]]\nid='shelf'\ntitle='x'\nicon='x'\nnavigation=true\n[[actions]]"), "shelf twice"),
        (("[app]", "[app"), "manifest.toml"),
    ],
)
def test_a_malformed_manifest_is_refused_by_name(
    site: Path, tmp_path: Path, change: tuple[str, str], words: str
) -> None:
    install(site, "bad", manifest=MANIFEST.replace(*change))
    host = webos.LocalHost(data_dir=tmp_path)

    assert "bad" not in [app.id for app in host.apps]
    assert [words in sentence and "bad" in sentence for sentence in host.refused] == [True]


def test_a_manifest_that_differs_from_the_code_is_refused_by_name() -> None:
    manifest = webos.Manifest.parse(MANIFEST)

    with pytest.raises(webos.ManifestError, match=r"action book\.burn is only in the code; .*|panel shelf"):
        manifest.check({"attic"}, {"book.lend", "book.burn"})


def test_what_a_person_typed_is_in_no_repr() -> None:
    assert "hunter2" not in repr(call())
    assert "password" not in f"{call()}"
