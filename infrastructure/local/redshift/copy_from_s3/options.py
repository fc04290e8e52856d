"""The options of COPY: which there are, which exclude each other, which are not available.

https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-conversion.html
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
from typing import Any

from infrastructure.local.redshift.copy_from_s3.tokens import SYNTAX_ERROR, Tokens
from infrastructure.local.redshift.errors import FrontError
from infrastructure.local.redshift.refusals import not_available


@dataclass(frozen=True)
class CopyOptions:
    """What the statement asks for; the defaults are Redshift's.

    Attributes:
        format: text (delimited), csv, json or parquet.
        delimiter: one byte; a pipe for text and a comma for CSV when not given.
        null_as: the field text that means NULL, or a NUL byte.
        accept_inv_chars: replacement for each byte that is not UTF-8; empty: such a row is refused.
        date_format, time_format: as given; None: Redshift's default formats only.
        max_errors: the load fails at this many refused rows.
        compression: empty, gzip, zstd or bz2, as pyarrow names them.
        json: auto, auto ignorecase or noshred.
    """

    format: str = "text"
    delimiter: str = ""
    quote: str = '"'
    null_as: str = "\\N"
    empty_as_null: bool = False
    blanks_as_null: bool = False
    accept_inv_chars: str = ""
    accept_any_date: bool = False
    date_format: str | None = None
    time_format: str | None = None
    truncate_columns: bool = False
    trim_blanks: bool = False
    fill_record: bool = False
    ignore_blank_lines: bool = False
    ignore_header: int = 0
    explicit_ids: bool = False
    escape: bool = False
    remove_quotes: bool = False
    round_decimals: bool = False
    max_errors: int = 1
    no_load: bool = False
    compression: str = ""
    manifest: bool = False
    region: str = ""
    stat_update: bool = False
    json: str = "auto"
    serialize_to_json: bool = False


_FLAGS = {
    "EMPTYASNULL": "empty_as_null",
    "BLANKSASNULL": "blanks_as_null",
    "ACCEPTANYDATE": "accept_any_date",
    "TRUNCATECOLUMNS": "truncate_columns",
    "TRIMBLANKS": "trim_blanks",
    "FILLRECORD": "fill_record",
    "IGNOREBLANKLINES": "ignore_blank_lines",
    "EXPLICIT_IDS": "explicit_ids",
    "ESCAPE": "escape",
    "REMOVEQUOTES": "remove_quotes",
    "ROUNDEC": "round_decimals",
    "NOLOAD": "no_load",
    "MANIFEST": "manifest",
    "SERIALIZETOJSON": "serialize_to_json",
}
_COMPRESSIONS = {"GZIP": "gzip", "ZSTD": "zstd", "BZIP2": "bz2"}
_UNAVAILABLE = {
    "LZOP": "Compress with GZIP or ZSTD.",
    "ENCRYPTED": "Leave the objects unencrypted.",
    "MASTER_SYMMETRIC_KEY": "Leave the objects unencrypted.",
    "FIXEDWIDTH": "Use CSV, JSON or PARQUET.",
    "AVRO": "Use CSV, JSON or PARQUET.",
    "ORC": "Use CSV, JSON or PARQUET.",
    "SHAPEFILE": "Use CSV, JSON or PARQUET.",
    "SSH": "Put the data on S3.",
    "READRATIO": "Put the data on S3.",
}
_FOR_PARQUET = {"manifest", "serialize_to_json", "accept_inv_chars", "fill_record", "explicit_ids"}
_FOR_PARQUET |= {"stat_update", "format"}
_NOT_WITH = {
    "csv": {"escape", "remove_quotes"},
    "json": {"delimiter", "escape", "fill_record", "remove_quotes", "ignore_blank_lines"},
    "text": set[str](),
}
_KEYWORDS = {name: keyword for keyword, name in _FLAGS.items()} | {
    "ignore_header": "IGNOREHEADER",
    "max_errors": "MAXERROR",
    "null_as": "NULL",
    "date_format": "DATEFORMAT",
    "time_format": "TIMEFORMAT",
    "comp_update": "COMPUPDATE",
    "comp_rows": "COMPROWS",
}


class OptionReader:
    """Collects the options of one statement."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    @property
    def given(self) -> AbstractSet[str]:
        """Names of the options that the statement spells out."""
        return self._values.keys()

    def accept(self, keyword: str, tokens: Tokens) -> bool:
        """Read the option that `keyword` opens; false when there is no such option."""
        if keyword in _UNAVAILABLE:
            raise not_available(f"COPY with {keyword}", _UNAVAILABLE[keyword])
        if keyword in _FLAGS:
            self._put(_FLAGS[keyword], True)
        elif keyword in _COMPRESSIONS:
            self._put("compression", _COMPRESSIONS[keyword])
        elif keyword in ("FORMAT", "CSV", "JSON", "PARQUET"):
            self._format(keyword, tokens)
        else:
            return self._with_value(keyword, tokens)
        return True

    def result(self) -> CopyOptions:
        known = {field.name for field in fields(CopyOptions)}
        values = {name: value for name, value in self._values.items() if name in known}
        if not values.get("delimiter"):
            values["delimiter"] = "," if values.get("format") == "csv" else "|"
        return CopyOptions(**values)

    def _format(self, keyword: str, tokens: Tokens) -> None:
        if keyword == "FORMAT":
            tokens.accept("AS")
            keyword = tokens.take().text.upper()
            if keyword in _UNAVAILABLE:
                raise not_available(f"COPY with {keyword}", _UNAVAILABLE[keyword])
            if keyword not in ("CSV", "JSON", "PARQUET"):
                raise FrontError(
                    f'COPY format "{keyword}" not recognized',
                    sqlstate="22023",
                    hint="Expected CSV, JSON or PARQUET.",
                )
        self._put("format", keyword.lower())
        if keyword == "JSON" and (tokens.accept("AS") or tokens.peek().kind == "string"):
            self._put("json", _json_option(tokens.string()))

    def _with_value(self, keyword: str, tokens: Tokens) -> bool:
        if keyword in ("COMPUPDATE", "STATUPDATE"):
            on = tokens.accept("ON", "TRUE", "PRESET") or not tokens.accept("OFF", "FALSE")
            self._put("stat_update" if keyword == "STATUPDATE" else "comp_update", on)
            return True
        reader = _VALUE_READERS.get(keyword)
        if reader is None:
            return False
        tokens.accept("AS")
        name, read = reader
        self._put(name, read(tokens))
        return True

    def _put(self, name: str, value: Any) -> None:
        if name in self._values:
            raise FrontError("conflicting or redundant options", sqlstate=SYNTAX_ERROR)
        self._values[name] = value


def check_options(options: CopyOptions, given: AbstractSet[str]) -> None:
    """Refuse what Redshift refuses together.

    For columnar files only a few options exist:
    https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html
    """
    if options.format == "parquet":
        # dlt ends every COPY with MAXERROR 0, which asks for nothing.
        allowed = _FOR_PARQUET | ({"max_errors"} if options.max_errors == 1 else set())
        for name in sorted(given - allowed):
            keyword = options.compression.upper() if name == "compression" else _keyword(name)
            raise FrontError(f"{keyword} argument is not supported for PARQUET based COPY")
        return
    refused = {"serialize_to_json"} | _NOT_WITH[options.format]
    for name in sorted(refused & given):
        raise FrontError(
            f"COPY {options.format.upper()} cannot be used with {_keyword(name)}",
            sqlstate=SYNTAX_ERROR,
        )
    if "quote" in given and options.format != "csv":
        raise FrontError("COPY quote is only available in CSV mode", sqlstate=SYNTAX_ERROR)
    if options.format == "csv" and options.delimiter == options.quote:
        raise FrontError("COPY delimiter and quote must differ", sqlstate=SYNTAX_ERROR)


def _keyword(name: str) -> str:
    return _KEYWORDS.get(name, name.replace("_", "").upper())


def _json_option(text: str) -> str:
    if text.startswith("s3://"):
        raise not_available("COPY with a JSONPaths file", "Use JSON 'auto', or 'noshred'.")
    if text not in ("auto", "auto ignorecase", "noshred"):
        raise FrontError(
            "Invalid JSON option",
            sqlstate="22023",
            hint="Use 'auto', 'auto ignorecase' or 'noshred'.",
        )
    return text


def one_character(tokens: Tokens) -> str:
    """Read a delimiter or a quote: one ASCII character, or an escape for one."""
    text = tokens.string()
    if text.startswith("\\"):
        escapes = {"\\t": "\t", "\\\\t": "\t", "\\\\": "\\"}
        if text in escapes:
            return escapes[text]
        if text[1:].isdigit() and len(text) <= 4:
            return chr(int(text[1:], 8))
    if len(text) != 1 or ord(text) > 127 or text in "\r\n":
        raise FrontError(
            "COPY delimiter must be a single character", sqlstate=SYNTAX_ERROR, hint="Use ASCII."
        )
    return text


def _null_text(tokens: Tokens) -> str:
    text = tokens.string()
    return "\0" if text in ("\\0", "\\000") else text.replace("\\\\", "\\")


def _count(tokens: Tokens) -> int:
    text = tokens.string() if tokens.peek().kind == "string" else tokens.number()
    if not text.isdigit():
        raise FrontError(f'"{text}" is not a valid number of rows', sqlstate="22023")
    return int(text)


def _max_errors(tokens: Tokens) -> int:
    count = _count(tokens)
    if count > 100_000:
        raise FrontError("MAXERROR must be between 0 and 100000", sqlstate="22023")
    return max(count, 1)


def _replacement(tokens: Tokens) -> str:
    return one_character(tokens) if tokens.peek().kind == "string" else "?"


def _encoding(tokens: Tokens) -> str:
    token = tokens.take()
    if token.text.upper() not in ("UTF8", "UTF-8"):
        raise not_available(f"COPY with ENCODING {token.text}", "Write the files in UTF-8.")
    return "utf8"


def _name(tokens: Tokens) -> str:
    return tokens.take().text


_VALUE_READERS = {
    "DELIMITER": ("delimiter", one_character),
    "QUOTE": ("quote", one_character),
    "NULL": ("null_as", _null_text),
    "ACCEPTINVCHARS": ("accept_inv_chars", _replacement),
    "DATEFORMAT": ("date_format", Tokens.string),
    "TIMEFORMAT": ("time_format", Tokens.string),
    "IGNOREHEADER": ("ignore_header", _count),
    "MAXERROR": ("max_errors", _max_errors),
    "COMPROWS": ("comp_rows", _count),
    "ENCODING": ("encoding", _encoding),
    "REGION": ("region", _name),
}
