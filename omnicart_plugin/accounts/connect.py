"""The ladder that a store climbs before it is connected: the step that fails is named, none is kept before the last."""

from typing import NamedTuple
from urllib.parse import urlsplit

from anyio.abc import TaskGroup

from omnicart_plugin.medusa import queries, wire
from omnicart_plugin.medusa.auth import Credentials, Password, SecretKey
from omnicart_plugin.medusa.client import Client
from omnicart_plugin.medusa.egress import Egress
from omnicart_plugin.medusa.errors import Forbidden, MedusaError, TwoFactor, Unauthorized
from omnicart_plugin.medusa.probe import probe

_NOT_THE_SERVER = {"admin", "app", "auth", "store", "dashboard"}


class ConnectionFailedError(Exception):
    """Which field is at fault, and what to do about it."""

    def __init__(self, field: str, title: str, detail: str) -> None:
        super().__init__(title)
        self.field = field
        self.title = title
        self.detail = detail


class SignedIn(NamedTuple):
    name: str
    """The store's own, or its host's."""
    client: Client
    """Whoever gets it closes it."""
    stores: wire.Stores
    """What the store answered to `queries.stores`."""


async def climb(
    base_url: str, credentials: Credentials, *, tasks: TaskGroup, egress: Egress, plain_http: bool
) -> SignedIn:
    """At the top the store has let us in. `base_url` is normalised; without `plain_http` it must be https.

    Raises:
        ConnectionFailedError: At the first step that fails.
    """
    _check_address(base_url, plain_http=plain_http)
    _check_key(credentials)
    try:
        await probe(base_url, egress=egress)
    except MedusaError as error:
        raise ConnectionFailedError("base_url", "No store could be reached", error.message) from None
    return await _sign_in(base_url, credentials, tasks, egress)


def _check_address(base_url: str, *, plain_http: bool) -> None:
    parts = urlsplit(base_url)
    if _NOT_THE_SERVER & {*parts.path.lower().split("/")}:
        root = f"{parts.scheme}://{parts.netloc}"
        raise ConnectionFailedError(
            "base_url",
            "This is a page of the store, not its address",
            f"Give the address of the server alone, without {parts.path}: {root}",
        )
    if parts.scheme == "http" and not plain_http:
        raise ConnectionFailedError(
            "base_url", "This address is not secure", "Use https://, so that nobody can read the password on its way."
        )


def _check_key(credentials: Credentials) -> None:
    if not isinstance(credentials, SecretKey) or credentials.key.startswith("sk_"):
        return
    if credentials.key.startswith("pk_"):
        raise ConnectionFailedError(
            "secret_key",
            "This is a publishable key",
            "Keys that begin with pk_ are for shop fronts. Make a secret API key in Medusa: it begins with sk_.",
        )
    raise ConnectionFailedError(
        "secret_key", "This is not a secret API key", "A secret API key of Medusa begins with sk_."
    )


async def _sign_in(base_url: str, credentials: Credentials, tasks: TaskGroup, egress: Egress) -> SignedIn:
    client = Client(base_url, credentials, tasks=tasks, egress=egress)
    try:
        told = await client.get(queries.stores())
    except BaseException as error:
        tasks.start_soon(client.aclose)
        if isinstance(error, MedusaError):
            raise _refused(error, credentials) from None
        raise
    name = next((store.name for store in told.stores if store.name), "") or urlsplit(base_url).hostname or base_url
    return SignedIn(name, client, told)


def _refused(error: MedusaError, credentials: Credentials) -> ConnectionFailedError:
    by_password = isinstance(credentials, Password)
    match error:
        case TwoFactor():
            return ConnectionFailedError("email", "This user needs a second factor", error.message)
        case Unauthorized() if by_password:
            return ConnectionFailedError("password", "The store did not accept the sign-in", error.message)
        case Unauthorized():
            return ConnectionFailedError(
                "secret_key",
                "The store did not accept the key",
                "Check that it was copied whole, and that it was not revoked in Medusa.",
            )
        case Forbidden():
            field = "email" if by_password else "secret_key"
            return ConnectionFailedError(field, "The store does not let this user in", error.message)
        case _:
            return ConnectionFailedError("base_url", "The store did not answer as Medusa does", error.message)
