"""Keys rotate while hosts run, stopped anywhere, and every secret opens throughout."""

import json
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import anyio
import pytest

from omnicart_plugin import cli
from omnicart_plugin.accounts.directory import Directory
from omnicart_plugin.accounts.vault import Vault
from omnicart_plugin.medusa.auth import SecretKey
from omnicart_plugin.storage.engine import Database
from omnicart_plugin.webos.keyfile import KeyFile
from tests.accounts import stored
from tests.postgres import postgres_server

pytestmark = pytest.mark.anyio
OLD, NEW = b"o" * 32, b"n" * 32


def rotate(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr(sys, "argv", ["omnicart", "keys", "rotate", *arguments])
    cli.main()


async def in_thread(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    """The command, beside the loop that the test runs on."""
    await anyio.to_thread.run_sync(lambda: rotate(monkeypatch, *arguments))


async def test_the_command_seals_all_anew_and_forgets_the_old_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await stored.connect(tmp_path, 7)
    before = KeyFile(tmp_path)()
    await in_thread(monkeypatch, "--data-dir", str(tmp_path))
    after = KeyFile(tmp_path)()

    assert len(after) == 1
    assert not {*after.values()} & {*before.values()}
    assert stored.key_ids(tmp_path) == {*after}
    assert await stored.credentials(tmp_path) == [stored.CANARY] * 7
    assert capsys.readouterr().out == "Sealed anew: 7.\n"
    assert stored.files(tmp_path) == ["keys.json", "webos.db"]
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.timeout(240)
def test_killed_at_any_line_every_row_opens(tmp_path: Path) -> None:
    anyio.run(stored.connect, tmp_path, 2)
    program = [sys.executable, str(Path(__file__).with_name("killed_rotation.py")), str(tmp_path)]
    done = subprocess.run(program, capture_output=True, check=False, text=True)  # noqa: S603 - a program of the tests

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 80


async def test_a_rotation_that_was_stopped_is_finished_by_the_next(tmp_path: Path) -> None:
    await stored.connect(tmp_path, 3)
    KeyFile(tmp_path).add()
    await stored.connect(tmp_path, 1)
    (tmp_path / "keys.0badcafe.new").write_text("{}")
    assert len(stored.key_ids(tmp_path)) == 2
    await stored.rotate(tmp_path)

    assert stored.key_ids(tmp_path) == {*KeyFile(tmp_path)()}
    assert len(KeyFile(tmp_path)()) == 1
    assert stored.files(tmp_path) == ["keys.json", "webos.db"]
    assert len(await stored.credentials(tmp_path)) == 3


async def test_a_host_that_runs_reads_and_writes_all_the_while(tmp_path: Path) -> None:
    await stored.connect(tmp_path, 3)
    database = await Database.open(stored.url(tmp_path))
    host = Directory(database, Vault(KeyFile(tmp_path)))
    over = False

    async def keep_reading() -> None:
        while not over:
            (account,) = await host.accounts("w1")
            await host.credentials(account)
            await host.connect("w1", account.base_url, "Shop", SecretKey("sk_canary"))

    async with anyio.create_task_group() as reading:
        reading.start_soon(keep_reading)
        async with anyio.create_task_group() as rotations:
            for _ in range(2):
                rotations.start_soon(stored.rotate, tmp_path)
        over = True
    for account in await host.accounts("w0"):
        assert await host.credentials(account) == stored.CANARY
    await database.close()
    assert len(await stored.credentials(tmp_path)) == 3
    assert stored.key_ids(tmp_path) == {*KeyFile(tmp_path)()}


async def test_what_no_key_opens_is_counted_and_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await stored.connect(tmp_path, 2)
    stored.execute(tmp_path, "UPDATE accounts SET base_url = 'https://evil.test' WHERE workspace_id = 'w0'")
    before = stored.execute(tmp_path, "SELECT sealed FROM accounts WHERE workspace_id = 'w0'")
    with pytest.raises(SystemExit, match="1 of the sign-ins open with no key"):
        await in_thread(monkeypatch, "--data-dir", str(tmp_path))

    assert capsys.readouterr().out == "Sealed anew: 1.\n"
    assert stored.execute(tmp_path, "SELECT sealed FROM accounts WHERE workspace_id = 'w0'") == before


@pytest.mark.postgres
async def test_a_shared_database_is_sealed_anew_with_the_operators_keys_which_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = {"new": NEW, "old": OLD}
    keys = tmp_path / "ring.json"
    keys.write_text(json.dumps({name: b64encode(key).decode() for name, key in ring.items()}))
    with postgres_server() as server:
        url = server.new()
        monkeypatch.setenv("OMNICART_DATABASE_URL", url)
        database = await Database.open(url)
        account = await Directory(database, Vault(lambda: {"old": OLD})).connect(
            "w", "https://shop.test", "Shop", stored.CANARY
        )
        written = keys.read_bytes()
        await in_thread(monkeypatch, "--keys", str(keys))

        assert await Directory(database, Vault(lambda: {"new": NEW})).credentials(account) == stored.CANARY
        assert keys.read_bytes() == written
        await database.close()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "holds no keys"),
        ("[]", "holds no keys"),
        ('{"k1": 7}', "holds no keys"),
        ('{"k1": "not base64!"}', "holds no keys"),
        ("{}", "no key"),
        ('{"k1": "c2hvcnQ="}', "must have 32 bytes and has 5"),
    ],
)
async def test_a_key_file_that_is_none_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, words: str
) -> None:
    await stored.connect(tmp_path, 1)
    (tmp_path / "keys.json").write_text(content)
    with pytest.raises(SystemExit, match=f"^omnicart: .*{words}.*"):
        await in_thread(monkeypatch, "--data-dir", str(tmp_path))
    assert (tmp_path / "keys.json").read_text() == content


async def test_without_a_database_or_a_folder_there_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ring.json").write_text(json.dumps({"k": b64encode(OLD).decode()}))
    for arguments in (("--keys", str(tmp_path / "ring.json")), ("--data-dir", str(tmp_path / "nowhere"))):
        with pytest.raises(SystemExit, match=r"^omnicart: .*\.$"):
            await in_thread(monkeypatch, *arguments)
