"""Read an UNLOAD statement.

https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.dialects.redshift import Redshift

from infrastructure.local.redshift.copy_from_s3.authorization import (
    Authorization,
    AuthorizationReader,
)
from infrastructure.local.redshift.copy_from_s3.options import one_character
from infrastructure.local.redshift.copy_from_s3.tokens import SYNTAX_ERROR, Tokens, syntax_error
from infrastructure.local.redshift.errors import FrontError
from infrastructure.local.redshift.refusals import not_available

MIB = 1024 * 1024
SMALLEST_FILE_BYTES = 5 * MIB
LARGEST_FILE_BYTES = int(6.2 * 1024 * MIB)


@dataclass(frozen=True)
class UnloadStatement:
    """One UNLOAD; the defaults are Redshift's.

    Attributes:
        query: the SELECT as the client wrote it, quotes undone.
        prefix: `s3://bucket/key-prefix`, to which file names are added.
        format: text (delimited), csv, json or parquet.
        compression: empty, gzip, zstd or bz2, as pyarrow names them.
        partition_by: columns whose values name folders; with them the prefix ends in a slash.
        include_keys: those columns are in the files too.
    """

    query: str
    prefix: str
    authorization: Authorization
    format: str = "text"
    delimiter: str = ""
    null_as: str = ""
    header: bool = False
    add_quotes: bool = False
    escape: bool = False
    manifest: bool = False
    verbose: bool = False
    allow_overwrite: bool = False
    clean_path: bool = False
    parallel: bool = True
    max_file_bytes: int = LARGEST_FILE_BYTES
    compression: str = ""
    extension: str = ""
    region: str = ""
    partition_by: tuple[str, ...] = ()
    include_keys: bool = False


_FLAGS = {
    "HEADER": "header",
    "ADDQUOTES": "add_quotes",
    "ESCAPE": "escape",
    "ALLOWOVERWRITE": "allow_overwrite",
    "CLEANPATH": "clean_path",
}
_COMPRESSIONS = {"GZIP": "gzip", "ZSTD": "zstd", "BZIP2": "bz2"}
_FORMATS = ("CSV", "PARQUET", "JSON")
_UNAVAILABLE = {
    "FIXEDWIDTH": "Use CSV.",
    "ENCRYPTED": "Leave the files unencrypted.",
    "KMS_KEY_ID": "Leave the files unencrypted.",
    "MASTER_SYMMETRIC_KEY": "Leave the files unencrypted.",
}
_NOT_WITH = {
    "parquet": ("delimiter", "add_quotes", "escape", "null_as", "header", "compression"),
    "json": ("delimiter", "header", "add_quotes", "escape", "null_as"),
    "csv": (),
    "text": (),
}


class _PlainBackslashes(Redshift):
    """Redshift's SQL, read as the PostgreSQL behind the front does: a backslash is a character."""

    class Tokenizer(Redshift.Tokenizer):
        STRING_ESCAPES = ["'"]


def read_unload(sql: str) -> UnloadStatement:
    """Return the statement's parts.

    Raises:
        FrontError: a syntax error, options that exclude each other, or something that the local
            Redshift does not have (0A000).
    """
    tokens = Tokens(sql)
    tokens.expect("UNLOAD")
    tokens.expect("(")
    query = tokens.string().strip().rstrip(";")
    tokens.expect(")")
    tokens.expect("TO")
    prefix = tokens.string()
    if not prefix.startswith("s3://"):
        raise not_available("UNLOAD to anything but S3", "Use TO 's3://bucket/prefix'.")
    authorization = AuthorizationReader()
    values: dict[str, Any] = {}
    while not tokens.ended:
        token = tokens.take()
        keyword = token.text.upper()
        if token.kind != "word":
            raise syntax_error(token)
        if authorization.accept(keyword, tokens):
            continue
        name, value = _option(keyword, tokens)
        if name in values:
            raise FrontError("conflicting or redundant options", sqlstate=SYNTAX_ERROR)
        values[name] = value
        if name == "manifest" and tokens.accept("VERBOSE"):
            values["verbose"] = True
        if name == "partition_by" and tokens.accept("INCLUDE"):
            values["include_keys"] = True
    _check_options(values)
    _check_query(query)
    values.pop("row_group", None)
    values.setdefault("delimiter", "," if values.get("format") == "csv" else "|")
    if "partition_by" in values and not prefix.endswith("/"):
        prefix += "/"
    return UnloadStatement(query, prefix, authorization.result(), **values)


def _option(keyword: str, tokens: Tokens) -> tuple[str, Any]:
    if keyword in _UNAVAILABLE:
        raise not_available(f"UNLOAD with {keyword}", _UNAVAILABLE[keyword])
    if keyword in _FLAGS:
        return _FLAGS[keyword], True
    if keyword == "MANIFEST":
        return "manifest", True
    if keyword in _COMPRESSIONS:
        return "compression", _COMPRESSIONS[keyword]
    if keyword == "FORMAT":
        tokens.accept("AS")
        token = tokens.take()
        keyword = token.text.upper()
        if keyword not in _FORMATS:
            raise syntax_error(token)
    if keyword in _FORMATS:
        return "format", keyword.lower()
    if keyword == "PARTITION":
        return "partition_by", _names(tokens)
    if keyword == "PARALLEL":
        on = tokens.accept("ON", "TRUE") or not tokens.accept("OFF", "FALSE")
        return "parallel", on
    return _option_with_value(keyword, tokens)


def _option_with_value(keyword: str, tokens: Tokens) -> tuple[str, Any]:
    readers = {
        "DELIMITER": ("delimiter", one_character),
        "NULL": ("null_as", Tokens.string),
        "EXTENSION": ("extension", Tokens.string),
        "MAXFILESIZE": ("max_file_bytes", _file_size),
        "ROWGROUPSIZE": ("row_group", _size),
        "REGION": ("region", lambda found: found.take().text),
    }
    if keyword not in readers:
        raise FrontError(f'syntax error at or near "{keyword.lower()}"', sqlstate=SYNTAX_ERROR)
    tokens.accept("AS")
    name, read = readers[keyword]
    return name, read(tokens)


def _names(tokens: Tokens) -> tuple[str, ...]:
    tokens.expect("BY")
    tokens.expect("(")
    names = [tokens.identifier()]
    while tokens.accept(","):
        names.append(tokens.identifier())
    tokens.expect(")")
    return tuple(names)


def _size(tokens: Tokens) -> int:
    number = float(tokens.string() if tokens.peek().kind == "string" else tokens.number())
    unit = 1024 * MIB if tokens.accept("GB") else MIB
    if unit == MIB:
        tokens.accept("MB")
    return int(number * unit)


def _file_size(tokens: Tokens) -> int:
    size = _size(tokens)
    if not SMALLEST_FILE_BYTES <= size <= LARGEST_FILE_BYTES:
        raise FrontError(
            "MAXFILESIZE must be between 5 MB and 6.2 GB", sqlstate="22023", hint="Default: 6.2 GB."
        )
    return size


def _check_options(values: dict[str, Any]) -> None:
    given: AbstractSet[str] = values.keys()
    format_name = str(values.get("format", "text"))
    for name in _NOT_WITH[format_name]:
        if name in given:
            keyword = name.replace("_", "").upper()
            raise FrontError(
                f"{keyword} is not supported for UNLOAD to {format_name.upper()}",
                sqlstate=SYNTAX_ERROR,
            )
    if format_name == "csv" and "escape" in given:
        raise not_available("UNLOAD to CSV with ESCAPE", "CSV doubles quotes and needs no ESCAPE.")
    if {"allow_overwrite", "clean_path"} <= given:
        raise FrontError(
            "CLEANPATH and ALLOWOVERWRITE cannot be used together", sqlstate=SYNTAX_ERROR
        )


def _check_query(query: str) -> None:
    """Refuse what Redshift does not unload: anything but a SELECT, and an outer LIMIT."""
    try:
        parsed = sqlglot.parse_one(query, read=_PlainBackslashes)
    except sqlglot.errors.SqlglotError:
        return
    writes = (exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.DDL, exp.Command)
    if not isinstance(parsed, exp.Query) or any(
        isinstance(node, writes) and not isinstance(node, exp.Query) for node in parsed.walk()
    ):
        raise FrontError(
            "UNLOAD needs a SELECT", sqlstate=SYNTAX_ERROR, hint="Expected UNLOAD ('SELECT ...')."
        )
    if parsed.args.get("limit") is not None:
        raise FrontError(
            "Limit clause is not supported",
            sqlstate="0A000",
            hint="Put the LIMIT into a subquery.",
        )
