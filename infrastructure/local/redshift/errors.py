"""What a client of the front sees as an ErrorResponse.

FrontError          raised by the front: a refusal, a failed COPY, a broken promise
└── BackendError    PostgreSQL's own answer, with every field it sent
"""

from collections.abc import Mapping


class FrontError(Exception):
    """An error that the client is meant to read.

    Args:
        message: one line: the object, what was found, what was expected.
        sqlstate: five characters that programs decide by; XX000 as Redshift uses it for COPY.
        detail: what else is known; may have several lines.
        hint: the next step.

    Source: https://www.postgresql.org/docs/current/protocol-error-fields.html
    """

    def __init__(
        self, message: str, *, sqlstate: str = "XX000", detail: str = "", hint: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.sqlstate = sqlstate
        self.detail = detail
        self.hint = hint

    @property
    def fields(self) -> dict[str, str]:
        """The fields of an ErrorResponse, by the protocol's code letters."""
        fields = {"S": "ERROR", "V": "ERROR", "C": self.sqlstate, "M": self.message}
        if self.detail:
            fields["D"] = self.detail
        if self.hint:
            fields["H"] = self.hint
        return fields


class BackendError(FrontError):
    """PostgreSQL refused a statement; `fields` are the ones it sent."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(
            fields.get("M", "PostgreSQL gave no message"),
            sqlstate=fields.get("C", "XX000"),
            detail=fields.get("D", ""),
            hint=fields.get("H", ""),
        )
        self._fields = dict(fields)

    @property
    def fields(self) -> dict[str, str]:
        """Every field of PostgreSQL's ErrorResponse, by the protocol's code letters."""
        return dict(self._fields)
