"""S3 of the stack: what a client was told is stored stays, and strangers are refused."""

import http.client
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infrastructure.local.folder import REPOSITORY
from tests.local.stack.clients import storage, until

BUCKET = "prefect-flows"


@pytest.fixture
def port() -> int:
    """A port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def server(port: int, objects: Path) -> Iterator[dict[str, str]]:
    """The AWS part alone, ended by SIGKILL; yields the variables of its clients."""
    command = [sys.executable, "-m", "infrastructure.local.aws", "--port", str(port)]
    with subprocess.Popen([*command, "--objects", str(objects)], cwd=REPOSITORY) as run:

        def answers() -> bool:
            connection = http.client.HTTPConnection("127.0.0.1", port)
            try:
                connection.request("GET", "/moto-api/data.json")
                return connection.getresponse().status == 200
            finally:
                connection.close()

        try:
            until(answers, "S3 answers")
            yield {
                "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
                "AWS_SECRET_ACCESS_KEY": "test",
                "AWS_DEFAULT_REGION": "us-east-1",
            }
        finally:
            run.kill()


def seen(s3: Any) -> dict[str, Any]:
    """All that a client can see of every object, and of the buckets' settings."""
    found: dict[str, Any] = {}
    for bucket in s3.list_buckets()["Buckets"]:
        name = bucket["Name"]
        found[f"versioning of {name}"] = s3.get_bucket_versioning(Bucket=name).get("Status")
        for item in s3.list_objects_v2(Bucket=name).get("Contents", []):
            answer = s3.get_object(Bucket=name, Key=item["Key"])
            body = answer.pop("Body").read()
            for unstable in ("ResponseMetadata", "VersionId"):
                answer.pop(unstable, None)
            tags = s3.get_object_tagging(Bucket=name, Key=item["Key"])["TagSet"]
            found[f"{name}/{item['Key']}"] = (body, answer, tags, item["StorageClass"])
    return found


def fill(s3: Any) -> None:
    """Store, copy, complete, delete and configure in every way that our clients use."""
    s3.put_object(Bucket=BUCKET, Key="gone", Body=b"x")
    s3.put_object(
        Bucket=BUCKET,
        Key="all attributes",
        Body=b"a,b\n",
        ContentType="text/csv",
        ContentEncoding="gzip",
        CacheControl="no-store",
        Metadata={"rows": "1"},
        Tagging="kind=test",
        StorageClass="STANDARD_IA",
        ServerSideEncryption="AES256",
    )
    s3.create_bucket(Bucket="other")
    s3.put_bucket_versioning(Bucket="other", VersioningConfiguration={"Status": "Enabled"})
    source = {"Bucket": BUCKET, "Key": "all attributes"}
    s3.copy_object(Bucket="other", Key="copy", CopySource=source)
    s3.put_object(Bucket="other", Key="twice", Body=b"old")
    s3.put_object(Bucket="other", Key="twice", Body=b"new")
    s3.put_object(Bucket="other", Key="marked as deleted", Body=b"x")
    s3.delete_object(Bucket="other", Key="marked as deleted")
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key="in parts")["UploadId"]
    where = {"Bucket": BUCKET, "Key": "in parts", "UploadId": upload}
    parts = [
        {"PartNumber": n, "ETag": s3.upload_part(**where, PartNumber=n, Body=body)["ETag"]}
        for n, body in ((1, bytes(5 << 20)), (2, b"end"))
    ]
    s3.complete_multipart_upload(**where, MultipartUpload={"Parts": parts})
    s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "gone"}]})
    s3.create_bucket(Bucket="removed")
    s3.delete_bucket(Bucket="removed")


def test_everything_stored_is_there_after_a_kill(tmp_path: Path, port: int) -> None:
    """Bodies, metadata, tags, dates, checksums and settings are the same; the deleted is gone."""
    lifecycle = {
        "ID": "r",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "Expiration": {"Days": 3},
    }
    with server(port, tmp_path) as variables, storage(variables) as s3:
        fill(s3)
        s3.put_bucket_lifecycle_configuration(
            Bucket=BUCKET, LifecycleConfiguration={"Rules": [lifecycle]}
        )
        s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
        s3.delete_bucket_tagging(Bucket=BUCKET)
        before = seen(s3)
    assert "prefect-flows/all attributes" in before and "other/marked as deleted" not in before
    with server(port, tmp_path) as variables, storage(variables) as s3:
        assert seen(s3) == before
        (rule,) = s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]
        assert rule["Expiration"] == {"Days": 3}
        with pytest.raises(ClientError, match="NoSuchTagSet"):
            s3.get_bucket_tagging(Bucket=BUCKET)


def test_any_key_survives(tmp_path: Path, port: int) -> None:
    """Whatever characters a key has, the object is found under it again."""
    stored: dict[str, bytes] = {}
    characters = st.characters(exclude_categories=("Cs", "Cc"))
    keys = st.text(characters, min_size=1, max_size=40).filter(
        # Clients themselves rewrite these.
        lambda key: not key.startswith("/")
        and not {".", "..", ""} & set(key.split("/"))
    )
    with server(port, tmp_path) as variables, storage(variables) as s3:

        @settings(
            max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None
        )
        @given(key=keys, body=st.binary(max_size=20))
        def store(key: str, body: bytes) -> None:
            s3.put_object(Bucket=BUCKET, Key=key, Body=body)
            stored[key] = body

        store()
    with server(port, tmp_path) as variables, storage(variables) as s3:
        for key, body in stored.items():
            assert s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() == body


def test_bodies_of_replaced_and_deleted_objects_leave_the_disk(tmp_path: Path, port: int) -> None:
    """The folder does not grow with what is no longer there."""
    with server(port, tmp_path) as variables, storage(variables) as s3:
        for body in (b"1", b"2", b"3"):
            s3.put_object(Bucket=BUCKET, Key="same", Body=body)
        s3.put_object(Bucket=BUCKET, Key="deleted", Body=b"4")
        s3.delete_object(Bucket=BUCKET, Key="deleted")
    bodies = [path.read_bytes() for path in (tmp_path / "objects").iterdir()]
    assert bodies == [b"3"]


def test_a_body_cut_short_is_not_served(tmp_path: Path, port: int) -> None:
    """After the machine's sudden end, an object that is not whole is missing, the rest is there."""
    with server(port, tmp_path) as variables, storage(variables) as s3:
        s3.put_object(Bucket=BUCKET, Key="cut", Body=b"12345")
        s3.put_object(Bucket=BUCKET, Key="whole", Body=b"1")
    (cut,) = (path for path in (tmp_path / "objects").iterdir() if path.read_bytes() == b"12345")
    cut.write_bytes(b"123")
    with server(port, tmp_path) as variables, storage(variables) as s3:
        listed = s3.list_objects_v2(Bucket=BUCKET)["Contents"]
        assert [item["Key"] for item in listed] == ["whole"]


def test_strangers_are_refused(tmp_path: Path, port: int) -> None:
    """No key, or a key that nobody issued: S3's own refusals. Issued keys and pre-signed
    addresses are let in."""
    with server(port, tmp_path) as variables, storage(variables) as s3:
        s3.put_object(Bucket=BUCKET, Key="a", Body=b"1")
        with storage(variables, access_key="AKIASTRANGER") as stranger:
            with pytest.raises(ClientError, match="InvalidAccessKeyId"):
                stranger.get_object(Bucket=BUCKET, Key="a")
        nameless = boto3.client(
            "s3",
            endpoint_url=variables["AWS_ENDPOINT_URL"],
            region_name="us-east-1",
            config=Config(signature_version=UNSIGNED),
        )
        with pytest.raises(ClientError, match="AccessDenied"):
            nameless.get_object(Bucket=BUCKET, Key="a")
        nameless.close()
        with storage(variables, access_key=issued_key(variables)) as guest:
            assert guest.get_object(Bucket=BUCKET, Key="a")["Body"].read() == b"1"
        address = s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "a"})
        with urllib.request.urlopen(address) as answer:
            assert answer.read() == b"1"


def issued_key(variables: dict[str, str]) -> str:
    """A key that the stack's STS has issued."""
    sts = boto3.client(
        "sts",
        endpoint_url=variables["AWS_ENDPOINT_URL"],
        aws_access_key_id="test",
        aws_secret_access_key="test",
        region_name="us-east-1",
    )
    role = "arn:aws:iam::123456789012:role/any"
    issued = sts.assume_role(RoleArn=role, RoleSessionName=f"test-{os.getpid()}")
    sts.close()
    return str(issued["Credentials"]["AccessKeyId"])
