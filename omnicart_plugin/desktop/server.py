"""The desktop's server: one address, its gate, its pages, and the host's calls behind them."""

import asyncio
import logging
import socket
import webbrowser
from collections.abc import Callable
from functools import partial

import anyio
import anyio.to_thread
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from omnicart_plugin.desktop.api import Served, ahead, routes
from omnicart_plugin.desktop.files import file_answer
from omnicart_plugin.desktop.gate import Entry, Gate, cookie_key, is_loopback

PORT = 7420


async def serve(
    host: Served,
    *,
    address: str = "127.0.0.1",
    port: int = PORT,
    bundles: frozenset[str] = frozenset(),
    password: str | None = None,
    open_browser: bool = True,
    announce: Callable[[str], None] = print,
) -> None:
    """Show the apps of ``host``, entered already, until interrupted. Runs on asyncio. Port 0 takes a free one.

    Raises:
        ValueError: Others could reach it and there is no password.
        OSError: The address or port cannot be taken.
    """
    if not is_loopback(address) and not password:
        raise ValueError(f"{address} can be reached from other machines: set a password first.")
    listener = _listen(address, port)
    entry = Entry(address=address, port=listener.getsockname()[1], key=cookie_key(host.data_dir), password=password)
    url = f"http://{_in_url(address)}:{entry.port}/?token="
    announce(f"The desktop is at {url}{entry.token}")
    async with anyio.create_task_group() as tasks:
        if open_browser:
            tasks.start_soon(_open, url + entry.new_pass())
        await _run(Server(app(host, entry, bundles)), listener)
        tasks.cancel_scope.cancel()


def app(host: Served, entry: Entry, bundles: frozenset[str]) -> tuple[Gate, anyio.Event]:
    """The whole as ASGI, and the event that ends its streams."""
    stopping = anyio.Event()
    inside = Starlette(
        routes=[
            Route("/", partial(_desktop, host, bundles)),
            Route("/kinds", _kinds),
            *routes(host, bundles, stopping),
            Route("/static/{name:path}", _static),
        ]
    )
    return Gate(inside, entry), stopping


class Server(uvicorn.Server):
    """uvicorn without a log of addresses, and without event streams that hold up its end."""

    def __init__(self, served: tuple[Gate, anyio.Event]) -> None:
        self._app, self._stopping = served
        super().__init__(
            uvicorn.Config(
                self._app,
                access_log=False,
                log_level="warning",
                lifespan="off",
                ws="none",
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=2,
            )
        )

    def handle_exit(self, sig: int, frame: object) -> None:  # noqa: ARG002 - the signal module's own
        """End by returning: uvicorn would raise the signal again, into the host that is still to be left."""
        self.force_exit = self.should_exit
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._stopping.set()
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # what is cut off now is no fault to be told of
        await super().shutdown(sockets)


async def _run(server: Server, listener: socket.socket) -> None:
    try:
        await server.serve([listener])
    except asyncio.CancelledError:
        with anyio.CancelScope(shield=True):
            await server.shutdown([listener])
        raise


def _listen(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return socket.create_server((address, port), family=family)


def _in_url(address: str) -> str:
    if address in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        return socket.gethostname().lower()
    return f"[{address}]" if ":" in address else address


async def _open(url: str) -> None:
    await anyio.to_thread.run_sync(webbrowser.open, url, abandon_on_cancel=True)


async def _desktop(host: Served, bundles: frozenset[str], request: Request) -> Response:
    answer = file_answer("desktop.html", request)
    answer.background = ahead(host, bundles, request)
    return answer


async def _kinds(request: Request) -> Response:
    return file_answer("kinds.html", request)


async def _static(request: Request) -> Response:
    return file_answer(request.path_params["name"], request)
