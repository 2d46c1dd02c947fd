"""What can go wrong between us and a store. Every message is a sentence that a merchant may read.

* MedusaError
  + Unreachable        no answer: `reason` says why
    - AddressForbidden the address is one that must not be reached
  + UpstreamInvalid    an answer that is no answer of Medusa's: HTML, a redirect, too big, too deep, of another shape
  + ServerError        5xx
  + Refusal            the store understood and did nothing
    - Unauthorized     401: the credentials, or what became of them
    - TwoFactor        the user needs a second factor, which a program has not
    - Forbidden        403: the store's own roles
    - NotFound         404
    - NotAllowed       400, 409, 422 and their kin: a rule of the store, in its own words
    - RateLimited      429
"""

from typing import Literal

Reason = Literal["address", "forbidden", "dns", "refused", "tls", "timeout", "closed"]


class MedusaError(Exception):
    """``sent``: the request may have reached the store. ``code`` tells kinds apart where the class does not."""

    def __init__(self, message: str, *, status: int | None = None, code: str = "", sent: bool = True) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.sent = sent

    @property
    def unsettled(self) -> bool:
        """Whether a write that ended so may have taken effect."""
        return self.sent


class Unreachable(MedusaError):  # noqa: N818 - the base says that it is an error
    def __init__(self, message: str, *, reason: Reason = "closed", sent: bool = True) -> None:
        super().__init__(message, code=reason, sent=sent)
        self.reason = reason


class AddressForbidden(Unreachable):
    def __init__(self, message: str) -> None:
        super().__init__(message, reason="forbidden", sent=False)


class UpstreamInvalid(MedusaError):  # noqa: N818 - see Unreachable
    """``code``: html, redirect, too-large, encoding, shape; from a probe also not-medusa and medusa-v1."""


class ServerError(MedusaError):
    pass


class Refusal(MedusaError):  # noqa: N818 - see Unreachable
    @property
    def unsettled(self) -> bool:
        return False


class Unauthorized(Refusal):
    pass


class TwoFactor(Refusal):
    pass


class Forbidden(Refusal):
    pass


class NotFound(Refusal):
    pass


class NotAllowed(Refusal):
    """``code`` is the store's ``type``: invalid_data, not_allowed, conflict or duplicate_error."""


class RateLimited(Refusal):
    """``retry_after`` in seconds, where the store says it."""

    retry_after: float | None = None
