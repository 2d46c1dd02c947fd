"""The `omnicart` command."""

import argparse
import os
import sys
from functools import partial
from pathlib import Path

import anyio

from omnicart_plugin.webos import HostError, LocalHost, contract_schema
from omnicart_plugin.webos.keyfile import KeyFile, read_keys

BUNDLES = frozenset({"marketing-commerce"})
"""What the desktop's one workspace has."""


def main() -> None:
    """Run what the arguments ask for; a mistake ends with a sentence, never a traceback."""
    arguments = _parser().parse_args()
    try:
        arguments.run(arguments)
    except KeyboardInterrupt:
        sys.exit(130)
    except (HostError, ValueError, OSError) as error:
        sys.exit(f"omnicart: {error}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="omnicart", description="Run a Medusa v2 store from a WebOS.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    desktop = commands.add_parser("desktop", help="start a desktop in the browser")
    desktop.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen at (default: %(default)s); others are let in by a password in $OMNICART_PASSWORD",
    )
    desktop.add_argument("--port", type=_port, default=7420, help="port to listen at (default: %(default)s)")
    desktop.add_argument("--no-browser", action="store_true", help="do not open the browser")
    desktop.set_defaults(run=_desktop)
    schema = commands.add_parser("schema", help="print the JSON Schemas of all requests and answers")
    schema.set_defaults(run=_schema)
    keys = commands.add_parser("keys", help="the keys that sign-ins are sealed with")
    rotate = keys.add_subparsers(required=True, metavar="COMMAND").add_parser(
        "rotate", help="seal all sign-ins with a new key, also while a desktop runs"
    )
    rotate.add_argument(
        "--keys",
        type=Path,
        metavar="FILE",
        help="the keys of a database that machines share: its first key seals, and the file stays as it is",
    )
    rotate.set_defaults(run=_rotate)
    for command in (desktop, rotate):
        command.add_argument("--data-dir", type=Path, default=_data_dir(), help="where stores and keys are kept")
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:  # noqa: PLR2004 - the last there is
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to 65535, and {text} is none")
    return int(text)


def _schema(_: argparse.Namespace) -> None:
    sys.stdout.write(contract_schema().decode())


def _data_dir() -> Path:
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "omnicart"


def _desktop(arguments: argparse.Namespace) -> None:
    try:
        from omnicart_plugin import desktop  # noqa: PLC0415 - it comes with an extra
    except ModuleNotFoundError:
        sys.exit('omnicart: the desktop needs its extra: python -m pip install "omnicart[desktop]"')

    async def run() -> None:
        async with LocalHost(data_dir=arguments.data_dir, allow_private_network=True) as host:
            await desktop.serve(
                host,
                address=arguments.host,
                port=arguments.port,
                bundles=BUNDLES,
                password=os.environ.get("OMNICART_PASSWORD"),
                open_browser=not arguments.no_browser,
            )

    anyio.run(run)


def _rotate(arguments: argparse.Namespace) -> None:
    from omnicart_plugin.accounts import rotation  # noqa: PLC0415 - a desktop that starts need not wait for it

    if arguments.keys:
        tally = anyio.run(rotation.reseal, _shared_database(), partial(read_keys, arguments.keys))
    else:
        database_url = LocalHost(data_dir=arguments.data_dir).database_url
        tally = anyio.run(rotation.rotate, database_url, KeyFile(arguments.data_dir))
    print(f"Sealed anew: {tally.resealed}.")  # noqa: T201 - a command says what it did
    if tally.unreadable:
        sys.exit(f"omnicart: {tally.unreadable} of the sign-ins open with no key that is here; they stay as they are.")


def _shared_database() -> str:
    """From the environment: everybody on the machine can read a command line, and a password may be in it."""
    try:
        return os.environ["OMNICART_DATABASE_URL"]
    except KeyError:
        raise HostError("Say in OMNICART_DATABASE_URL which database the keys are of.") from None
