"""What the local Redshift costs beside the PostgreSQL behind it.

    python -m benchmarks.redshift_front

Two figures, each a median of five, the two sides in turn: fetching a million rows of mixed types
(ratio of the speeds, at least 0.8), and one small statement (milliseconds added, under 0.5).
"""

import statistics
import time
from collections.abc import Callable

import psycopg2
from psycopg2.extensions import connection as Connection

from infrastructure.local.folder import Folder
from infrastructure.local.postgres import SOCKET_PORT
from infrastructure.local.stack import Stack, temporary_stack

ROWS = 1_000_000
STATEMENTS = 2_000
ROUNDS = 5

MADE = f"""
CREATE TABLE mixed AS
SELECT i AS id, i::bigint * 7919 AS number, 'name ' || i AS name, (i % 1000) / 10.0 AS amount,
    i % 3 = 0 AS flag, TIMESTAMP '2024-01-01' + i * INTERVAL '1 second' AS moment,
    CASE WHEN i % 5 > 0 THEN md5(i::text) END AS hash
FROM generate_series(1, {ROWS}) i
"""


def connect_direct(stack: Stack) -> Connection:
    """To PostgreSQL itself, over its unix socket."""
    variables = stack.variables
    return psycopg2.connect(
        host=str(Folder(stack.root).sockets),
        port=SOCKET_PORT,
        user=variables["REDSHIFT_USERNAME"],
        dbname=variables["REDSHIFT_DB"],
    )


def connect_front(stack: Stack) -> Connection:
    """To the front, as any client does."""
    connection: Connection = psycopg2.connect(**stack.warehouse)
    return connection


def fetch_rows(connection: Connection) -> float:
    """Seconds to fetch all rows."""
    with connection.cursor() as cursor:
        started = time.perf_counter()
        cursor.execute("SELECT * FROM mixed")
        fetched = len(cursor.fetchall())
        seconds = time.perf_counter() - started
    if fetched != ROWS:
        raise RuntimeError(f"{fetched} rows came, {ROWS} were expected")
    return seconds


def run_statement(connection: Connection, sql: str) -> float:
    """Milliseconds for one statement, averaged over many."""
    with connection.cursor() as cursor:
        started = time.perf_counter()
        for _ in range(STATEMENTS):
            cursor.execute(sql)
        return (time.perf_counter() - started) / STATEMENTS * 1000


def medians(
    measure: Callable[[Connection], float], direct: Connection, front: Connection
) -> tuple[float, float]:
    """Median of both sides, measured in turn."""
    pairs = [(measure(direct), measure(front)) for _ in range(ROUNDS)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(
        pair[1] for pair in pairs
    )


def main() -> None:
    """Measure and print a table."""
    plain = "SELECT number, name FROM small WHERE id = 1"
    translated = "SELECT DATEADD(day, 1, moment), NVL(name, 'x') FROM small WHERE id = 1"
    with temporary_stack(prefect=False) as stack:
        direct, front = connect_direct(stack), connect_front(stack)
        direct.autocommit = front.autocommit = True
        with direct.cursor() as cursor:
            cursor.execute(MADE)
            cursor.execute("CREATE TABLE small AS SELECT * FROM mixed WHERE id <= 100")
            cursor.execute("VACUUM ANALYZE")
        fetched = medians(fetch_rows, direct, front)
        stated = medians(lambda one: run_statement(one, plain), direct, front)
        changed = [run_statement(front, translated) for _ in range(ROUNDS)]
        direct.close()
        front.close()
    print(f"{'':34}{'PostgreSQL':>12}{'front':>12}")
    ratio = fetched[0] / fetched[1]
    print(f"{'fetch a million rows, s':34}{fetched[0]:12.2f}{fetched[1]:12.2f}   ratio {ratio:.2f}")
    added = stated[1] - stated[0]
    print(f"{'one plain statement, ms':34}{stated[0]:12.3f}{stated[1]:12.3f}   added {added:.3f}")
    print(f"{'one translated statement, ms':34}{'':12}{statistics.median(changed):12.3f}")


if __name__ == "__main__":
    main()
