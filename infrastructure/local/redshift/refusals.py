"""Statements that are not carried out, and the way they are refused.

A refusal is sent to PostgreSQL as a statement that raises it: so the transaction status, the rest
of the query string and the order of the answers come out as for an error of PostgreSQL's own.
"""

from infrastructure.local.redshift.errors import FrontError


def literal(value: str) -> str:
    """Quote a value as an SQL literal."""
    doubled = value.replace("'", "''")
    return "E'" + doubled.replace("\\", "\\\\") + "'" if "\\" in doubled else f"'{doubled}'"


def refusal_sql(error: FrontError) -> str:
    """The statement that makes PostgreSQL answer with this error."""
    options = [
        f"MESSAGE = {literal(error.message)}",
        f"ERRCODE = {literal(error.sqlstate)}",
    ]
    if error.detail:
        options.append(f"DETAIL = {literal(error.detail)}")
    if error.hint:
        options.append(f"HINT = {literal(error.hint)}")
    body = f"BEGIN RAISE EXCEPTION USING {', '.join(options)}; END"
    return f"DO {literal(body)}"


def not_available(what: str, hint: str = "") -> FrontError:
    """Something that Redshift has and the front does not carry out."""
    return FrontError(f"{what} is not available in the local Redshift", sqlstate="0A000", hint=hint)


def not_supported(what: str, hint: str = "") -> FrontError:
    """Something that PostgreSQL has and Redshift does not."""
    return FrontError(f"{what} is not supported", sqlstate="0A000", hint=hint)


def not_in_block(what: str) -> FrontError:
    """Something that Redshift refuses while a transaction block is open."""
    return FrontError(f"{what} cannot run inside a transaction block", sqlstate="25001")
