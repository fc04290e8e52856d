"""The extended query protocol, as asyncpg speaks it: prepared statements, bound values."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import pytest

Body = Callable[["asyncpg.Connection[asyncpg.Record]"], Awaitable[None]]


@pytest.fixture
def session(address: dict[str, str], schema: str) -> Callable[[Body], None]:
    """Runs a coroutine with a connection whose search path is the test's schema."""

    async def run(body: Body) -> None:
        connection = await asyncpg.connect(
            host=address["host"],
            port=int(address["port"]),
            user=address["user"],
            password=address["password"],
            database=address["dbname"],
            ssl=False,
            server_settings={"search_path": schema},
        )
        try:
            await body(connection)
        finally:
            await connection.close()

    return lambda body: asyncio.run(run(body))


def test_values_are_bound(session: Callable[[Body], None]) -> None:
    """Parameters of translated and plain statements, one statement run several times."""

    async def body(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        assert await connection.fetchval("SELECT $1::int + 1", 3) == 4
        prepared = await connection.prepare("SELECT DATEDIFF(day, $1::date, GETDATE()) >= $2::int")
        assert [await prepared.fetchval(None, n) for n in (1, 2)] == [None, None]
        assert await connection.fetchval("SELECT NVL($1::text, 'none')", None) == "none"

    session(body)


def test_own_actions_can_be_prepared(session: Callable[[Body], None]) -> None:
    """What the front carries out by itself runs at Execute, once for each."""

    async def body(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        await (await connection.prepare("CREATE TABLE t (i int DISTKEY)")).fetch()
        await connection.fetch("INSERT INTO t VALUES ($1)", 1)
        truncate = await connection.prepare("TRUNCATE t;")
        for _ in range(2):
            await connection.fetch("INSERT INTO t VALUES ($1)", 1)
            await truncate.fetch()
            assert await connection.fetchval("SELECT count(*) FROM t") == 0
        await connection.fetch("VACUUM t")

    session(body)


def test_errors_leave_the_session_usable(session: Callable[[Body], None]) -> None:
    """A refusal, a failed action and a failed statement; then the next one answers."""

    async def body(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        with pytest.raises(asyncpg.FeatureNotSupportedError, match="CREATE INDEX"):
            await connection.fetch("CREATE INDEX i ON t (a)")
        with pytest.raises(asyncpg.UndefinedTableError):
            await connection.fetch("TRUNCATE nowhere")
        with pytest.raises(asyncpg.UndefinedTableError):
            await connection.fetch("SELECT * FROM nowhere WHERE i = $1", 1)
        with pytest.raises(asyncpg.ActiveSQLTransactionError, match="VACUUM cannot run"):
            async with connection.transaction():
                await connection.fetch("VACUUM")
        assert await connection.fetchval("SELECT 1") == 1

    session(body)


def test_a_timeout_cancels(session: Callable[[Body], None]) -> None:
    """asyncpg's timeout sends a cancel request; the session goes on."""

    async def body(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        with pytest.raises(asyncio.TimeoutError):
            await connection.fetch("SELECT pg_sleep(60)", timeout=0.2)
        assert await connection.fetchval("SELECT 1") == 1

    session(body)


def test_many_rows_are_fetched_in_portions(session: Callable[[Body], None]) -> None:
    """A cursor with a row limit suspends its portal and goes on."""

    async def body(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        async with connection.transaction():
            rows = connection.cursor("SELECT i FROM generate_series(1, 1000) i", prefetch=70)
            assert sum([row["i"] async for row in rows]) == 500_500

    session(body)
