"""S3's refusal of requests without an access key, or with one that nobody issued.

Only the key is checked, not the signature: whoever knows that the secret is `test` gains nothing.
"""

import re
from typing import Any
from urllib.parse import parse_qs

from werkzeug.wrappers import Response

from infrastructure.local.aws import memory

SIGNED = re.compile(r"AWS4-HMAC-SHA256 .*?Credential=([^/,\s]+)|AWS ([^:\s]+):")
"""Signature version 4, and the older version 2, in the Authorization header:
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html"""


def refusal(environ: dict[str, Any]) -> Response | None:
    """Return S3's answer to a request that it does not let in; None: it may pass."""
    if environ["REQUEST_METHOD"] == "OPTIONS":
        return None
    access_key = _access_key(environ)
    if access_key is None:
        return _error("AccessDenied", "Access Denied")
    if not memory.knows_access_key(access_key):
        message = "The AWS Access Key Id you provided does not exist in our records."
        return _error("InvalidAccessKeyId", message)
    return None


def _access_key(environ: dict[str, Any]) -> str | None:
    signed = SIGNED.match(environ.get("HTTP_AUTHORIZATION", ""))
    if signed:
        return signed[1] or signed[2]
    query = parse_qs(environ.get("QUERY_STRING", ""))
    credential = query.get("X-Amz-Credential") or query.get("AWSAccessKeyId")
    return credential[0].split("/")[0] if credential else None


def _error(code: str, message: str) -> Response:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"""
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}'
    return Response(f"{body}</Message></Error>", status=403, mimetype="application/xml")
