"""Words and clauses that differ: TOP, MINUS, types in casts, and what Redshift refuses.

Source: https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_commands.html
"""

from collections.abc import Callable

from infrastructure.local.redshift.reading import Token
from infrastructure.local.redshift.refusals import not_supported
from infrastructure.local.redshift.translation.calls import after_dot, follows
from infrastructure.local.redshift.translation.edits import Edits

Change = Callable[[list[Token], int, Edits], None]
"""Changes a statement at a word: its tokens, the word's place among them, the changes so far."""


def _minus(found: list[Token], place: int, edits: Edits) -> None:
    following = found[place + 1].upper if place + 1 < len(found) else ""
    if following in ("SELECT", "(", "ALL"):
        edits.replace(found[place].start, found[place].end, "EXCEPT")


def _delete(found: list[Token], place: int, edits: Edits) -> None:
    """DELETE table: FROM may be left out."""
    if place == 0 and len(found) > 1 and found[1].upper != "FROM":
        edits.insert(found[0].end, " FROM")


def _into(found: list[Token], place: int, edits: Edits) -> None:
    """SELECT ... INTO #name makes a temporary table."""
    if found[0].upper in ("SELECT", "WITH") and place + 1 < len(found):
        if found[place + 1].name.startswith("#"):
            edits.insert(found[place].end, " TEMPORARY")


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
    in_brackets = place >= 2 and found[place - 1].raw == "(" and follows(found, place, ")")
    if in_brackets and found[place - 2].upper in ("VARCHAR", "NVARCHAR", "VARYING"):
        edits.replace(found[place].start, found[place].end, "65535")


def _decimal(found: list[Token], place: int, edits: Edits) -> None:
    """A cast to NUMERIC without precision means NUMERIC(18,0)."""
    previous = found[place - 1].upper if place else ""
    if previous in ("::", "AS") and not follows(found, place, "("):
        edits.insert(found[place].end, "(18,0)")


def _where_number(found: list[Token], place: int, edits: Edits) -> None:
    """WHERE 1 is true in Redshift."""
    follows = found[place + 1 : place + 3]
    ends = len(follows) == 1 or (len(follows) == 2 and follows[1].upper in ("AND", "ORDER", ")"))
    if follows and follows[0].raw == "1" and ends:
        edits.replace(follows[0].start, follows[0].end, "true")


def _refuse_returning(found: list[Token], place: int, edits: Edits) -> None:
    if found[0].upper in ("INSERT", "UPDATE", "DELETE", "MERGE", "WITH") and place > 2:
        if not after_dot(found, place) and found[place - 1].upper not in (
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


def _drop_word(found: list[Token], place: int, edits: Edits) -> None:
    if place + 1 < len(found) and found[place + 1].upper in ("COUNT", "PERCENTILE_DISC"):
        edits.replace(found[place].start, found[place].end, "")


def _type_name(new: str) -> Callable[[list[Token], int, Edits], None]:
    def change(found: list[Token], place: int, edits: Edits) -> None:
        if place and found[place - 1].upper in ("::", "AS"):
            edits.replace(found[place].start, found[place].end, new)

    return change


WORDS: dict[str, Change] = {
    "DELETE": _delete,
    "INTO": _into,
    "TOP": _top,
    "MINUS": _minus,
    "APPROXIMATE": _drop_word,
    "MAX": _max_length,
    "DECIMAL": _decimal,
    "NUMERIC": _decimal,
    "NVARCHAR": _type_name("varchar"),
    "DATETIME": _type_name("timestamp"),
    "WHERE": _where_number,
    "RETURNING": _refuse_returning,
    "CONFLICT": _refuse_conflict,
    "UPDATE": _refuse_lock,
    "SHARE": _refuse_lock,
}
