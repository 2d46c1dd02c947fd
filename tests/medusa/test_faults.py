"""Which words of a store reach a person, and how a broken line is told."""

import ssl

import httpcore
import pytest

from omnicart_plugin.medusa.errors import RateLimited, UpstreamInvalid
from omnicart_plugin.medusa.faults import of_exception, of_status


def test_a_rule_of_the_store_is_told_in_its_own_words_and_a_fault_of_its_program_is_not() -> None:
    own_words = b'{"type": "not_allowed", "message": "relation \\"order\\" of the store"}'

    assert of_status(400, {}, own_words).message == 'relation "order" of the store'
    for status in (401, 500, 600):
        assert "relation" not in of_status(status, {}, own_words).message
    assert isinstance(of_status(600, {}, own_words), UpstreamInvalid)


@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7.0), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-1", None), ("", None)]
)
def test_how_long_to_wait_is_known_where_the_store_says_it_in_seconds(header: str, seconds: float | None) -> None:
    error = of_status(429, {"retry-after": header}, b"")

    assert isinstance(error, RateLimited)
    assert error.retry_after == seconds


def test_a_line_that_breaks_while_it_is_secured_is_a_fault_of_tls() -> None:
    securing = of_exception(httpcore.ConnectError("x"), securing=True)
    dialling = of_exception(httpcore.ConnectError("x"))

    assert (securing.code, dialling.code) == ("tls", "refused")


def test_a_certificate_that_is_not_believed_is_told_with_the_reason() -> None:
    cause = ssl.SSLCertVerificationError("certificate verify failed")
    cause.verify_message = "certificate has expired"

    assert "certificate has expired" in of_exception(httpcore.ConnectError(cause), securing=True).message
