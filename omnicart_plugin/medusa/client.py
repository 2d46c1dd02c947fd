"""A store's Admin API: questions in, answers out, errors of our own."""

from typing import TypeVar

import httpx
import msgspec
from anyio.abc import TaskGroup

from omnicart_plugin.medusa.answer import decode
from omnicart_plugin.medusa.auth import Credentials, Session
from omnicart_plugin.medusa.commands import Delete, Post
from omnicart_plugin.medusa.egress import Egress
from omnicart_plugin.medusa.errors import NotFound
from omnicart_plugin.medusa.faults import of_status
from omnicart_plugin.medusa.flight import Flight
from omnicart_plugin.medusa.queries import Get
from omnicart_plugin.medusa.transport import Answer, PoolTransport, Request, exchange

T = TypeVar("T")
_JSON = {"Content-Type": "application/json"}


class Client:
    """One store. Requests run in `tasks`, so that a caller may give up at any moment.

    ``transport`` replaces the network; `egress` has then nothing to do.
    """

    def __init__(
        self,
        base_url: str,
        credentials: Credentials,
        *,
        tasks: TaskGroup,
        egress: Egress,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._tasks = tasks
        self._transport = transport or PoolTransport(egress)
        self.sign_in_with(credentials)

    def sign_in_with(self, credentials: Credentials) -> None:
        """Use these from now on; what is known of the old ones is forgotten."""
        self._session = Session(credentials, self._sign_in, self._tasks)

    async def get(self, question: Get[T]) -> T:
        """Ask.

        Raises:
            MedusaError: See `errors`.
        """
        request = Request("GET", self._base_url + question.path, question.params)
        body = await Flight(self._tasks, self._authorized, request).result()
        if body == b"{}":  # what a store answers for a collection that it does not have
            raise NotFound("The store does not have it.")
        return decode(body, question.type)

    async def send(self, command: Post[T] | Delete[T]) -> T:
        """Change something, once: only a 401, which came before anything happened, is tried again.

        Raises:
            MedusaError: ``unsettled`` where it may have taken effect all the same.
        """
        url = self._base_url + command.path
        if isinstance(command, Post):
            request = Request("POST", url, command.params, _JSON, command.body)
        else:
            request = Request("DELETE", url)
        return decode(await Flight(self._tasks, self._authorized, request).result(), command.type)

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def _authorized(self, request: Request) -> bytes:
        session = self._session
        header = await session.authorization()
        answer = await self._exchange(request, header)
        if answer.status == 401 and session.renew(header):  # noqa: PLR2004 - HTTP
            header = await session.authorization()
            answer = await self._exchange(request, header)
        if answer.status == 401:  # noqa: PLR2004 - HTTP
            session.renew(header)
        if answer.status >= 300:  # noqa: PLR2004 - HTTP
            raise of_status(answer.status, answer.headers, answer.body)
        return answer.body

    async def _exchange(self, request: Request, authorization: str) -> Answer:
        headers = {**request.headers, "Authorization": authorization}
        return await exchange(self._transport, msgspec.structs.replace(request, headers=headers))

    async def _sign_in(self, body: bytes) -> Answer:
        return await exchange(
            self._transport, Request("POST", f"{self._base_url}/auth/user/emailpass", (), _JSON, body)
        )
