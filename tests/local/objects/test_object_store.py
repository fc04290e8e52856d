"""Local files and S3 objects behind one interface, and what it says when S3 refuses."""

import io
import json
import socket
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from utilities.errors import AccessDenied, SourceNotFound, StorageUnavailable
from utilities.objects import FoundFile, ObjectStore
from utilities.settings import Settings


def settings_for(endpoint: str, secret: str = "test-secret") -> Settings:
    """Settings that point at one S3 server."""
    return Settings.model_validate(
        {
            "redshift_host": "unused.example.org",
            "redshift_db": "unused",
            "redshift_username": "unused",
            "redshift_password": "unused",
            "s3_temp_bucket": "prefect-flows",
            "aws_access_key_id": "test",
            "aws_secret_access_key": secret,
            "aws_default_region": "us-east-1",
            "aws_endpoint_url": endpoint,
        }
    )


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A private S3 server with one bucket, so that a test may lock everybody out."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    ).create_bucket(Bucket="prefect-flows")
    yield address
    server.stop()


@pytest.fixture
def store(endpoint: str) -> ObjectStore:
    """A store on the private server."""
    return ObjectStore(settings_for(endpoint))


def test_an_object_is_written_read_and_deleted(store: ObjectStore) -> None:
    """What was put is what is read, in pieces or whole; deleting twice is no error."""
    uri, data = "s3://prefect-flows/a/päth with blanks.bin", bytes(range(256)) * 10_000
    store.put(uri, data)
    assert store.size(uri) == len(data)
    with store.open(uri) as file:
        assert file.read(1000) + file.read() == data
    store.delete([uri, uri])
    with pytest.raises(SourceNotFound, match="no such object"):
        store.open(uri)


def test_an_object_can_be_wrapped_as_text(store: ObjectStore) -> None:
    """A streamed body is a file like any other."""
    store.put("s3://prefect-flows/text.csv", b"a\nb\n")
    with store.open("s3://prefect-flows/text.csv") as file:
        assert list(io.TextIOWrapper(file)) == ["a\n", "b\n"]


def test_a_prefix_finds_its_objects_and_a_key_only_itself(store: ObjectStore) -> None:
    """`x/a.csv` does not stand for `x/a.csv.bak`; a prefix stands for all below it."""
    for name in ("x/a.csv", "x/a.csv.bak", "x/b/c.csv", "x/"):
        store.put(f"s3://prefect-flows/{name}", name.encode())
    assert store.find("s3://prefect-flows/x/a.csv") == [
        FoundFile("s3://prefect-flows/x/a.csv", 7),
    ]
    found = [
        file.uri.removeprefix("s3://prefect-flows/") for file in store.find("s3://prefect-flows/x/")
    ]
    assert found == ["x/a.csv", "x/a.csv.bak", "x/b/c.csv"]


def test_only_what_is_old_expires(store: ObjectStore) -> None:
    """Objects below the prefix that were written before the time; nothing else, and no error when
    there is none."""
    for name in ("old/a", "old/b", "other/a"):
        store.put(f"s3://prefect-flows/{name}", b"x")
    now = datetime.now(UTC)
    assert store.expire("s3://prefect-flows/old/", now - timedelta(days=1)) == 0
    assert store.expire("s3://prefect-flows/old/", now + timedelta(minutes=1)) == 2
    assert store.expire("s3://prefect-flows/old/", now + timedelta(minutes=1)) == 0
    assert store.size("s3://prefect-flows/other/a") == 1


def test_local_files_are_found_by_path_folder_and_glob(store: ObjectStore, tmp_path: Path) -> None:
    """Sorted by name; a folder stands for its visible files."""
    for name in ("b.csv", "a.csv", ".hidden", "c.jsonl"):
        (tmp_path / name).write_text(name)
    (tmp_path / "folder").mkdir()

    def names(address: str) -> list[str]:
        return [Path(file.uri).name for file in store.find(address)]

    assert names(str(tmp_path)) == ["a.csv", "b.csv", "c.jsonl"]
    assert names(f"{tmp_path}/*.csv") == ["a.csv", "b.csv"]
    assert names(f"{tmp_path}/a.csv") == ["a.csv"]


@pytest.mark.parametrize("address", ["nowhere/*.csv", "s3://prefect-flows/nothing/"])
def test_nothing_found_is_an_error(store: ObjectStore, address: str) -> None:
    """A typing error must not look like an empty source."""
    with pytest.raises(SourceNotFound, match="no file matches. Give a path, a glob in quotes"):
        store.find(address)


def test_a_bucket_that_does_not_exist(store: ObjectStore) -> None:
    """The message names the setting that could be wrong."""
    with pytest.raises(SourceNotFound, match="the bucket does not exist. .*S3_TEMP_BUCKET"):
        store.put("s3://no-such-bucket/key", b"x")


def test_a_server_that_does_not_answer() -> None:
    """Nobody listens: the same thing may succeed later."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(StorageUnavailable, match="S3 could not be reached .*AWS_ENDPOINT_URL"):
        ObjectStore(settings_for(address)).size("s3://prefect-flows/key")


def test_a_refused_credential_is_named_without_its_secret(endpoint: str) -> None:
    """S3's own code and the operation are told; the key's secret is not."""
    lock(endpoint, after_requests=0)
    try:
        store = ObjectStore(settings_for(endpoint, secret="planted-secret-4711"))
        with pytest.raises(AccessDenied) as caught:
            store.put("s3://prefect-flows/key", b"x")
    finally:
        lock(endpoint, after_requests=10**9)
    said = str(caught.value)
    assert "s3://prefect-flows/key: S3 refused PutObject with InvalidAccessKeyId" in said
    assert "4711" not in said


def lock(endpoint: str, after_requests: int) -> None:
    """Tell the server to check credentials from then on; nobody has any there."""
    request = urllib.request.Request(
        f"{endpoint}/moto-api/reset-auth",
        data=json.dumps(after_requests).encode(),
        headers={"Content-Type": "text/plain"},
    )
    urllib.request.urlopen(request, timeout=10).close()
