"""Functions and small syntax that PostgreSQL cannot be taught by a function of the same name.

What can be is in catalog/functions.sql and needs no translation. Here, only the tokens concerned
are changed.

Source: https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions.html
"""

import re
from collections.abc import Callable

from infrastructure.local.redshift.errors import FrontError
from infrastructure.local.redshift.reading import Token, tokens
from infrastructure.local.redshift.refusals import literal, not_supported
from infrastructure.local.redshift.translation.calls import find_call
from infrastructure.local.redshift.translation.edits import Edits

_SUSPECT = re.compile(
    r"\b(?:date(?:add|diff|_part|_trunc)|sysdate|listagg|decode|convert|median|top|minus|"
    r"approximate|returning|conflict|decimal|numeric|for\s+update|for\s+share|"
    r"where\s+1|array|json_serialize|nvarchar|datetime)\b|max\s*\)",
    re.IGNORECASE,
)


def translate_functions(sql: str) -> str:
    """The statement with Redshift's own functions and words replaced.

    Raises:
        FrontError: the statement uses what Redshift does not have.
    """
    if not _SUSPECT.search(sql):
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
    if not _follows(found, place, "(") and not _after_dot(found, place):
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


def _top(found: list[Token], place: int, edits: Edits) -> None:
    """SELECT TOP n ... -> ... LIMIT n, at the end of that SELECT."""
    previous = found[place - 1].upper if place else ""
    follows = place + 1 < len(found) and found[place + 1].kind == "number"
    if previous not in ("SELECT", "DISTINCT") or not follows:
        return
    count = found[place + 1]
    depth, end = 0, found[-1].end
    for token in found[place:]:
        depth += {"(": 1, ")": -1}.get(token.upper, 0)
        if depth < 0:
            end = token.start
            break
    edits.replace(found[place].start, count.end, "")
    edits.insert(end, f" LIMIT {count.raw}")


def _max_length(found: list[Token], place: int, edits: Edits) -> None:
    """VARCHAR(MAX) is VARCHAR(65535)."""
    in_brackets = place >= 2 and found[place - 1].raw == "(" and _follows(found, place, ")")
    if in_brackets and found[place - 2].upper in ("VARCHAR", "NVARCHAR", "VARYING"):
        edits.replace(found[place].start, found[place].end, "65535")


def _decimal(found: list[Token], place: int, edits: Edits) -> None:
    """A cast to NUMERIC without precision means NUMERIC(18,0)."""
    previous = found[place - 1].upper if place else ""
    if previous in ("::", "AS") and not _follows(found, place, "("):
        edits.insert(found[place].end, "(18,0)")


def _qualified(found: list[Token], place: int, edits: Edits) -> None:
    """The name is a keyword in PostgreSQL, unless it is qualified."""
    if _follows(found, place, "(") and not _after_dot(found, place):
        edits.insert(found[place].start, "pg_catalog.")


def _where_number(found: list[Token], place: int, edits: Edits) -> None:
    """WHERE 1 is true in Redshift."""
    follows = found[place + 1 : place + 3]
    ends = len(follows) == 1 or (len(follows) == 2 and follows[1].upper in ("AND", "ORDER", ")"))
    if follows and follows[0].raw == "1" and ends:
        edits.replace(follows[0].start, follows[0].end, "true")


def _refuse_returning(found: list[Token], place: int, edits: Edits) -> None:
    if found[0].upper in ("INSERT", "UPDATE", "DELETE", "MERGE", "WITH") and place > 2:
        if not _after_dot(found, place) and found[place - 1].upper not in (
            "AS",
            ",",
            "(",
            "SELECT",
        ):
            raise not_supported("RETURNING", "Read the rows with a SELECT afterwards.")


def _refuse_conflict(found: list[Token], place: int, edits: Edits) -> None:
    if found[0].upper == "INSERT" and found[place - 1].upper == "ON":
        raise not_supported("INSERT ... ON CONFLICT", "Use MERGE.")


def _refuse_lock(found: list[Token], place: int, edits: Edits) -> None:
    if place and found[place - 1].upper == "FOR":
        raise not_supported("SELECT ... FOR UPDATE", "Use LOCK.")


def _array(found: list[Token], place: int, edits: Edits) -> None:
    """ARRAY(a, b) makes a SUPER; ARRAY[a, b] and ARRAY(SELECT ...) are PostgreSQL's."""
    call = find_call(found, place)
    if call and not (call.arguments and call.arguments[0][0].upper in ("SELECT", "WITH")):
        edits.replace(found[place].start, found[place].end, "pg_catalog.super_array")


def _drop_word(found: list[Token], place: int, edits: Edits) -> None:
    if place + 1 < len(found) and found[place + 1].upper in ("COUNT", "PERCENTILE_DISC"):
        edits.replace(found[place].start, found[place].end, "")


def _minus(found: list[Token], place: int, edits: Edits) -> None:
    edits.replace(found[place].start, found[place].end, "EXCEPT")


def _type_name(new: str) -> Callable[[list[Token], int, Edits], None]:
    def change(found: list[Token], place: int, edits: Edits) -> None:
        if place and found[place - 1].upper in ("::", "AS"):
            edits.replace(found[place].start, found[place].end, new)

    return change


def _written(sql: str, argument: list[Token]) -> str:
    if not argument:
        raise FrontError("syntax error: an argument is missing", sqlstate="42601")
    return sql[argument[0].start : argument[-1].end]


def _follows(found: list[Token], place: int, symbol: str) -> bool:
    return place + 1 < len(found) and found[place + 1].raw == symbol


def _after_dot(found: list[Token], place: int) -> bool:
    return place > 0 and found[place - 1].raw == "."


Change = Callable[[list[Token], int, Edits], None]

CHANGES: dict[str, Change] = {
    "DATEADD": _quote_part,
    "DATEDIFF": _quote_part,
    "DATE_PART": _quote_part,
    "DATE_TRUNC": _quote_part,
    "SYSDATE": _sysdate,
    "LISTAGG": _listagg,
    "DECODE": _decode,
    "CONVERT": _convert,
    "MEDIAN": _median,
    "TOP": _top,
    "MINUS": _minus,
    "APPROXIMATE": _drop_word,
    "MAX": _max_length,
    "DECIMAL": _decimal,
    "NUMERIC": _decimal,
    "NVARCHAR": _type_name("varchar"),
    "DATETIME": _type_name("timestamp"),
    "JSON_SERIALIZE": _qualified,
    "WHERE": _where_number,
    "RETURNING": _refuse_returning,
    "CONFLICT": _refuse_conflict,
    "UPDATE": _refuse_lock,
    "SHARE": _refuse_lock,
    "ARRAY": _array,
}
"""What to do at a word; the tokens, its place among them, and the changes so far."""
