"""A server's certificate is checked, by the authorities that Prefect's settings name."""

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from deployments.live.address import Address
from deployments.live.api import PrefectApi
from deployments.live.patience import Patience
from tests.manual_time import ManualTime
from utilities.errors import SettingsInvalid


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody has signed but itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    address = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("certificate") / "both.pem"
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(made.public_bytes(pem) + private)
    return file


@pytest.fixture(scope="module")
def url(certificate: Path) -> Iterator[str]:
    """The address of a server with this certificate."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"https://127.0.0.1:{server.server_address[1]}/api"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_unknown_authority_is_refused_at_once(url: str) -> None:
    """No repetition makes a certificate trusted: the message names the setting instead."""
    time = ManualTime()
    with PrefectApi(Address(url), Patience(sleep=time.sleep)) as api:
        with pytest.raises(SettingsInvalid) as raised:
            api.request("GET", "/health")
    assert str(raised.value) == (
        f"Prefect at {url}: its certificate is not trusted: self-signed certificate. Set "
        "PREFECT_API_SSL_CERT_FILE to its authority's file."
    )
    assert time.slept == []


def test_a_named_authority_is_trusted(url: str, certificate: Path) -> None:
    """PREFECT_API_SSL_CERT_FILE is used."""
    with PrefectApi(Address(url, certificate_file=str(certificate))) as api:
        assert api.request("GET", "/health") is None


def test_checking_can_be_switched_off(url: str) -> None:
    """PREFECT_API_TLS_INSECURE_SKIP_VERIFY is used."""
    with PrefectApi(Address(url, is_verified=False)) as api:
        assert api.request("GET", "/health") is None


def test_a_file_without_certificates_is_named(tmp_path: Path) -> None:
    """The variable and the file stand in the message."""
    file = tmp_path / "no.pem"
    with pytest.raises(SettingsInvalid, match=f"^PREFECT_API_SSL_CERT_FILE: {file}: "):
        PrefectApi(Address("https://127.0.0.1/api", certificate_file=str(file)))
