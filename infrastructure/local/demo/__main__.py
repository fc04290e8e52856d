"""`make demo`: load real data with a flow and look at the rows through the local Redshift."""

import subprocess
import sys
import time

import psycopg2
from rich.console import Console
from rich.syntax import Syntax
from rich.table import Table

from infrastructure.local.demo.zip_codes import write_zip_codes
from infrastructure.local.stack import Stack, join_or_start

TABLE = "demo.zip_codes"

QUESTIONS = {
    "Leading zeros are still there": """
SELECT zip_code, city, state, county, lat, long
FROM demo.zip_codes WHERE state = 'MA' ORDER BY zip_code LIMIT 4""",
    "Nested lists are SUPER, and can be unnested": """
SELECT code::VARCHAR AS area_code, COUNT(*) AS zip_codes,
       LISTAGG(DISTINCT z.state, ' ') AS states
FROM demo.zip_codes z, z.area_codes code
GROUP BY 1 ORDER BY 2 DESC LIMIT 5""",
    "The ledger knows each load": """
SELECT target, mode, rows_inserted AS rows,
       TO_CHAR(loaded_at, 'YYYY-MM-DD HH24:MI') AS loaded_at_utc,
       SUBSTRING(batch_key, 1, 12) AS content
FROM prefect_flows.loads WHERE target = 'demo.zip_codes' ORDER BY loaded_at""",
}


def main() -> int:
    """Run the demonstration; the exit status is that of the flow."""
    console = Console()
    started = time.monotonic()
    stack = join_or_start(announce=console.print)
    file = stack.root / "demo" / "zip_codes.jsonl"
    rows = write_zip_codes(file)
    console.rule(f"Load {rows:,} ZIP codes")
    command = [
        "-m", "flows.file_ingest", str(file), TABLE, "--mode", "upsert", "--key", "zip_code",
    ]  # fmt: skip
    console.print(f"$ python {' '.join(command)}", highlight=False, soft_wrap=True)
    status = subprocess.run([sys.executable, *command]).returncode
    if status == 0:
        _ask(stack, console)
        _say_what_next(stack, console, time.monotonic() - started)
    return status


def _ask(stack: Stack, console: Console) -> None:
    connection = psycopg2.connect(**stack.warehouse)
    with connection, connection.cursor() as cursor:
        for title, question in QUESTIONS.items():
            console.rule(title)
            console.print(Syntax(question.strip(), "sql", background_color="default"))
            cursor.execute(question)
            answer = Table(*(column.name for column in cursor.description or ()))
            for row in cursor.fetchall():
                answer.add_row(*(str(value) for value in row))
            console.print(answer)
    connection.close()


def _say_what_next(stack: Stack, console: Console, seconds: float) -> None:
    ui = stack.variables["PREFECT_API_URL"].removesuffix("/api")
    console.rule(f"Done in {seconds:.0f} seconds")
    console.print(
        f"The run in Prefect:  {ui}\n"
        "Ask the warehouse:   .venv/bin/python -m infrastructure.local psql\n"
        "Load your own file:  .venv/bin/python -m flows.file_ingest my.csv public.mine\n"
        "Stop the stack:      .venv/bin/python -m infrastructure.local down",
        highlight=False,
        soft_wrap=True,
    )


if __name__ == "__main__":
    sys.exit(main())
