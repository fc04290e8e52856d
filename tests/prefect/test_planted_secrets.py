"""No credential is in anything that a run writes, whether it succeeds or fails."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import boto3
import psycopg2
import pytest
from psycopg2 import sql

from infrastructure.local import postgres
from infrastructure.local.addresses import DATABASE
from infrastructure.local.folder import Folder
from infrastructure.local.stack import Stack
from tests.faults import StatementProxy, statement_proxy
from tests.keys import temporary_keys
from utilities.settings import Settings

REPOSITORY = Path(__file__).parents[2]
WRONG = {
    "REDSHIFT_PASSWORD": "planted-wrong-password-4711",
    "AWS_ACCESS_KEY_ID": "PLANTEDWRONGKEY4712",
    "AWS_SECRET_ACCESS_KEY": "planted/wrong+secret=4713",
    "AWS_SESSION_TOKEN": "planted/wrong+token=4714",
}

LOAD_WITHOUT_MANIFEST = """
import sys
from prefect import flow
from utilities.objects import ObjectStore
from utilities.settings import load_settings
from utilities.tasks.files import find_files
from utilities.tasks.loading import load_table
from utilities.tasks.staging import stage_records

@flow
def load_without_manifest(source: str, table: str) -> None:
    files = find_files(source, table)
    staged = stage_records(files[0], table)
    ObjectStore(load_settings()).delete([staged.manifest])
    load_table(staged, table)

load_without_manifest(*sys.argv[1:])
"""


@dataclass(frozen=True)
class Written:
    """Everything that the runs have written.

    Attributes:
        places: name of a place, and all the text that is there.
        statements: what went to Redshift.
        secrets: what must not be there.
    """

    places: dict[str, str]
    statements: list[str]
    secrets: dict[str, str]


@pytest.fixture(scope="module")
def written(prefect_stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    """What one good run and three bad ones leave: with a wrong password, with keys that S3 does
    not know, and with a COPY that Redshift refuses."""
    folder = tmp_path_factory.mktemp("planted")
    source = folder / "rows.csv"
    source.write_text("id,name\n1,one\n2,two\n")
    keys = temporary_keys(prefect_stack)
    stack_settings = {name.lower(): value for name, value in prefect_stack.variables.items()}
    ingest = ["-m", "flows.file_ingest", str(source)]
    with statement_proxy(Settings.model_validate(stack_settings)) as proxy:
        runs = {
            "good": _start(folder, prefect_stack, proxy, keys, [*ingest, "planted.good"]),
            "wrong password": _start(
                folder,
                prefect_stack,
                proxy,
                keys | {"REDSHIFT_PASSWORD": WRONG["REDSHIFT_PASSWORD"]},
                [*ingest, "planted.password"],
            ),
            "wrong keys": _start(
                folder,
                prefect_stack,
                proxy,
                {name: value for name, value in WRONG.items() if name.startswith("AWS_")},
                [*ingest, "planted.keys"],
            ),
            "refused copy": _start(
                folder,
                prefect_stack,
                proxy,
                keys,
                ["-c", LOAD_WITHOUT_MANIFEST, str(source), "planted.copy"],
            ),
        }
        places = {name: run.communicate(timeout=120)[0] for name, run in runs.items()}
    codes = {name: run.returncode for name, run in runs.items()}
    assert [name for name, code in codes.items() if code == 0] == ["good"], places
    root = Folder(prefect_stack.root)
    yield Written(
        places={
            **places,
            "Prefect's database": _database(root, postgres.PREFECT_DATABASE),
            "the warehouse": _database(root, DATABASE),
            "S3": _objects(prefect_stack),
            "files of the runs": _files(folder),
            "logs of the stack": _files(root.root / "logs"),
        },
        statements=proxy.statements,
        secrets={
            "the password": prefect_stack.variables["REDSHIFT_PASSWORD"],
            **{f"wrong {name}": value for name, value in WRONG.items()},
            **{f"temporary {name}": value for name, value in keys.items()},
        },
    )


def _start(
    folder: Path, stack: Stack, proxy: StatementProxy, chosen: dict[str, str], words: list[str]
) -> "subprocess.Popen[str]":
    """Start a program with nothing of this process's environment but the path."""
    port = str(proxy.listener.getsockname()[1])
    own = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_LOGGING_LEVEL": "DEBUG",
        "PYTHONPATH": str(REPOSITORY),
    }
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=folder,
        env={**own, **stack.variables, "REDSHIFT_PORT": port, **chosen},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _database(folder: Folder, name: str) -> str:
    """Every row of every table as text."""
    connection = psycopg2.connect(
        host=str(folder.sockets), port=postgres.SOCKET_PORT, user=postgres.SUPERUSER, dbname=name
    )
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_schema, table_name FROM information_schema.tables "
            "WHERE table_type = 'BASE TABLE' AND table_schema <> 'pg_catalog'"
        )
        found = []
        for table in cursor.fetchall():
            cursor.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(*table)))
            found += [row[0] for row in cursor.fetchall() if row[0]]
    return "\n".join(found)


def _objects(stack: Stack) -> str:
    variables = stack.variables
    client: Any = boto3.client(
        "s3",
        endpoint_url=variables["AWS_ENDPOINT_URL"],
        region_name=variables["AWS_DEFAULT_REGION"],
        aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
    )
    bucket, found = variables["S3_TEMP_BUCKET"], []
    with closing(client):
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for item in page.get("Contents", []):
                answer = client.get_object(Bucket=bucket, Key=item["Key"])
                body = answer["Body"].read().decode("latin-1")
                found.append(f"{item['Key']} {answer['Metadata']} {body}")
    return "\n".join(found)


def _files(folder: Path) -> str:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return "\n".join(f"{file} {file.read_bytes().decode('latin-1')}" for file in files)


def _spellings(secret: str) -> set[str]:
    """How a value may look where it was written down."""
    return {
        secret,
        quote(secret),
        quote_plus(secret),
        quote(secret, safe=""),
        json.dumps(secret)[1:-1],
        base64.b64encode(secret.encode()).decode(),
    }


def test_no_secret_is_written_anywhere(written: Written) -> None:
    """Neither in what a person sees, nor in Prefect's logs, states, parameters and artifacts, nor
    in the ledger, on S3, in files or in the logs of servers."""
    found = [
        (place, name)
        for place, text in written.places.items()
        for name, secret in written.secrets.items()
        if any(spelling in text for spelling in _spellings(secret))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("place", "word"),
    [
        ("good", "planted.good: 2 rows from 1 file loaded"),
        ("wrong password", "AccessDenied"),
        ("wrong keys", "AccessDenied"),
        ("refused copy", "LoadRejected"),
        ("Prefect's database", "planted.good: 2 rows from 1 file loaded"),
        ("Prefect's database", "LoadRejected"),
        ("the warehouse", "planted.good"),
        ("S3", "staging/planted.copy/"),
        ("files of the runs", "rows.csv"),
        ("logs of the stack", "listening on"),
    ],
)
def test_the_search_sees_what_was_written(written: Written, place: str, word: str) -> None:
    """A search that looked in the wrong place would find no secret either."""
    assert word in written.places[place]


def test_only_copy_tells_redshift_a_key(written: Written) -> None:
    """What Redshift keeps of statements (stl_query) holds keys only where COPY needs them."""
    keys = [value for name, value in written.secrets.items() if name.startswith("temporary")]
    telling = [text for text in written.statements if any(key in text for key in keys)]
    assert len(telling) == 2
    assert all(text.startswith("COPY ") for text in telling)
    said = "\n".join(written.statements)
    assert written.secrets["the password"] not in said
    assert not any(value in said for name, value in written.secrets.items() if "wrong" in name)
