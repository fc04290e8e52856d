"""What is changed in Prefect's migrations, and what is not."""

import pytest

from infrastructure.local.prefect_server import without_trigrams


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("CREATE EXTENSION IF NOT EXISTS pg_trgm;", "SELECT 1"),
        (
            "CREATE INDEX CONCURRENTLY trgm_ix_flow_name ON flow USING gin (name gin_trgm_ops);",
            "CREATE INDEX CONCURRENTLY trgm_ix_flow_name ON flow (name);",
        ),
        ("SELECT name FROM flow", "SELECT name FROM flow"),
    ],
)
def test_trigrams_become_plain_indexes(statement: str, expected: str) -> None:
    """Only what needs the missing extension changes."""
    assert without_trigrams(statement) == expected
