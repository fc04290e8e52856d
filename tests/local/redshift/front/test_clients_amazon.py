"""Amazon's own drivers are answered as by Redshift; they say so in their first message."""

import asyncio
from typing import Any

import asyncpg


def asked(address: dict[str, Any], parameters: dict[str, str]) -> dict[str, str]:
    """What the server says about itself to a client that sends these parameters."""

    async def connected() -> dict[str, str]:
        connection = await asyncpg.connect(
            host=address["host"],
            port=int(address["port"]),
            user=address["user"],
            password=address["password"],
            database=address["dbname"],
            ssl=False,
            server_settings=parameters,
        )
        try:
            settings = connection.get_settings()
            names = ("server_version", "server_protocol_version")
            return {name: getattr(settings, name) for name in names if hasattr(settings, name)}
        finally:
            await connection.close()

    return asyncio.run(connected())


def test_a_driver_of_amazon_is_told_redshifts_version(address: dict[str, Any]) -> None:
    """By it redshift_connector knows that COPY's answer has no count, and that rows are text."""
    greeting = {"client_protocol_version": "2", "driver_version": "Redshift Python Driver 2.2.0"}
    assert asked(address, greeting) == {"server_version": "8.0.2", "server_protocol_version": "0"}


def test_other_drivers_are_told_postgresqls(address: dict[str, Any]) -> None:
    """psql asks the catalog by the version that it is told."""
    told = asked(address, {})
    assert int(told["server_version"].split(".")[0]) >= 18
    assert "server_protocol_version" not in told
