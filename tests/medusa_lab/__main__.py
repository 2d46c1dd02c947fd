"""A real Medusa store on this machine, to try things out with.

up      start a store and print how to reach it; at first use this installs Medusa, which takes minutes
up-big  the same with many orders, 30,000 where no number is given, for measuring
reset   put a store back to what it was at first
env     print how to reach a running store
down    end the store and forget what is in it
"""

import argparse
import shutil
import sys

from .machine import missing
from .program import LabError
from .store import Store, home_of, open_store, store_on


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
    parser.add_argument("orders", nargs="?", type=int, default=30_000, help="of up-big")
    parser.add_argument("--lifetime", default="1d", help="of a sign-in, as in 5s")
    return parser.parse_args()


def _up(arguments: argparse.Namespace, orders: int | None = None) -> None:
    folder = home_of(arguments.port)
    if folder.exists():
        raise LabError(f"There is a store on port {arguments.port} already: use reset, or down.")
    folder.mkdir(parents=True)
    try:
        store = open_store(folder, port=arguments.port, lifetime=arguments.lifetime, orders=orders)
    except BaseException:
        shutil.rmtree(folder)
        raise
    store.keep()
    _print_env(store)


def _up_big(arguments: argparse.Namespace) -> None:
    _up(arguments, arguments.orders)


def _reset(arguments: argparse.Namespace) -> None:
    store = store_on(arguments.port)
    store.reset()
    _print_env(store)


def _env(arguments: argparse.Namespace) -> None:
    _print_env(store_on(arguments.port))


def _down(arguments: argparse.Namespace) -> None:
    store_on(arguments.port).close()
    shutil.rmtree(home_of(arguments.port))


_DEEDS = {"up": _up, "up-big": _up_big, "reset": _reset, "env": _env, "down": _down}


def _print_env(store: Store) -> None:
    medusa = store.medusa()
    sys.stdout.write(
        f"MEDUSA_URL={medusa.url}\nMEDUSA_EMAIL={medusa.email}\n"
        f"MEDUSA_PASSWORD={medusa.password}\nMEDUSA_SECRET_KEY={medusa.secret_key}\n"
    )


if __name__ == "__main__":
    main()
