"""A real Medusa store on this machine, to try things out with.

up      start a store and print how to reach it; at first use this installs Medusa, which takes minutes
reset   put a store back to what it was after seeding
env     print how to reach a running store
down    end the store and forget what is in it
"""

import argparse
import shutil
import sys
from pathlib import Path

import msgspec

from .machine import home, missing
from .program import LabError
from .store import Store, open_store


def main() -> None:
    arguments = _arguments()
    if reason := missing():
        raise SystemExit(f"No store can be started: {reason}.")
    try:
        _DEEDS[arguments.deed](arguments)
    except LabError as error:
        raise SystemExit(str(error)) from None


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "python -m tests.medusa_lab", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("deed", choices=_DEEDS)
    parser.add_argument("port", nargs="?", type=int, default=9000)
    parser.add_argument("--lifetime", default="1d", help="of a sign-in, as in 5s")
    return parser.parse_args()


def _up(arguments: argparse.Namespace) -> None:
    folder = _folder(arguments.port)
    if folder.exists():
        raise LabError(f"There is a store on port {arguments.port} already: use reset, or down.")
    folder.mkdir(parents=True)
    try:
        store = open_store(folder, port=arguments.port, lifetime=arguments.lifetime)
    except BaseException:
        shutil.rmtree(folder)
        raise
    (folder / "store.json").write_bytes(msgspec.json.encode(store))
    _print_env(store)


def _reset(arguments: argparse.Namespace) -> None:
    store = _store(arguments.port)
    store.reset()
    _print_env(store)


def _env(arguments: argparse.Namespace) -> None:
    _print_env(_store(arguments.port))


def _down(arguments: argparse.Namespace) -> None:
    _store(arguments.port).close()
    shutil.rmtree(_folder(arguments.port))


_DEEDS = {"up": _up, "reset": _reset, "env": _env, "down": _down}


def _folder(port: int) -> Path:
    return home() / "stores" / str(port)


def _store(port: int) -> Store:
    state = _folder(port) / "store.json"
    if not state.exists():
        raise LabError(f"There is no store on port {port}.")
    return msgspec.json.decode(state.read_bytes(), type=Store)


def _print_env(store: Store) -> None:
    medusa = store.medusa()
    sys.stdout.write(
        f"MEDUSA_URL={medusa.url}\nMEDUSA_EMAIL={medusa.email}\n"
        f"MEDUSA_PASSWORD={medusa.password}\nMEDUSA_SECRET_KEY={medusa.secret_key}\n"
    )


if __name__ == "__main__":
    main()
