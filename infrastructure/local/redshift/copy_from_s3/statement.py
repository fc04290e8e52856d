"""Read a COPY ... FROM 's3://...' statement.

https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html
"""

from dataclasses import dataclass

from infrastructure.local.redshift.copy_from_s3.authorization import (
    Authorization,
    AuthorizationReader,
)
from infrastructure.local.redshift.copy_from_s3.options import (
    CopyOptions,
    OptionReader,
    check_options,
)
from infrastructure.local.redshift.copy_from_s3.tokens import Tokens, syntax_error
from infrastructure.local.redshift.names import full_names
from infrastructure.local.redshift.refusals import not_available


@dataclass(frozen=True)
class CopyStatement:
    """One COPY.

    Attributes:
        table: name with its schema when given.
        columns: the column list, empty when there is none.
        source: `s3://bucket/key-prefix`, or the manifest.
    """

    table: tuple[str, ...]
    columns: tuple[str, ...]
    source: str
    authorization: Authorization
    options: CopyOptions


def read_copy(sql: str) -> CopyStatement:
    """Return the statement's parts.

    Raises:
        FrontError: a syntax error (42601), options that exclude each other, or something that
            the local Redshift does not have (0A000).
    """
    tokens = Tokens(sql)
    tokens.expect("COPY")
    table = [_name(tokens)]
    while tokens.accept("."):
        table.append(_name(tokens))
    columns = _column_list(tokens)
    tokens.expect("FROM")
    source = tokens.string()
    if not source.startswith("s3://"):
        raise not_available(
            f"COPY from {source.split('://')[0]!r}", "Put the data on S3 and COPY from 's3://...'."
        )
    authorization, reader = AuthorizationReader(), OptionReader()
    while not tokens.ended:
        token = tokens.take()
        keyword = token.text.upper()
        if token.kind != "word":
            raise syntax_error(token)
        if not authorization.accept(keyword, tokens) and not reader.accept(keyword, tokens):
            raise syntax_error(token)
    who = authorization.result()
    options = reader.result()
    check_options(options, reader.given)
    return CopyStatement(tuple(table), columns, source, who, options)


def _column_list(tokens: Tokens) -> tuple[str, ...]:
    columns: list[str] = []
    if tokens.accept("("):
        columns.append(_name(tokens))
        while tokens.accept(","):
            columns.append(_name(tokens))
        tokens.expect(")")
    return tuple(columns)


def _name(tokens: Tokens) -> str:
    """Return a whole name, whether it was shortened for PostgreSQL before or not."""
    name = tokens.identifier()
    return full_names.get(name, name)
