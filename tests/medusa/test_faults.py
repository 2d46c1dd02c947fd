"""What an HTTP status or a broken line becomes, and which words of a store reach a person."""

import ssl

import httpcore
import pytest

from omnicart_plugin.medusa.errors import (
    Forbidden,
    MedusaError,
    NotAllowed,
    NotFound,
    RateLimited,
    ServerError,
    Unauthorized,
    Unreachable,
    UpstreamInvalid,
)
from omnicart_plugin.medusa.faults import of_exception, of_status

OWN_WORDS = b'{"type": "not_allowed", "message": "relation \\"order\\" of the store"}'


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, NotAllowed),
        (401, Unauthorized),
        (403, Forbidden),
        (404, NotFound),
        (409, NotAllowed),
        (410, NotFound),
        (422, NotAllowed),
        (429, RateLimited),
        (500, ServerError),
        (503, ServerError),
        (302, UpstreamInvalid),
        (600, UpstreamInvalid),
    ],
)
def test_each_status_has_its_error(status: int, kind: type[MedusaError]) -> None:
    error = of_status(status, {}, b"")

    assert (type(error), error.status) == (kind, status)
    assert error.message.endswith((".", "to."))


def test_a_rule_of_the_store_is_told_in_its_own_words_and_a_fault_of_its_program_is_not() -> None:
    assert of_status(400, {}, OWN_WORDS).message == 'relation "order" of the store'
    for status in (401, 500, 600):
        assert "relation" not in of_status(status, {}, OWN_WORDS).message


def test_the_words_of_a_store_are_one_short_line() -> None:
    said = of_status(400, {}, b'{"message": " two\\nlines\\u001b[31m\\u202e' + b"x" * 1000 + b'"}').message

    assert said.startswith("two lines [31m x")
    assert said.isprintable()
    assert len(said) == 300


@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7.0), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-1", None), ("", None)]
)
def test_how_long_to_wait_is_known_where_the_store_says_it_in_seconds(header: str, seconds: float | None) -> None:
    error = of_status(429, {"retry-after": header}, b"")

    assert isinstance(error, RateLimited)
    assert error.retry_after == seconds


def test_a_line_that_breaks_while_it_is_secured_is_a_fault_of_tls() -> None:
    securing = of_exception(httpcore.ConnectError("x"), securing=True)
    dialling = of_exception(httpcore.ConnectError("x"), sent=False)

    assert isinstance(securing, Unreachable)
    assert isinstance(dialling, Unreachable)
    assert (securing.reason, dialling.reason) == ("tls", "refused")
    assert not dialling.unsettled


def test_a_certificate_that_is_not_believed_is_told_with_the_reason() -> None:
    cause = ssl.SSLCertVerificationError("certificate verify failed")
    cause.verify_message = "certificate has expired"

    assert "certificate has expired" in of_exception(httpcore.ConnectError(cause), securing=True).message
