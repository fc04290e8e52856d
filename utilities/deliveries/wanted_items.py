"""The wanted items as a temporary table: the query is run once, and its order cannot change."""

from collections.abc import Iterable

from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from utilities.deliveries.channel import Channel, Wanted
from utilities.errors import KeyInvalid, ParameterInvalid
from utilities.redshift.identifiers import identifier
from utilities.redshift.reading.binding import bind
from utilities.redshift.reading.statements import single_statement

ITEM_BYTES = 512
"""As wide as the column of the table of deliveries."""

_EXAMPLES = 3

_CREATE = """
CREATE TEMP TABLE delivery_wanted AS
SELECT DISTINCT {columns}, CASE WHEN {complete} THEN {item} END AS delivery_item
FROM ({query}
) AS given
"""

_MEASURE = """
SELECT COUNT(*) - COUNT(delivery_item), COUNT(delivery_item), COUNT(DISTINCT delivery_item),
    MAX(OCTET_LENGTH(delivery_item))
FROM delivery_wanted
"""

_FIND_REPEATED = """
SELECT delivery_item FROM delivery_wanted WHERE delivery_item IS NOT NULL
GROUP BY delivery_item HAVING COUNT(*) > 1 ORDER BY delivery_item LIMIT %s
"""


def make_wanted(connection: Connection, channel: Channel, wanted: Wanted) -> int:
    """Make the temporary table delivery_wanted: the query's columns and delivery_item, which is
    null in rows that lack a value they need.

    Equal rows are one item. The connection is in autocommit mode.

    Returns:
        How many rows lack a value.

    Raises:
        ParameterInvalid: the query has not the channel's columns.
        KeyInvalid: two different rows have one key, or a key is too long.
    """
    what = f"the query for {channel.name}"
    text = bind(connection, single_statement(wanted.query, what).text, wanted.parameters, what)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({text}\n) AS given LIMIT 0")
        found = [column.name for column in cursor.description or ()]
        _require_columns(found, channel)
        cursor.execute(_create_statement(connection, channel, found, text))
        cursor.execute(_MEASURE)
        incomplete, items, keys, longest = cursor.fetchone() or (0, 0, 0, 0)
        if items != keys:
            cursor.execute(_FIND_REPEATED, (_EXAMPLES,))
            examples = ", ".join(row[0] for row in cursor.fetchall())
            raise KeyInvalid(
                f"{channel.name}: {items - keys} of {items} rows have the key of another row and "
                f"other values, such as {examples}. Nothing was sent. Return one row for each "
                f"{_listed(channel.key)}."
            )
    if longest and longest > ITEM_BYTES:
        raise KeyInvalid(
            f"{channel.name}: a key has {longest} bytes, expected at most {ITEM_BYTES}. Nothing was "
            f"sent. Shorten {_listed(channel.key)}."
        )
    return int(incomplete)


def _require_columns(found: list[str], channel: Channel) -> None:
    missing = [name for name in channel.required if name not in found]
    foreign = [name for name in found if name not in channel.columns]
    if missing or foreign or len(set(found)) != len(found):
        optional = [name for name in channel.columns if name not in channel.required]
        also = f", and if it likes {_listed(optional)}" if optional else ""
        raise ParameterInvalid(
            f"{channel.name}: the query returns {_listed(found)}; expected "
            f"{_listed(channel.required)}{also}. Name its columns so with AS."
        )


def _create_statement(connection: Connection, channel: Channel, found: list[str], text: str) -> str:
    pieces = {
        "columns": sql.SQL(", ").join(
            sql.SQL("{} AS {}").format(_typed(name, channel), identifier(name)) for name in found
        ),
        "complete": sql.SQL(" AND ").join(
            sql.SQL("{} IS NOT NULL").format(identifier(name)) for name in channel.required
        ),
        "item": sql.SQL(" || '/' || ").join(
            sql.SQL("CAST({} AS VARCHAR(65535))").format(_typed(name, channel))
            for name in channel.key
        ),
    }
    quoted = {name: piece.as_string(connection) for name, piece in pieces.items()}
    return _CREATE.format(query=text, **quoted)


def _typed(name: str, channel: Channel) -> sql.Composable:
    wanted = channel.columns[name]
    if wanted is None:
        return identifier(name)
    return sql.SQL("CAST({} AS {})").format(identifier(name), sql.SQL(wanted))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "nothing"
