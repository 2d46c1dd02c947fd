"""What went wrong, as a person is told it: one table from errors to problems."""

import logging
import secrets

from omnicart_plugin.accounts.directory import UnknownAccountError
from omnicart_plugin.accounts.vault import VaultError
from omnicart_plugin.medusa import errors
from omnicart_plugin.storage.errors import StorageError
from omnicart_plugin.webos import Problem, ProblemType, problem

log = logging.getLogger("omnicart")

TABLE: dict[type[Exception], tuple[ProblemType, str]] = {
    errors.AddressForbidden: ("store-forbidden", "This address may not be reached from here"),
    errors.Unreachable: ("store-unavailable", "The store cannot be reached"),
    errors.ServerError: ("store-unavailable", "The store has a fault"),
    errors.UpstreamInvalid: ("upstream-invalid", "The store gave an answer that makes no sense"),
    errors.Unauthorized: ("reauth-required", "The store asks to sign in anew"),
    errors.TwoFactor: ("reauth-required", "This user needs a second factor"),
    errors.Forbidden: ("store-forbidden", "The store does not allow this to its user"),
    errors.NotFound: ("not-found", "The store does not have this"),
    errors.NotAllowed: ("not-allowed", "The store does not allow this"),
    errors.RateLimited: ("rate-limited", "The store asks to slow down"),
    UnknownAccountError: ("not-found", "No such store here"),
    VaultError: ("reauth-required", "The stored sign-in cannot be opened"),
    StorageError: ("storage-unavailable", "OmniCart cannot reach its database"),
}
"""By the most specific class."""

REAUTH = tuple(kind for kind, (type_, _) in TABLE.items() if type_ == "reauth-required")
NOT_FOUND = "It may have been removed, or the link is old."
UNKNOWN_ACCOUNT = "This workspace has no such store connected. It may have been removed."


def of(error: Exception, *, writing: bool = False) -> Problem:
    """The problem for an error; `internal`, with a trace id that the log has too, for one that nobody foresaw."""
    row = next((TABLE[kind] for kind in type(error).__mro__ if kind in TABLE), None)
    if row is None:
        return _internal(error)
    type_, title = row
    unchanged = " Nothing was changed." if writing and type_ == "store-unavailable" else ""
    return problem(type_, title, _sentence(error) + unchanged)


def _sentence(error: Exception) -> str:
    match error:
        case errors.NotFound():
            return NOT_FOUND
        case UnknownAccountError():
            return UNKNOWN_ACCOUNT
        case errors.MedusaError(message=message):
            return message
        case _:
            return str(error)


def _internal(error: Exception) -> Problem:
    trace_id = secrets.token_hex(8)
    log.error("trace %s", trace_id, exc_info=error)
    return problem(
        "internal",
        "Something went wrong",
        f"OmniCart has a fault. Try again; if it stays so, pass on the trace id {trace_id}.",
        trace_id=trace_id,
    )
