"""A few rows for a new warehouse, which go with the people and codes of the local EveryAction.

`python -m flows.van_origin_source_codes` then has something to do on a laptop. An existing
warehouse gets nothing.
"""

from psycopg2.extensions import cursor as Cursor

from infrastructure.local.everyaction.catalog import CODES
from infrastructure.local.everyaction.population import DEFAULT_PEOPLE

PEOPLE = tuple(range(101, 159))
CODE_IDS = tuple(code["codeId"] for code in CODES if code["codeType"] == "SourceCode")[:3]
NOBODY = DEFAULT_PEOPLE * 1000 + 1
"""A VanID that no person has, nor will have soon."""

NOT_FOR_PEOPLE = CODES[-1]["codeId"]
"""A code that applies to events only."""

PAIRS = (
    *((person, CODE_IDS[person % len(CODE_IDS)]) for person in PEOPLE),
    (NOBODY, CODE_IDS[0]),
    (PEOPLE[0], NOT_FOR_PEOPLE),
)
"""(van_id, code_id): all of them can be delivered but the last two."""

_CREATE = """
CREATE SCHEMA IF NOT EXISTS van;
ALTER SCHEMA van OWNER TO {owner};
CREATE TABLE van.origin_source_codes
    (van_id bigint, code_id bigint, added_at timestamp DEFAULT getdate());
ALTER TABLE van.origin_source_codes OWNER TO {owner};
"""


def create_sample(cursor: Cursor, owner: str) -> None:
    """Create the table with its rows; one that is there is left as it is.

    Args:
        cursor: of a superuser.
        owner: who the table belongs to, as SQL writes it.
    """
    cursor.execute("SELECT to_regclass('van.origin_source_codes')")
    if cursor.fetchone() != (None,):
        return
    cursor.execute(_CREATE.format(owner=owner))
    rows = ", ".join(["%s"] * len(PAIRS))
    cursor.execute(f"INSERT INTO van.origin_source_codes (van_id, code_id) VALUES {rows}", PAIRS)
