"""How a connection is secured: verified everywhere but on this machine."""

from pathlib import Path

import pytest

from utilities.redshift.connection import tls_options


@pytest.mark.parametrize("host", ["cluster.example.org", "10.0.0.7", "2001:db8::1"])
def test_certificate_and_name_of_a_remote_server_are_verified(host: str) -> None:
    """libpq is told to verify both, against a file of authorities that is there."""
    options = tls_options(host)
    assert options["sslmode"] == "verify-full"
    assert "BEGIN CERTIFICATE" in Path(options["sslrootcert"]).read_text()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1"])
def test_a_server_on_this_machine_needs_no_certificate(host: str) -> None:
    """Nobody listens in on loopback."""
    assert tls_options(host) == {"sslmode": "prefer"}
