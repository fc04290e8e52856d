"""Turns PostgreSQL's answers into what a client of Redshift would read."""

from infrastructure.local.redshift import names, protocol
from infrastructure.local.redshift.errors import FrontError

BYTES_CONSTRAINT = "redshift_bytes_"
"""Prefix of the checks that hold text to its bytes: redshift_bytes_{column number}_{bytes}."""


def rewrite_answer(kind: int, raw: bytes) -> bytes:
    """Take an error, a notice or a column list; give it as Redshift words it."""
    if kind == ord("T"):
        return names.restore_in_columns(raw)
    if kind != ord("E"):
        return raw
    fields = protocol.read_fields(raw[protocol.HEADER_BYTES :])
    worded = reword(fields)
    return raw if worded is fields else protocol.fields_message(b"E", worded)


def error_message(error: FrontError) -> bytes:
    """The ErrorResponse for an error of the front, or of a statement that it ran."""
    return protocol.fields_message(b"E", reword(error.fields))


def reword(fields: dict[str, str]) -> dict[str, str]:
    """Redshift's code and message for an error of PostgreSQL; the same object when they agree."""
    code, routine = fields.get("C", ""), fields.get("R", "")
    if code == "23514" and fields.get("n", "").startswith(BYTES_CONSTRAINT):
        limit = fields["n"].rpartition("_")[2]
        return _plain(fields, "22001", f"value too long for type character varying({limit})")
    if code == "40001":
        # https://docs.aws.amazon.com/redshift/latest/dg/r_serializable_isolation.html
        detail = f"Serializable isolation violation on table: {fields.get('M', '')}"
        return _plain(fields, "XX000", "1023") | {"D": detail}
    if code == "21000" and routine.startswith("ExecMerge"):
        return _plain(fields, "21000", "Found multiple matches to update the same tuple.")
    if code == "54000" and routine == "RelationGetBufferForTuple":
        text = f"The local Redshift cannot store so wide a row: {fields.get('M', '')}"
        detail = (
            "PostgreSQL behind it keeps numbers, dates and short text of a row in one page of "
            "8 KB; Amazon Redshift has no such limit"
        )
        return _plain(fields, "0A000", text) | {"D": detail}
    if routine == "exec_stmt_raise":
        return {code: value for code, value in fields.items() if code not in "WFLRq"}
    return fields


def _plain(fields: dict[str, str], sqlstate: str, text: str) -> dict[str, str]:
    """An error of the same severity with another code and message; the rest does not apply."""
    kept = {code: fields[code] for code in "SV" if code in fields}
    return kept | {"C": sqlstate, "M": text}
