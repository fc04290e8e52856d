"""Which objects COPY reads, and how it fails when S3 does."""

import json

import pytest

from tests.local.redshift.bulk import ROLE, Client, Place

SECRET = "wJalrXUtnFEMI-not-a-real-key"


def manifest(*entries: dict[str, object]) -> str:
    return json.dumps({"entries": entries})


def test_a_prefix_names_every_key_that_starts_with_it(client: Client, place: Place) -> None:
    """All keys under the prefix are loaded, those beside it are not."""
    client.run("CREATE TABLE t (a integer)")
    for name, content in (("part-1", "1\n"), ("part-2", "2\n"), ("other", "3\n")):
        place.put(name, content)
    client.run(f"COPY t FROM '{place.address}part' {ROLE} CSV")
    assert client.run("SELECT a FROM t ORDER BY a") == [(1,), (2,)]


def test_a_manifest_names_exactly_the_files(client: Client, place: Place) -> None:
    """Entries are loaded, missing optional ones are passed over."""
    client.run("CREATE TABLE t (a integer)")
    place.put("b", "9\n")
    uri = place.put(
        "m",
        manifest(
            {"url": place.put("a", "1\n"), "mandatory": True},
            {"url": place.address + "gone", "mandatory": False},
        ),
    )
    client.run(f"COPY t FROM '{uri}' {ROLE} CSV MANIFEST")
    assert client.run("SELECT a FROM t") == [(1,)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"entries": [{"url": "%sgone", "mandatory": true}]}', "Error NoSuchKey"),
        ("no manifest", "Problem reading manifest file"),
        ('{"entries": []}', "has no entries"),
    ],
)
def test_manifests_that_cannot_be_followed(
    client: Client, place: Place, content: str, message: str
) -> None:
    """A missing mandatory file, text that is no manifest, and an empty one end the load."""
    client.run("CREATE TABLE t (a integer)")
    uri = place.put("m", content.replace("%s", place.address))
    error = client.refused(f"COPY t FROM '{uri}' {ROLE} CSV MANIFEST")
    assert error.pgcode == "XX000"
    assert message in str(error)


@pytest.mark.parametrize(
    ("address", "options", "message"),
    [
        ("{here}gone", "CSV", "The specified S3 prefix '{prefix}gone' does not exist"),
        ("s3://no-such-bucket-here/a", "CSV", "Error NoSuchBucket"),
        ("{here}gone", "CSV MANIFEST", "requires full path of an S3 object"),
    ],
)
def test_nothing_there(
    client: Client, place: Place, address: str, options: str, message: str
) -> None:
    """No key, no bucket, no manifest: Redshift's messages."""
    client.run("CREATE TABLE t (a integer)")
    uri = address.format(here=place.address)
    error = client.refused(f"COPY t FROM '{uri}' {ROLE} {options}")
    assert error.pgcode == "XX000"
    assert message.format(prefix=place.prefix) in str(error)


def test_refused_credentials_are_not_shown(client: Client, place: Place) -> None:
    """S3's refusal reaches the client with its code, without the keys."""
    client.run("CREATE TABLE t (a integer)")
    uri = place.put("a", "1\n")
    keys = f"aws_access_key_id=AKIAUNKNOWN;aws_secret_access_key={SECRET};token=T0KEN"
    for clause in (
        f"CREDENTIALS '{keys}'",
        f"ACCESS_KEY_ID 'AKIAUNKNOWN' SECRET_ACCESS_KEY '{SECRET}' SESSION_TOKEN 'T0KEN'",
    ):
        error = client.refused(f"COPY t FROM '{uri}' {clause} CSV")
        assert "S3ServiceException" in str(error) and "Status 403" in str(error)
        assert all(secret not in str(error) for secret in ("AKIAUNKNOWN", SECRET, "T0KEN"))


def test_keys_of_the_stack_are_accepted(
    client: Client, place: Place, local_environment: dict[str, str]
) -> None:
    """A key pair in CREDENTIALS, as parsons sends it, and IAM_ROLE default read the same."""
    client.run("CREATE TABLE t (a integer)")
    uri = place.put("a", "1\n")
    pair = (
        f"aws_access_key_id={local_environment['AWS_ACCESS_KEY_ID']};"
        f"aws_secret_access_key={local_environment['AWS_SECRET_ACCESS_KEY']}"
    )
    client.run(f"COPY t FROM '{uri}' CREDENTIALS '{pair}' CSV")
    client.run(f"COPY t FROM '{uri}' WITH CREDENTIALS AS '{pair}' FORMAT AS CSV")
    client.run(f"COPY t FROM '{uri}' IAM_ROLE default FORMAT CSV REGION 'us-east-1'")
    assert client.run("SELECT count(*) FROM t") == [(3,)]


@pytest.mark.parametrize("content", [b"\x1f\x8b\x08\0cut", b"1\n"])
def test_files_that_are_not_compressed_as_said(
    client: Client, place: Place, content: bytes
) -> None:
    """A truncated gzip file, or none at all, is named and nothing is loaded."""
    client.run("CREATE TABLE t (a integer)")
    uri = place.put("a.gz", content)
    error = client.refused(f"COPY t FROM '{uri}' {ROLE} CSV GZIP")
    assert f"{uri} could not be read as gzip" in str(error)


def test_no_such_table_or_column(client: Client, place: Place) -> None:
    """The target is looked up before S3 is asked."""
    uri = place.put("a", "1\n")
    assert client.refused(f"COPY nowhere FROM '{uri}' {ROLE} CSV").pgcode == "42P01"
    client.run("CREATE TABLE t (a integer)")
    assert client.refused(f"COPY t (b) FROM '{uri}' {ROLE} CSV").pgcode == "42703"
