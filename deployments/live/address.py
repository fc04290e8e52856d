"""Where Prefect's API is, and how to prove who asks: what Prefect's own client would find."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from deployments.live.prefect_settings import PrefectSettings
from utilities.errors import SettingsInvalid

EXAMPLE = "http://127.0.0.1:4200/api"
TRUE = frozenset({"1", "true", "t", "yes", "y", "on"})
FALSE = frozenset({"0", "false", "f", "no", "n", "off"})


@dataclass(frozen=True)
class Address:
    """Where Prefect's API is. Shown without what is secret.

    Attributes:
        url: without a slash at its end, and without user and password.
        key: of Prefect Cloud; None without one.
        auth_string: `user:password` of a server with basic authentication; it goes before the key.
        headers: that every request carries besides, as a proxy before the server may need.
        certificate_file: of the authorities to trust; None for those that certifi knows.
        is_verified: whether the server's certificate is checked.
    """

    url: str
    key: str | None = field(default=None, repr=False)
    auth_string: str | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    certificate_file: str | None = None
    is_verified: bool = True


def find_address(root: Path | None = None, environ: Mapping[str, str] | None = None) -> Address:
    """Return where Prefect's API is.

    Args:
        root: folder of `.env`, `prefect.toml` and `pyproject.toml`; None for the working folder.
        environ: environment variables; None for those of this process.

    Raises:
        SettingsInvalid: no address is set, or a setting or a file cannot be read.
    """
    variables = os.environ if environ is None else environ
    settings = PrefectSettings(root or Path(), variables)
    url, url_auth_string = _url(settings.find("api", "url"))
    auth_string = _text("PREFECT_API_AUTH_STRING", settings.find("api", "auth_string"))
    return Address(
        url=url,
        key=_text("PREFECT_API_KEY", settings.find("api", "key")),
        auth_string=url_auth_string or auth_string,
        headers=_headers(settings.find("client", "custom_headers")),
        certificate_file=_text(
            "PREFECT_API_SSL_CERT_FILE",
            settings.find("api", "ssl_cert_file") or variables.get("SSL_CERT_FILE"),
        ),
        is_verified=not _truth(settings.find("api", "tls_insecure_skip_verify")),
    )


def _url(found: Any) -> tuple[str, str | None]:
    """Take user and password, which go before every other credential, out of an address."""
    url = _text("PREFECT_API_URL", found)
    if url is None:
        raise SettingsInvalid(
            "PREFECT_API_URL: not set, so it is not known which Prefect to ask; expected an "
            f"address like {EXAMPLE}. Set it in the environment, in .env or in the active profile "
            "(`prefect config set PREFECT_API_URL=...`, `prefect cloud login`)."
        )
    if not url.startswith(("http://", "https://")):
        raise SettingsInvalid(
            f"PREFECT_API_URL: does not begin with http:// or https://; expected an address like "
            f"{EXAMPLE}."
        )
    parts = urlsplit(url.rstrip("/"))
    if not parts.username:
        return parts.geturl(), None
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2])
    return bare.geturl(), f"{unquote(parts.username)}:{unquote(parts.password or '')}"


def _text(variable: str, found: Any) -> str | None:
    if found is None or found == "":
        return None
    if not isinstance(found, str):
        raise SettingsInvalid(f"{variable}: {type(found).__name__} found, text expected.")
    return found


def _truth(found: Any) -> bool:
    text = str(found).lower()
    if found is None or text in FALSE:
        return False
    if text in TRUE:
        return True
    raise SettingsInvalid(
        "PREFECT_API_TLS_INSECURE_SKIP_VERIFY: neither true nor false; expected one of them."
    )


def _headers(found: Any) -> dict[str, str]:
    """Read headers from a table of a file or from JSON; what was found may be a secret."""
    try:
        headers = json.loads(found) if isinstance(found, str) else found or {}
    except ValueError:
        headers = None
    if isinstance(headers, dict) and all(isinstance(value, str) for value in headers.values()):
        return headers
    raise SettingsInvalid(
        "PREFECT_CLIENT_CUSTOM_HEADERS: not an object of texts; expected JSON like "
        '{"X-Header": "value"}.'
    )
