"""Connections to Prefect's server: credentials, trust, limits."""

import base64
import ssl

import httpx

from deployments.live.address import Address
from deployments.live.patience import Patience
from utilities.errors import SettingsInvalid

CONNECTIONS = 16
KEEP_ALIVE_SECONDS = 25
"""Less than the 30 s after which Prefect Cloud's load balancer hangs up."""


def make_client(address: Address, patience: Patience) -> httpx.Client:
    """Return a client that proves who asks as Prefect's own does.

    Raises:
        SettingsInvalid: the address or the certificate file cannot be used.
    """
    headers = dict(address.headers)
    if address.auth_string is not None:
        encoded = base64.b64encode(address.auth_string.encode()).decode()
        headers["Authorization"] = f"Basic {encoded}"
    elif address.key is not None:
        headers["Authorization"] = f"Bearer {address.key}"
    try:
        return httpx.Client(
            base_url=address.url,
            headers=headers,
            verify=_trust(address),
            timeout=httpx.Timeout(patience.read_seconds, connect=patience.connect_seconds),
            limits=httpx.Limits(
                max_connections=CONNECTIONS,
                max_keepalive_connections=CONNECTIONS,
                keepalive_expiry=KEEP_ALIVE_SECONDS,
            ),
        )
    except httpx.InvalidURL as error:
        raise SettingsInvalid(f"PREFECT_API_URL: {error}; expected a web address.") from None


def _trust(address: Address) -> ssl.SSLContext | bool:
    """Read the authorities to trust, which takes 30 ms, only where they are needed."""
    if not address.is_verified or address.url.startswith("http://"):
        return False
    if address.certificate_file is None:
        return True
    try:
        return ssl.create_default_context(cafile=address.certificate_file)
    except (OSError, ssl.SSLError) as error:
        raise SettingsInvalid(
            f"PREFECT_API_SSL_CERT_FILE: {address.certificate_file}: {error}; expected a file "
            "with certificates in PEM form."
        ) from None


def require_trust(error: httpx.TransportError, address: Address) -> None:
    """Tell a certificate that is not trusted, which no repetition mends, from a lost connection.

    Raises:
        SettingsInvalid: it is not.
    """
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            raise SettingsInvalid(
                f"Prefect at {address.url}: its certificate is not trusted: "
                f"{cause.verify_message}. Set PREFECT_API_SSL_CERT_FILE to its authority's file."
            ) from error
        cause = cause.__cause__ or cause.__context__
