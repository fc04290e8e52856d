"""Rounds of measurements: each a fresh process, the ways in turn, every result verified."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import boto3
import psycopg2
from psycopg2 import sql

from benchmarks.loads import verify
from benchmarks.loads.files import Source, write_changes, write_csv, write_pages
from benchmarks.loads.job import Job
from benchmarks.loads.works import Way, Work
from infrastructure.local.folder import REPOSITORY
from infrastructure.local.stack import Stack

PEERS_PYTHON = REPOSITORY / ".venv-peers" / "bin" / "python"
LIMIT_SECONDS = 1_800
TABLE = "contacts"
LEDGER_SCHEMA = "prefect_flows"


@dataclass(frozen=True)
class Measured:
    """One measurement.

    Attributes:
        seconds: from the first import to the end.
        peak_mb: greatest resident memory of the process.
        problems: what is wrong with the result.
        steps: seconds of the steps that were timed apart, which follow one another.
    """

    seconds: float
    peak_mb: float
    problems: tuple[str, ...]
    steps: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class _Told:
    """What the process of a measurement answers."""

    seconds: float
    peak_mb: float
    steps: dict[str, float]


class WayFailed(Exception):
    """A way ended with an error; the message ends with what it said last."""


class Rounds:
    """Measures works on one stack; sources are written once, on first use."""

    def __init__(self, stack: Stack, folder: Path, rows: int, say: Callable[[str], None]) -> None:
        self._stack, self._folder, self._rows, self._say = stack, folder, rows, say
        self._sources: dict[tuple[str, int], Source] = {}
        self._environment = {**os.environ, **stack.variables, "RUNTIME__LOG_LEVEL": "ERROR"}
        variables = stack.variables
        self._s3 = boto3.client(
            "s3",
            endpoint_url=variables["AWS_ENDPOINT_URL"],
            aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
            region_name=variables["AWS_DEFAULT_REGION"],
        )
        self._connection = psycopg2.connect(**stack.warehouse)
        self._connection.autocommit = True

    def measure(self, work: Work, rounds: int, slow_rounds: int) -> Iterator[tuple[Way, Measured]]:
        """Yield every measurement of a work as it is made; the order turns round by round.

        Raises:
            WayFailed: a way ended with an error.
        """
        if work.into_table:
            for way in {way.module: way for way in work.ways}.values():
                self._fill(way)
        for number in range(rounds):
            ways = work.ways if number % 2 == 0 else work.ways[::-1]
            for way in ways:
                if number < slow_rounds or not way.is_slow:
                    yield way, self._measure(work, way, number)

    @property
    def csv_bytes(self) -> int:
        """Size of the CSV file of all rows."""
        return self._source("csv", self._rows).path.stat().st_size

    def close(self) -> None:
        """Let go of the warehouse."""
        self._connection.close()

    def _measure(self, work: Work, way: Way, number: int) -> Measured:
        rows = round(self._rows * way.times_rows)
        source = self._source(work.source, rows)
        job = self._job(way, source, f"{work.name}/{way.module}-{way.function}/{number}/")
        if work.into_table:
            self._put_back(job.schema)
        elif work.result == "loaded":
            self._start_anew(job)
        told = self._run(way, job, takes_records=work.takes_records)
        place = self._folder / "found"
        if work.result == "staged":
            found = verify.staged(self._s3, job, place)
        else:
            found = verify.loaded(self._connection, job, place)
        problems = tuple(verify.problems(found, source.expected))
        shutil.rmtree(place)
        self._clear(job)
        self._say(f"{work.name}, round {number + 1}, {way.name}: {told.seconds:.2f} s")
        return Measured(told.seconds, told.peak_mb, problems, told.steps)

    def _run(self, way: Way, job: Job, *, takes_records: bool) -> _Told:
        asked, answer = self._folder / "job.json", self._folder / "result.json"
        order = {"module": way.module, "way": way.function, "records": takes_records}
        asked.write_text(json.dumps(order | {"job": asdict(job)}))
        python = str(PEERS_PYTHON) if way.has_own_packages else sys.executable
        done = subprocess.run(
            [python, "-m", "benchmarks.loads.measured", str(asked), str(answer)],
            cwd=REPOSITORY,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
        )
        if done.returncode:
            last = "\n".join((done.stdout + done.stderr).splitlines()[-15:])
            raise WayFailed(f"{way.name} ({way.function}) ended with {done.returncode}:\n{last}")
        return _Told(**json.loads(answer.read_text()))

    def _job(self, way: Way, source: Source, prefix: str) -> Job:
        folder = self._folder / way.module
        folder.mkdir(exist_ok=True)
        return Job(
            source=str(source.path),
            bucket=self._stack.variables["S3_TEMP_BUCKET"],
            prefix=prefix,
            schema=f"bench_{way.module}",
            table=TABLE,
            folder=str(folder),
        )

    def _source(self, kind: str, rows: int) -> Source:
        if (kind, rows) not in self._sources:
            self._say(f"writing {rows:,} rows ({kind})")
            write = {"csv": write_csv, "pages": write_pages, "changes": write_changes}[kind]
            self._sources[kind, rows] = write(self._folder, rows)
        return self._sources[kind, rows]

    def _start_anew(self, job: Job) -> None:
        """No table, no ledger, no state: the way's own beginning is part of its work."""
        shutil.rmtree(job.folder)
        Path(job.folder).mkdir()
        for schema in (job.schema, f"{job.schema}_staging", LEDGER_SCHEMA):
            self._sql("DROP SCHEMA IF EXISTS {} CASCADE", schema)
        self._sql("CREATE SCHEMA {}", job.schema)

    def _fill(self, way: Way) -> None:
        """Load the rows that changes go into by the way's own means, and keep a copy of them."""
        source = self._source("csv", self._rows)
        job = self._job(way, source, f"fill/{way.module}/")
        self._start_anew(job)
        self._run(Way(way.name, way.module, "copy"), job, takes_records=False)
        self._clear(job)
        self._sql("CREATE TABLE {}.kept AS SELECT * FROM {}." + TABLE, job.schema, job.schema)

    def _put_back(self, schema: str) -> None:
        self._sql("DROP SCHEMA IF EXISTS {} CASCADE", LEDGER_SCHEMA)
        self._sql("TRUNCATE {}." + TABLE, schema)
        self._sql("INSERT INTO {}." + TABLE + " SELECT * FROM {}.kept", schema, schema)
        self._sql("VACUUM {}." + TABLE, schema)
        self._sql("ANALYZE {}." + TABLE, schema)

    def _clear(self, job: Job) -> None:
        """Empty the bucket: parsons and dlt do not keep to the job's prefix alone."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=job.bucket)
        for page in pages:
            for entry in page.get("Contents", []):
                self._s3.delete_object(Bucket=job.bucket, Key=entry["Key"])

    def _sql(self, statement: str, *names: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
