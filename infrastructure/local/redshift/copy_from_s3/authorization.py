"""The authorization clause that COPY and UNLOAD share.

https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-authorization.html
"""

import re
from dataclasses import dataclass, field

from infrastructure.local.redshift.copy_from_s3.tokens import SYNTAX_ERROR, Tokens
from infrastructure.local.redshift.errors import FrontError
from infrastructure.local.redshift.refusals import not_available

_ROLE = re.compile(r"arn:aws[\w-]*:iam::\d{12}:role/[\w+=,.@/-]+")

_KEY_CLAUSES = {
    "ACCESS_KEY_ID": "access_key_id",
    "SECRET_ACCESS_KEY": "secret_access_key",  # pragma: allowlist secret
    "SESSION_TOKEN": "session_token",
}

_CREDENTIAL_NAMES = {
    "aws_access_key_id": "access_key_id",
    "aws_secret_access_key": "secret_access_key",  # pragma: allowlist secret
    "token": "session_token",
    "aws_iam_role": "role",
}


@dataclass(frozen=True)
class Authorization:
    """Who reads or writes S3: a role, or a key pair with an optional session token.

    A role stands for the credentials of the local stack. No value is part of the representation.
    """

    role: str = field(default="", repr=False)
    access_key_id: str = field(default="", repr=False)
    secret_access_key: str = field(default="", repr=False)
    session_token: str = field(default="", repr=False)


class AuthorizationReader:
    """Collects the clauses of one statement, in any order, and checks them together."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    def accept(self, keyword: str, tokens: Tokens) -> bool:
        """Read the clause that `keyword` opens; false when it opens none of these."""
        if keyword == "IAM_ROLE":
            self._put("role", "default" if tokens.accept("DEFAULT") else tokens.string())
        elif keyword in ("CREDENTIALS", "WITH"):
            if keyword == "WITH":
                tokens.expect("CREDENTIALS")
            tokens.accept("AS")
            self._credentials(tokens.string())
        elif keyword in _KEY_CLAUSES:
            tokens.accept("AS")
            self._put(_KEY_CLAUSES[keyword], tokens.string())
        else:
            return False
        return True

    def result(self) -> Authorization:
        """Return the clause as a whole.

        Raises:
            FrontError: it is missing, half a key pair, or a role beside keys.
        """
        values = self._values
        role = values.get("role", "")
        keys = {"access_key_id", "secret_access_key"} & values.keys()
        if not role and not keys:
            raise _invalid(
                "S3 credentials are missing",
                "Add IAM_ROLE 'arn:aws:iam::<account>:role/<name>', IAM_ROLE default, or CREDENTIALS.",
            )
        if role and len(values) > 1:
            raise _invalid("conflicting or redundant options", "Give a role or keys, not both.")
        if not role and len(keys) < 2:
            raise _invalid(
                "S3 credentials are incomplete", "Give both the access key ID and the secret key."
            )
        if role and role != "default" and not all(map(_ROLE.fullmatch, role.split(","))):
            raise _invalid(
                "Invalid IAM role ARN", "Expected arn:aws:iam::<12 digits>:role/<role name>."
            )
        return Authorization(**values)

    def _credentials(self, text: str) -> None:
        for pair in filter(None, (part.strip() for part in text.split(";"))):
            name, equals, value = pair.partition("=")
            if name in ("master_symmetric_key", "aws_cse_kms_key_id"):
                raise not_available("client-side encryption", "Leave the objects unencrypted.")
            if not equals or not value or name not in _CREDENTIAL_NAMES:
                raise _invalid(
                    "Invalid credentials. Must be of the format: credentials "
                    "'aws_iam_role=...' or 'aws_access_key_id=...;aws_secret_access_key=...[;token=...]'",
                    "Write the pairs without blanks, separated by semicolons.",
                )
            self._put(_CREDENTIAL_NAMES[name], value)

    def _put(self, name: str, value: str) -> None:
        if name in self._values:
            raise _invalid("conflicting or redundant options", "Give the credentials once.")
        self._values[name] = value


def _invalid(message: str, hint: str) -> FrontError:
    return FrontError(message, sqlstate=SYNTAX_ERROR, hint=hint)
