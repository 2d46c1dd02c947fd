"""Is there a Medusa v2? Asked without credentials, before any are sent."""

import anyio
import httpx
import msgspec

from omnicart_plugin.medusa.egress import Egress
from omnicart_plugin.medusa.errors import MedusaError, UpstreamInvalid
from omnicart_plugin.medusa.faults import of_status
from omnicart_plugin.medusa.transport import Answer, PoolTransport, Request, exchange


async def probe(base_url: str, *, egress: Egress, transport: httpx.AsyncBaseTransport | None = None) -> None:
    """Return if a Medusa v2 answers there.

    Raises:
        Unreachable: Nothing answers, or not securely.
        UpstreamInvalid: Something else does: ``code`` is redirect, html, medusa-v1 or not-medusa.
        ServerError, RateLimited: It cannot be told now.
    """
    over = transport or PoolTransport(egress)
    try:
        health, stores, auth = [
            await exchange(over, Request("GET", base_url.rstrip("/") + path))
            for path in ("/health", "/admin/stores", "/admin/auth")
        ]
    finally:
        with anyio.CancelScope(shield=True):
            await over.aclose()
    if not (_is_well(health) and _wants_a_token(stores)):
        raise _stranger(health, stores, auth)


def _is_well(health: Answer) -> bool:
    return health.status == httpx.codes.OK and health.body.strip() == b"OK"


def _wants_a_token(stores: Answer) -> bool:
    """Version 2 refuses in JSON, version 1 in plain text."""
    try:
        refusal = msgspec.json.decode(stores.body, type=dict[str, str])
    except ValueError:
        return False
    return stores.status == httpx.codes.UNAUTHORIZED and refusal.get("message") == "Unauthorized"


def _stranger(health: Answer, stores: Answer, auth: Answer) -> MedusaError:
    for answer in (health, stores):
        if httpx.codes.is_redirect(answer.status) or httpx.codes.is_server_error(answer.status) or answer.status == 429:  # noqa: PLR2004 - HTTP
            return of_status(answer.status, answer.headers, answer.body)
    if _is_well(health) and stores.status == auth.status == httpx.codes.UNAUTHORIZED and stores.body[:1] != b"{":
        return UpstreamInvalid("This is a Medusa of version 1. Version 2 is needed.", code="medusa-v1")
    if b"<" in (health.body.lstrip()[:1], stores.body.lstrip()[:1]):
        return UpstreamInvalid("A web page answers at this address, not a Medusa store.", code="html")
    return UpstreamInvalid("What answers at this address is not a Medusa store.", code="not-medusa")
