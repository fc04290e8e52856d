"""Functions and small syntax that PostgreSQL cannot be taught by a function of the same name.

What can be is in catalog/functions.sql and needs no translation. Here, only the tokens concerned
are changed.

Source: https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions.html
"""

import re

from infrastructure.local.redshift.errors import FrontError
from infrastructure.local.redshift.reading import Token, outline, tokens
from infrastructure.local.redshift.refusals import literal
from infrastructure.local.redshift.translation.calls import after_dot, find_call, follows
from infrastructure.local.redshift.translation.edits import Edits
from infrastructure.local.redshift.translation.wording import WORDS, Change

_HINTS = (
    "dateadd datediff date_part date_trunc sysdate listagg decode convert median array "
    "json_serialize top minus approximate returning conflict decimal numeric update share nvarchar "
    "datetime where into delete max"
).split()
_SUSPECT = re.compile(
    r"\b(?:date(?:add|diff|_part|_trunc)|sysdate|listagg|decode|convert|median|top|minus|"
    r"approximate|returning|conflict|decimal|numeric|for\s+update|for\s+share|"
    r"where\s+1|array|json_serialize|nvarchar|datetime)\b|max\s*\)|"
    r"\bdelete\s+(?!from\b)|\binto\s+\"#",
    re.IGNORECASE,
)


def translate_functions(sql: str) -> str:
    """The statement with Redshift's own functions and words replaced.

    Raises:
        FrontError: the statement uses what Redshift does not have.
    """
    searched = outline(sql)
    lowered = searched.lower()
    if not any(hint in lowered for hint in _HINTS) or not _SUSPECT.search(searched):
        return sql
    found = tokens(sql)
    edits = Edits(sql)
    for place, token in enumerate(found):
        change = CHANGES.get(token.upper)
        if change is not None:
            change(found, place, edits)
    return edits.apply()


def _quote_part(found: list[Token], place: int, edits: Edits) -> None:
    """DATEADD(day, ...): a bare date part becomes text."""
    call = find_call(found, place)
    if call and call.arguments and len(call.arguments[0]) == 1:
        part = call.arguments[0][0]
        if part.is_name:
            edits.replace(part.start, part.end, literal(part.name))


def _sysdate(found: list[Token], place: int, edits: Edits) -> None:
    if not follows(found, place, "(") and not after_dot(found, place):
        edits.replace(found[place].start, found[place].end, "pg_catalog.sysdate()")


def _listagg(found: list[Token], place: int, edits: Edits) -> None:
    """LISTAGG([DISTINCT] a [, delimiter]) [WITHIN GROUP (ORDER BY b)] -> string_agg."""
    call = find_call(found, place)
    if call is None or not call.arguments:
        return
    value = call.arguments[0]
    edits.replace(found[place].start, found[place].end, "string_agg")
    distinct = value[0].upper == "DISTINCT"
    edits.insert(value[1 if distinct else 0].start, "(")
    edits.insert(value[-1].end, ")::text")
    if len(call.arguments) == 1:
        edits.insert(value[-1].end, ", ''")
    after = call.close + 1
    words = [token.upper for token in found[after : after + 3]]
    if words == ["WITHIN", "GROUP", "("]:
        order = find_call(found, after + 1)
        if order is not None:
            text = edits.sql[found[order.open].end : found[order.close].start]
            edits.insert(found[call.close].start, " " + _order_as_text(text, value, distinct))
            edits.replace(found[after].start, found[order.close].end, "")


def _order_as_text(order: str, value: list[Token], distinct: bool) -> str:
    """With DISTINCT, PostgreSQL sorts by the very argument, which is text here."""
    if not distinct:
        return order
    direction = re.search(r"\b(ASC|DESC)\b", order, re.IGNORECASE)
    written = " ".join(token.raw for token in value[1:])
    return f"ORDER BY ({written})::text {direction[0] if direction else ''}"


def _decode(found: list[Token], place: int, edits: Edits) -> None:
    """DECODE(value, search, result, ..., default) -> CASE; null equals null in it."""
    call = find_call(found, place)
    if call is None or len(call.arguments) < 3:
        return
    value, *rest = (_written(edits.sql, argument) for argument in call.arguments)
    value, *rest = (translate_functions(text) for text in (value, *rest))
    pieces = ["CASE"]
    for search, result in zip(rest[0::2], rest[1::2], strict=False):
        pieces.append(f"WHEN ({value}) IS NOT DISTINCT FROM ({search}) THEN {result}")
    if len(rest) % 2:
        pieces.append(f"ELSE {rest[-1]}")
    edits.replace(found[place].start, found[call.close].end, " ".join(pieces) + " END")


def _convert(found: list[Token], place: int, edits: Edits) -> None:
    """CONVERT(type, value) -> CAST(value AS type)."""
    call = find_call(found, place)
    if call is None or len(call.arguments) != 2:
        return
    wanted, value = (_written(edits.sql, argument) for argument in call.arguments)
    cast = translate_functions(f"CAST({value} AS {wanted})")
    edits.replace(found[place].start, found[call.close].end, cast)


def _median(found: list[Token], place: int, edits: Edits) -> None:
    call = find_call(found, place)
    if call is not None and len(call.arguments) == 1:
        value = _written(edits.sql, call.arguments[0])
        text = f"percentile_cont(0.5) WITHIN GROUP (ORDER BY {translate_functions(value)})"
        edits.replace(found[place].start, found[call.close].end, text)


def _qualified(found: list[Token], place: int, edits: Edits) -> None:
    """The name is a keyword in PostgreSQL, unless it is qualified."""
    if follows(found, place, "(") and not after_dot(found, place):
        edits.insert(found[place].start, "pg_catalog.")


def _array(found: list[Token], place: int, edits: Edits) -> None:
    """ARRAY(a, b) makes a SUPER; ARRAY[a, b] and ARRAY(SELECT ...) are PostgreSQL's."""
    call = find_call(found, place)
    if call and not (call.arguments and call.arguments[0][0].upper in ("SELECT", "WITH")):
        edits.replace(found[place].start, found[place].end, "pg_catalog.super_array")


def _written(sql: str, argument: list[Token]) -> str:
    if not argument:
        raise FrontError("syntax error: an argument is missing", sqlstate="42601")
    return sql[argument[0].start : argument[-1].end]


CHANGES: dict[str, Change] = WORDS | {
    "DATEADD": _quote_part,
    "DATEDIFF": _quote_part,
    "DATE_PART": _quote_part,
    "DATE_TRUNC": _quote_part,
    "SYSDATE": _sysdate,
    "LISTAGG": _listagg,
    "DECODE": _decode,
    "CONVERT": _convert,
    "MEDIAN": _median,
    "ARRAY": _array,
    "JSON_SERIALIZE": _qualified,
}
