"""Who is in the database, and how it changes: seeded at once, later in steps, always the same.

A row holds a VAN ID, how often the person changed, and when; the details follow from these
(`invented`) and from what clients have written (`edits`).
"""

import json

from infrastructure.local.everyaction.clock import DAY_MS, Clock
from infrastructure.local.everyaction.invented import has_custom_value
from infrastructure.local.everyaction.matching import NameIndex, find_person, match_keys
from infrastructure.local.everyaction.store import Store

DEFAULT_PEOPLE = 2_000
SPREAD_DAYS = 60
"""The newest change of each seeded person lies within so many days before the seeding."""

OLDEST_DAYS = 900
DRIFT_MS = 720_000
"""While nobody orders changes, one happens every 12 minutes: five an hour."""

CREATED_EVERY, SUPPRESSED_EVERY = 10, 25
"""Every tenth change of those creates a person, every 25th suppresses one."""

SEED = """
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count),
moments AS (
    SELECT n, :now - 1000 - (n * 2654435761 + n * n * 40503) % :spread AS modified FROM numbers
)
INSERT INTO people (van_id, version, created_ms, modified_ms)
SELECT n, 0, modified - (n * 40503) % :oldest, modified FROM moments
"""
CHOOSE = """
SELECT van_id FROM people WHERE is_suppressed = 0 AND version IS NOT NULL
ORDER BY (van_id * 2654435761 + :step * 2246822519) % 4294967296, van_id LIMIT :count
"""
OF_PEOPLE = (
    "people",
    "match_keys",
    "custom_fields",
    "person_codes",
    "records",
    "canvass_responses",
)
CUSTOM_FIELDS = ((1001, "Preferred color", "T"), (1002, "Doors knocked", "N"))


class Population:
    """The people and the custom fields."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._names = NameIndex()
        if store.setting("drift_from") is None:
            self.seed(DEFAULT_PEOPLE, drifts=True)

    def seed(self, count: int, *, drifts: bool) -> None:
        """Have exactly so many people, as if none of them had ever been touched.

        Args:
            count: how many.
            drifts: whether they also change by themselves as time passes.
        """
        now = self._clock.now()
        self._names.clear()
        with self._store.transaction() as database:
            for table in OF_PEOPLE:
                database.execute(f"DELETE FROM {table}")
            bounds = {"spread": SPREAD_DAYS * DAY_MS, "oldest": OLDEST_DAYS * DAY_MS}
            if count:
                database.execute(SEED, {"count": count, "now": now, **bounds})
            database.executemany("INSERT INTO custom_fields VALUES (?, ?, ?)", CUSTOM_FIELDS)
            self._store.keep("step", 0)
            self._store.keep("drifts", drifts)
            self._store.keep("drift_from", now)

    def change(
        self, changed: int, created: int, suppressed: int, now: int | None = None
    ) -> dict[str, list[int]]:
        """Carry out the next step of changes and return whom it touched.

        Args:
            changed: how many get other details.
            created: how many are new.
            suppressed: how many are suppressed.
            now: when it happens, in milliseconds; the present by default.
        """
        when = self._clock.now() if now is None else now
        with self._store.transaction() as database:
            step = self._store.setting("step") + 1
            self._store.keep("step", step)
            wanted = {"step": step, "count": changed + suppressed}
            chosen = [row[0] for row in database.execute(CHOOSE, wanted)]
            database.executemany(
                "UPDATE people SET version = version + 1, modified_ms = ? WHERE van_id = ?",
                [(when, van_id) for van_id in chosen[suppressed:]],
            )
            database.executemany(
                "UPDATE people SET is_suppressed = 1, modified_ms = ? WHERE van_id = ?",
                [(when, van_id) for van_id in chosen[:suppressed]],
            )
            first = self.next_van_id()
            new = list(range(first, first + created))
            database.executemany(
                "INSERT INTO people (van_id, version, created_ms, modified_ms) VALUES (?, 0, ?, ?)",
                [(van_id, when, when) for van_id in new],
            )
        return {"changed": chosen[suppressed:], "created": new, "suppressed": chosen[:suppressed]}

    def drift(self) -> None:
        """Carry out the changes that were due since the last time, each at its own time."""
        if not self._store.setting("drifts"):
            return
        with self._store.transaction():
            due = self._store.setting("drift_from") + DRIFT_MS
            now = self._clock.now()
            while due <= now:
                number = self._store.setting("step") + 1
                created = int(number % CREATED_EVERY == 0)
                suppressed = int(number % SUPPRESSED_EVERY == 0)
                self.change(1 - max(created, suppressed), created, suppressed, due)
                self._store.keep("drift_from", due)
                due += DRIFT_MS

    def add_custom_field(self, name: str, kind: str) -> int:
        """Add a field of contacts; some people get a value, and count as changed now."""
        database = self._store.database
        (last,) = database.execute("SELECT coalesce(max(id), 1000) FROM custom_fields").fetchone()
        field_id = int(last) + 1
        with self._store.transaction():
            database.execute("INSERT INTO custom_fields VALUES (?, ?, ?)", (field_id, name, kind))
            database.create_function("has_value", 2, has_custom_value, deterministic=True)
            database.execute(
                "UPDATE people SET modified_ms = ? WHERE version IS NOT NULL"
                " AND has_value(van_id, ?)",
                (self._clock.now(), field_id),
            )
        return field_id

    def create(self, entries: dict[str, str]) -> int:
        """Add a person with what a client has sent, and return the VAN ID."""
        van_id, now = self.next_van_id(), self._clock.now()
        self._store.database.execute(
            "INSERT INTO people (van_id, created_ms, modified_ms) VALUES (?, ?, ?)",
            (van_id, now, now),
        )
        self.edit(van_id, entries)
        return van_id

    def edit(self, van_id: int, entries: dict[str, str]) -> None:
        """Keep what a client has sent about a person, over the invented details."""
        database = self._store.database
        with self._store.transaction():
            known = database.execute("SELECT edits FROM people WHERE van_id = ?", (van_id,))
            edits = json.loads(known.fetchone()[0] or "{}") | entries
            database.execute(
                "UPDATE people SET edits = ?, modified_ms = ? WHERE van_id = ?",
                (json.dumps(edits), self._clock.now(), van_id),
            )
            database.execute("DELETE FROM match_keys WHERE van_id = ?", (van_id,))
            database.executemany(
                "INSERT INTO match_keys VALUES (?, ?)", [(k, van_id) for k in match_keys(edits)]
            )

    def find(self, known: dict[str, str]) -> int | None:
        """Return the VAN ID of the person that matches what a client knows; None: nobody."""
        return find_person(self._store.database, self._names, known)

    def suppress(self, van_id: int) -> None:
        """Suppress a person."""
        self._store.database.execute(
            "UPDATE people SET is_suppressed = 1, modified_ms = ? WHERE van_id = ?",
            (self._clock.now(), van_id),
        )

    def next_van_id(self) -> int:
        """Return the VAN ID that the next new person gets."""
        found = self._store.database.execute("SELECT coalesce(max(van_id), 0) + 1 FROM people")
        return int(found.fetchone()[0])

    def count(self) -> int:
        """Return how many people there are, suppressed ones included."""
        return int(self._store.database.execute("SELECT count(*) FROM people").fetchone()[0])
