"""A row that is set aside."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reject:
    """One row that was set aside.

    Attributes:
        row: zero-based, among the rows that the source gives.
        column: legal name of the column at fault; empty when the row has no columns.
        value: the value at fault, as the source has it.
        reason: why it is at fault, as the rest of a sentence that begins with the value.
        record: the whole row as text.
        line: where the row is, when it is known already.
    """

    row: int
    column: str
    value: str
    reason: str
    record: str
    line: int | None = None
