"""What takes minutes, done once on each machine: Medusa installed, and a database migrated and filled."""

import hashlib
import shutil
from pathlib import Path

from . import database, program, server
from .machine import free_port, home, one_builder, postgres_programs
from .seed import seed

EMAIL = "admin@example.com"
PASSWORD = "only-for-tests"  # of a store on loopback that lives as long as a test run
FILLED = "filled"
_HERE = Path(__file__).parent


def app(name: str = "app") -> Path:
    """The folder Medusa runs in; installed by npm at first use."""
    manifest = _HERE / name / "package.json"
    place = home() / f"{name}-{_digest(manifest)}"
    with one_builder(name):
        if not (place / "installed").exists():
            _install(place, manifest)
        shutil.copytree(_HERE / name, place, dirs_exist_ok=True)
    return place


def template() -> Path:
    """A folder with `data`, a database cluster at rest, and `secret-key`; made at first use."""
    medusa = app()
    sources = [*sorted((_HERE / "seed").glob("*.py")), *sorted((_HERE / "app").iterdir())]
    place = home() / f"template-{_digest(*sources)}"
    with one_builder("template"):
        if not place.exists():
            _fill(place, medusa)
    return place


def _install(place: Path, manifest: Path) -> None:
    (place / "src").mkdir(parents=True, exist_ok=True)
    shutil.copy(manifest, place)
    log = place / "npm.log"
    options = ["--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
    program.run(["npm", "install", *options], log=log, cwd=place)
    (place / "installed").touch()


def _fill(place: Path, medusa: Path) -> None:
    part = place.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    log, port = part / "log", free_port()
    database.create(part / "data", log)
    postgres = database.start(part / "data", port, log)
    try:
        database.execute(port, f"create database {FILLED}")
        (part / "secret-key").write_text(_migrate_and_seed(medusa, database.url(port, FILLED), log))
    finally:
        database.stop(postgres)
    part.rename(place)


def _migrate_and_seed(medusa: Path, database_url: str, log: Path) -> str:
    env = server.environment(database_url)
    program.run([*server.MEDUSA, "db:migrate"], log=log, cwd=medusa, env=env)
    program.run([*server.MEDUSA, "user", "-e", EMAIL, "-p", PASSWORD], log=log, cwd=medusa, env=env)
    port = free_port()
    shop = server.start(medusa, port, database_url, log)
    try:
        return seed(server.url(port), EMAIL, PASSWORD)
    finally:
        shop.stop()


def _digest(*files: Path) -> str:
    """Changes with the files, and with the PostgreSQL whose data a template is."""
    content = b"".join(file.read_bytes() for file in files) + str(postgres_programs()).encode()
    return hashlib.sha256(content).hexdigest()[:12]
