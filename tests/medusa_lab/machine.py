"""What the lab needs on this machine, and where it keeps what it makes."""

import fcntl
import os
import pwd
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# As the shell gave it: the tests clear proxies and certificates from `os.environ`, and npm may need them.
ENVIRONMENT = dict(os.environ)
IS_ROOT = os.geteuid() == 0


def home() -> Path:
    """$OMNICART_LAB_HOME. PostgreSQL refuses to run as root, and its own user cannot look into root's home."""
    usual = Path("/var/cache/omnicart-lab") if IS_ROOT else Path("~/.cache/omnicart-lab").expanduser()
    place = Path(ENVIRONMENT.get("OMNICART_LAB_HOME", usual))
    place.mkdir(parents=True, exist_ok=True)
    return place


def missing() -> str | None:
    """Why no store can be started here, as the end of a sentence; None when one can."""
    absent = [program for program in ("node", "npm") if shutil.which(program) is None]
    if postgres_programs() is None:
        absent.append("PostgreSQL's server binaries (Debian: postgresql)")
    if IS_ROOT and not _has_user("postgres"):
        absent.append("the user postgres, which runs the database for root")
    return f"this machine lacks {', '.join(absent)}" if absent else None


def postgres_programs() -> Path | None:
    """The folder with `initdb` and `postgres`; Debian keeps them off the PATH. The newest wins."""
    found = [*Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda program: int(program.parts[-3])).parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def postgres_user() -> str | None:
    return "postgres" if IS_ROOT else None


def give_to_postgres(place: Path) -> None:
    if IS_ROOT:
        shutil.chown(place, "postgres", "postgres")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def one_builder(name: str) -> Iterator[None]:
    """What two runs need at once is built by the first; the second waits for it."""
    with (home() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _has_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
