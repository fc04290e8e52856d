"""unload_query writes the rows of a query to S3, and refuses to write over what is there."""

import gzip
import io
import json
from typing import Any

import pyarrow.parquet as pq
import pytest

from utilities.errors import ParameterInvalid, QueryRefused, SourceNotFound
from utilities.objects import ObjectStore
from utilities.redshift.reading import UnloadOptions, unload_query
from utilities.settings import Settings

ROWS = "SELECT g AS n, 'it''s ' || %s AS v, g %% 2 AS odd FROM generate_series(1, 5) g"


def read(settings: Settings, uri: str) -> bytes:
    """Return an object's bytes."""
    with ObjectStore(settings).open(uri) as file:
        return file.read()


def names(settings: Settings, prefix: str) -> list[str]:
    """Return the names of the objects under a prefix."""
    return [file.uri.removeprefix(prefix) for file in ObjectStore(settings).find(prefix)]


def test_parquet(settings: Settings, bucket_prefix: str) -> None:
    """The reference tells what lies there; the manifest names it, with types."""
    unloaded = unload_query(ROWS, ("100%",), bucket_prefix, settings)
    [part] = [name for name in names(settings, bucket_prefix) if name != "manifest"]
    content = read(settings, bucket_prefix + part)
    assert (unloaded.files, unloaded.rows, unloaded.bytes) == (1, 5, len(content))
    assert unloaded.manifest == f"{bucket_prefix}manifest"
    manifest = json.loads(read(settings, unloaded.manifest))
    assert [entry["url"] for entry in manifest["entries"]] == [bucket_prefix + part]
    table = pq.read_table(io.BytesIO(content))
    assert table.to_pylist()[0] == {"n": 1, "v": "it's 100%", "odd": 1}


def test_csv(settings: Settings, bucket_prefix: str) -> None:
    """CSV has a line of names, which is no row, and a text for null when one is asked for."""
    options = UnloadOptions(format="csv", gzip=True, null_text="-", parallel=False)
    text = "SELECT 1 AS n, NULL AS v, 'a,\"b\"' AS w"
    unloaded = unload_query(text, None, bucket_prefix, settings, options)
    assert unloaded.rows == 1
    content = gzip.decompress(read(settings, f"{bucket_prefix}000.gz"))
    assert content == b'n,v,w\n1,-,"a,""b"""\n'


def test_no_rows(settings: Settings, bucket_prefix: str) -> None:
    """A result without rows is no error, and has neither files nor a manifest."""
    unloaded = unload_query("SELECT 1 AS n WHERE false", None, bucket_prefix, settings)
    assert (unloaded.manifest, unloaded.files, unloaded.rows, unloaded.bytes) == (None, 0, 0, 0)


def test_a_limit_of_the_query_holds(settings: Settings, bucket_prefix: str) -> None:
    """UNLOAD takes no outer LIMIT, so the query is wrapped."""
    text = "SELECT g AS n FROM generate_series(1, 9) g ORDER BY n DESC LIMIT 3 -- three"
    unloaded = unload_query(text, None, bucket_prefix, settings)
    assert unloaded.rows == 3


def test_nothing_is_written_over_unasked(settings: Settings, bucket_prefix: str) -> None:
    """Objects under the destination stop an unload, are replaced, or are removed first."""
    store = ObjectStore(settings)
    store.put(f"{bucket_prefix}notes", b"by hand")
    with pytest.raises(ParameterInvalid) as caught:
        unload_query(ROWS, ("a",), bucket_prefix, settings)
    assert f"{bucket_prefix}: 1 objects are there already, first {bucket_prefix}notes." in str(
        caught.value
    )
    assert names(settings, bucket_prefix) == ["notes"]
    for existing, expected in (
        ("overwrite", ["0000_part_00.parquet", "manifest", "notes"]),
        ("remove", ["0000_part_00.parquet", "manifest"]),
    ):
        options: Any = {"existing": existing}
        unload_query(ROWS, ("a",), bucket_prefix, settings, UnloadOptions(**options))
        assert names(settings, bucket_prefix) == expected


def test_partitions(settings: Settings, bucket_prefix: str) -> None:
    """Rows lie in a folder for each value; the column is in the files only when it is kept."""
    options = UnloadOptions(partition_by=("odd",))
    unloaded = unload_query(ROWS, ("a",), bucket_prefix + "plain", settings, options)
    assert (unloaded.files, unloaded.rows) == (2, 5)
    assert names(settings, bucket_prefix) == [
        "plain/manifest",
        "plain/odd=0/0000_part_00.parquet",
        "plain/odd=1/0000_part_00.parquet",
    ]
    content = read(settings, f"{bucket_prefix}plain/odd=0/0000_part_00.parquet")
    assert pq.read_table(io.BytesIO(content)).column_names == ["n", "v"]
    kept = UnloadOptions(partition_by=("odd",), keep_partition_columns=True)
    unload_query(ROWS, ("a",), bucket_prefix + "kept/", settings, kept)
    content = read(settings, f"{bucket_prefix}kept/odd=0/0000_part_00.parquet")
    assert pq.read_table(io.BytesIO(content)).column("odd").to_pylist() == [0, 0]


@pytest.mark.parametrize(
    ("text", "destination", "options", "told"),
    [
        ("SELECT 1", "folder/x", {}, "not an address on S3; expected s3://bucket/prefix"),
        ("DELETE FROM t", "", {}, "found DELETE, expected a SELECT"),
        ("SELECT 1", "", {"gzip": True}, "gzip and null_text are for CSV"),
        ("SELECT 1", "", {"max_file_mib": 1}, "Redshift takes 5 to 6200"),
        ("SELECT 1", "", {"format": "json"}, "format='json' is no choice. Expected one of parquet"),
        ("SELECT 1", "", {"existing": "keep"}, "existing='keep' is no choice. Expected one of"),
        ("SELECT %s AS x", "", {}, None),
    ],
)
def test_refusals(
    settings: Settings,
    bucket_prefix: str,
    text: str,
    destination: str,
    options: dict[str, Any],
    told: str | None,
) -> None:
    """What cannot be is told, and nothing is written."""
    with pytest.raises(ParameterInvalid if told else QueryRefused) as caught:
        unload_query(text, None, destination or bucket_prefix, settings, UnloadOptions(**options))
    assert (told or "Redshift refused (42601)") in str(caught.value)
    with pytest.raises(SourceNotFound):
        names(settings, bucket_prefix)
