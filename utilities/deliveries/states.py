"""The statements that change and read the table of deliveries.

Every transaction that changes it locks first, so that what it reads is what the others committed
(Redshift knows no row locks). Times are UTC and the warehouse's own.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg2.extensions import cursor as Cursor

from utilities.deliveries.outcomes import Counts, Settled

REASON_BYTES = 4096
ANSWER_BYTES = 256

_OPEN = """(item IS NULL
    OR state = 'claimed' AND claimed_until < %(now)s AND owner <> %(owner)s
    OR state = 'refused' AND %(retry)s AND owner <> %(owner)s)"""

_JOINED = """
FROM delivery_wanted
LEFT JOIN prefect_flows.deliveries ON channel = %(channel)s AND item = delivery_item
WHERE delivery_item IS NOT NULL
"""

_SELECT_OPEN = f"""
SELECT state AS delivery_state, reason AS delivery_reason, delivery_wanted.*
{_JOINED} AND {_OPEN}
ORDER BY CASE WHEN item IS NULL THEN 0 ELSE 1 END, delivery_item
LIMIT %(most)s
"""

_INSERT = """
INSERT INTO prefect_flows.deliveries (channel, item, state, owner, claimed_until, attempts,
    deployment, commit_hash, flow_run, first_claimed_at, changed_at) VALUES
"""

_TAKE = """
UPDATE prefect_flows.deliveries
SET state = 'claimed', owner = %(owner)s, claimed_until = %(until)s, attempts = attempts + 1,
    deployment = %(deployment)s, commit_hash = %(commit_hash)s, flow_run = %(flow_run)s,
    changed_at = %(now)s
WHERE channel = %(channel)s AND item IN %(items)s
"""

_RECORD = """
UPDATE prefect_flows.deliveries
SET state = known_state, reason = known_reason, answer = known_answer, claimed_until = NULL,
    changed_at = %(now)s
FROM delivery_outcomes
WHERE channel = %(channel)s AND item = known_item AND state <> 'done'
    AND (owner = %(owner)s OR known_state = 'done')
"""

_GIVE_BACK_NEW = """
DELETE FROM prefect_flows.deliveries
WHERE channel = %(channel)s AND owner = %(owner)s AND state = 'claimed' AND attempts = 1
    AND item NOT IN %(kept)s
"""

_END_LEASE = """
UPDATE prefect_flows.deliveries SET owner = '', claimed_until = %(past)s, changed_at = %(now)s
WHERE channel = %(channel)s AND owner = %(owner)s AND state = 'claimed' AND item NOT IN %(kept)s
"""

_COUNT = f"""
SELECT COUNT(*), SUM(CASE WHEN state = 'done' THEN 1 ELSE 0 END),
    SUM(CASE WHEN state = 'refused' AND NOT {_OPEN} THEN 1 ELSE 0 END),
    SUM(CASE WHEN state = 'unknown' THEN 1 ELSE 0 END),
    SUM(CASE WHEN state = 'claimed' AND claimed_until >= %(now)s AND owner <> %(owner)s
        THEN 1 ELSE 0 END),
    SUM(CASE WHEN state = 'claimed' AND owner = %(owner)s THEN 1 ELSE 0 END),
    SUM(CASE WHEN {_OPEN} THEN 1 ELSE 0 END)
{_JOINED}
"""

_SET_ASIDE = f"""
SELECT item, reason {_JOINED} AND state IN ('refused', 'unknown')
ORDER BY changed_at DESC, item LIMIT %(most)s
"""


@dataclass(frozen=True)
class Origin:
    """Who claims: these go into the rows.

    Attributes:
        owner: one delivery; another attempt of the same task is another owner.
    """

    channel: str
    owner: str
    retry_refused: bool
    deployment: str | None
    commit_hash: str | None
    flow_run: str | None


class States:
    """The table of deliveries over one cursor, for one origin."""

    def __init__(self, cursor: Cursor, origin: Origin) -> None:
        self._cursor = cursor
        self._origin = origin
        self._values: dict[str, Any] = {**vars(origin), "retry": origin.retry_refused}

    def prepare(self) -> None:
        """Make what a session needs beside delivery_wanted: its own table, and its clock in UTC."""
        self._cursor.execute("SET timezone TO 'UTC'")
        self._cursor.execute(
            "CREATE TEMP TABLE delivery_outcomes (known_item VARCHAR(512), "
            f"known_state VARCHAR(8), known_reason VARCHAR({REASON_BYTES}), "
            f"known_answer VARCHAR({ANSWER_BYTES}))"
        )

    def lock(self) -> None:
        """Wait until nobody else changes the table: the first statement of a transaction."""
        self._cursor.execute("LOCK TABLE prefect_flows.delivery_lock")

    def look_at_clock(self) -> None:
        """Take the warehouse's time for the statements that follow.

        GETDATE knows whole seconds, in a transaction too:
        https://docs.aws.amazon.com/redshift/latest/dg/r_GETDATE.html
        """
        self._cursor.execute("SELECT GETDATE()")
        self._values["now"] = (self._cursor.fetchone() or ())[0]

    def claim(self, most: int, lease_seconds: int) -> list[dict[str, Any]]:
        """Claim open items, new ones first; return their rows with what they were before
        (delivery_state, delivery_reason)."""
        self._cursor.execute(_SELECT_OPEN, self._values | {"most": most})
        names = [column.name for column in self._cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in self._cursor.fetchall()]
        now: datetime = self._values["now"]
        until = now + timedelta(seconds=lease_seconds)
        self._insert([row["delivery_item"] for row in rows if not row["delivery_state"]], until)
        taken = tuple(row["delivery_item"] for row in rows if row["delivery_state"])
        if taken:
            self._cursor.execute(_TAKE, self._values | {"until": until, "items": taken})
        return rows

    def record(self, settled: Sequence[Settled]) -> None:
        """Write what became of items. `done` is true whoever owns the item by now."""
        if not settled:
            return
        rows = [
            (
                each.item,
                each.state,
                _that_fits(each.reason, REASON_BYTES),
                _that_fits(each.answer, ANSWER_BYTES),
            )
            for each in settled
        ]
        self._cursor.execute("DELETE FROM delivery_outcomes")
        self._insert_rows("INSERT INTO delivery_outcomes VALUES ", rows)
        self._cursor.execute(_RECORD, self._values)

    def give_back(self, *, sent: Collection[str], kept: Collection[str]) -> None:
        """Let others have what this owner claimed.

        Args:
            sent: items that may have arrived: what is given back of them is to be looked up.
            kept: items that stay claimed.
        """
        # SQL knows no empty list; no item is an empty text.
        known = tuple({*sent, *kept, ""})
        self._cursor.execute(_GIVE_BACK_NEW, self._values | {"kept": known})
        past = self._values["now"] - timedelta(seconds=1)
        values = self._values | {"kept": tuple({*kept, ""}), "past": past}
        self._cursor.execute(_END_LEASE, values)

    def counts(self) -> Counts:
        """Count the wanted items by what is known of them."""
        self._cursor.execute(_COUNT, self._values)
        found = [int(number or 0) for number in self._cursor.fetchone() or ()]
        return Counts(*found)

    def set_aside(self, most: int) -> tuple[tuple[str, str], ...]:
        """Return the last wanted items that were refused or are unknown, with their reasons."""
        self._cursor.execute(_SET_ASIDE, self._values | {"most": most})
        return tuple((item, reason or "") for item, reason in self._cursor.fetchall())

    def first_open(self, most: int) -> tuple[dict[str, str], ...]:
        """Return the first items that would be claimed, as text, without claiming them."""
        self._cursor.execute(_SELECT_OPEN, self._values | {"most": most})
        names = [column.name for column in self._cursor.description or ()]
        return tuple(
            {
                name: "-" if value is None else str(value)
                for name, value in zip(names, row, strict=True)
                if not name.startswith("delivery_")
            }
            for row in self._cursor.fetchall()
        )

    def _insert(self, items: Sequence[str], until: datetime) -> None:
        origin, now = self._origin, self._values["now"]
        facts = (origin.deployment, origin.commit_hash, origin.flow_run, now, now)
        rows = [(origin.channel, item, "claimed", origin.owner, until, 1, *facts) for item in items]
        self._insert_rows(_INSERT, rows)

    def _insert_rows(self, beginning: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            self._cursor.execute(beginning + ", ".join(["%s"] * len(rows)), rows)


def _that_fits(text: str | None, limit_bytes: int) -> str | None:
    return text and text.encode()[:limit_bytes].decode(errors="ignore")
