"""Before any credentials are sent it is known what answers at an address."""

import ipaddress
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import pytest
from anyio.abc import ByteStream, SocketAttribute
from anyio.streams.tls import TLSListener
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from omnicart_plugin.medusa.egress import Egress
from omnicart_plugin.medusa.errors import (
    AddressForbidden,
    MedusaError,
    RateLimited,
    ServerError,
    Unreachable,
    UpstreamInvalid,
)
from omnicart_plugin.medusa.probe import probe
from tests.medusa.raw_server import Asked, answer, raw_server
from tests.medusa_lab import Medusa

pytestmark = pytest.mark.anyio
HTML = b"<!DOCTYPE html><html></html>"
NEAR = Egress(allow_private=True)
V2 = {"/health": answer(b"OK"), "/admin/stores": answer({"message": "Unauthorized"}, 401)}


async def probed(answers: dict[str, bytes], otherwise: bytes) -> None:
    """Probe a server with these answers by path."""

    async def reply(asked: Asked, stream: ByteStream) -> None:
        assert "authorization" not in asked.headers
        await stream.send(answers.get(asked.path, otherwise))

    async with raw_server(reply) as server:
        await probe(server.url, egress=NEAR)


@pytest.mark.medusa
@pytest.mark.parametrize("tail", ["", "/"])
async def test_a_real_store_is_one(medusa: Medusa, tail: str) -> None:
    await probe(medusa.url + tail, egress=NEAR)


@pytest.mark.medusa
async def test_the_path_of_a_dashboard_is_not_one(medusa: Medusa) -> None:
    with pytest.raises(UpstreamInvalid):
        await probe(f"{medusa.url}/admin", egress=NEAR)


async def test_version_2_is_recognised() -> None:
    await probed(V2, answer(HTML, 404))


@pytest.mark.parametrize(
    ("code", "answers", "otherwise"),
    [
        ("medusa-v1", {"/health": answer(b"OK")}, answer(b"Unauthorized", 401)),
        ("html", {}, answer(HTML)),
        ("html", {"/health": answer(b"OK")}, answer(HTML, 404)),
        ("not-medusa", {}, answer({"error": "not found"}, 404)),
        ("not-medusa", {}, answer({"message": "Unauthorized"}, 401)),
        ("not-medusa", {"/health": answer(b"OK")}, answer({"message": "Who are you?"}, 401)),
        ("not-medusa", {"/health": answer({"status": "UP"})}, answer(b"Unauthorized", 401)),
        ("not-medusa", {"/health": answer(b"OK")}, answer({"stores": []})),
        ("redirect", {}, answer(b"", 301, Location="https://shop.test/")),
        ("redirect", {"/health": answer(b"OK")}, answer(b"", 302, Location="/login")),
    ],
)
async def test_what_is_not_one_is_told_apart(code: str, answers: dict[str, bytes], otherwise: bytes) -> None:
    with pytest.raises(UpstreamInvalid) as caught:
        await probed(answers, otherwise)
    assert caught.value.code == code


@pytest.mark.parametrize(("status", "error"), [(502, ServerError), (429, RateLimited)])
async def test_a_proxy_that_lets_nobody_through_says_nothing_about_the_store(
    status: int, error: type[MedusaError]
) -> None:
    with pytest.raises(error):
        await probed({}, answer(HTML, status))


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:1", "refused"),
        ("http://shop.invalid", "dns"),
        ("ftp://127.0.0.1:1", "address"),
        ("http://", "address"),
        ("http://127.0.0.1:99999", "address"),
        ("nonsense", "address"),
        ("http://" + "x" * 3000, "dns"),
    ],
)
async def test_an_address_where_nothing_answers_says_why(url: str, reason: str) -> None:
    with pytest.raises(Unreachable) as caught:
        await probe(url, egress=NEAR)
    assert (caught.value.reason, caught.value.sent) == (reason, False)


async def test_a_forbidden_address_is_not_even_asked() -> None:
    async with raw_server(lambda _, stream: stream.send(answer(b"OK"))) as server:
        with pytest.raises(AddressForbidden):
            await probe(server.url, egress=Egress(allow_private=False))
        assert server.connections == 0


@pytest.mark.medusa
async def test_plain_http_where_tls_is_asked_for_is_a_tls_error(medusa: Medusa) -> None:
    with pytest.raises(Unreachable, match="secure connection") as caught:
        await probe(medusa.url.replace("http:", "https:"), egress=NEAR)
    assert (caught.value.reason, caught.value.sent) == ("tls", False)


@pytest.fixture
async def self_signed(tmp_path: Path) -> AsyncIterator[str]:
    """The address of a server whose certificate nobody vouches for."""
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    port = listener.extra(SocketAttribute.local_port)  # noqa: S610 - of anyio, not of Django
    tls = TLSListener(listener, _context(tmp_path), standard_compatible=False)

    async def serve(stream: ByteStream) -> None:
        await stream.aclose()

    async with tls, anyio.create_task_group() as tasks:
        tasks.start_soon(tls.serve, serve)
        yield f"https://127.0.0.1:{port}"
        tasks.cancel_scope.cancel()


def _context(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "shop.test")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1), [])
    certificate = builder.add_extension(address, critical=False).sign(key, hashes.SHA256())
    pem = folder / "both.pem"
    encoded = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(encoded + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    return context


async def test_a_certificate_that_nobody_vouches_for_is_named(self_signed: str) -> None:
    with pytest.raises(MedusaError, match="certificate is not valid: self-signed certificate") as caught:
        await probe(self_signed, egress=NEAR)
    assert (caught.value.code, caught.value.sent) == ("tls", False)
