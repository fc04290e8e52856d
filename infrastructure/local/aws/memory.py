"""What lies on S3, in moto's memory: read for the disk, and put back from it."""

import time
from datetime import datetime
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends
from moto.s3.models import FakeBucket, FakeKey, S3Backend, s3_backends
from moto.sts.models import sts_backends

from infrastructure.local.addresses import AWS_KEY

PLAIN_ATTRIBUTES = (
    "encryption",
    "kms_key_id",
    "bucket_key_enabled",
    "lock_mode",
    "lock_legal_status",
    "lock_until",
    "checksum_algorithm",
    "checksum_value",
    "checksum_type",
    "checksum_parts",
    "website_redirect_location",
)
"""What moto sets on an object under the same name, as text, a number or nothing."""

REPLACED_TRIES, REPLACED_PAUSE_SECONDS = 200, 0.005


def backend() -> S3Backend:
    """Return the S3 of the one account that there is."""
    return s3_backends[DEFAULT_ACCOUNT_ID]["aws"]


def bucket(name: str) -> FakeBucket | None:
    """Return a bucket, or None."""
    return backend().buckets.get(name)


def read_object(name: str, key: str) -> tuple[dict[str, Any], bytes] | None:
    """Return attributes and body of an object as it is now; None when missing or deleted."""
    for _ in range(REPLACED_TRIES):
        found = bucket(name)
        held = found.keys.get(key) if found else None
        if not isinstance(held, FakeKey):
            return None
        try:
            return _attributes(held), held.value
        except ValueError:
            # Another request is replacing it: moto closes the old body first, and then puts the
            # new one in its place.
            time.sleep(REPLACED_PAUSE_SECONDS)
    raise RuntimeError(f"s3://{name}/{key} could not be read: its body is closed")


def live_keys(found: FakeBucket) -> set[str]:
    """Return the keys of the objects in a bucket."""
    return {key for key, held in list(found.keys.items()) if isinstance(held, FakeKey)}


def put_back(name: str, key: str, known: dict[str, Any], body: bytes) -> None:
    """Make an object as it was."""
    made = backend().put_object(
        name,
        key,
        body,
        storage=known["storage_class"],
        etag=known["etag"],
        disable_notification=True,
    )
    made.last_modified = datetime.fromisoformat(known["last_modified"])
    made.set_metadata(known["metadata"])
    for attribute, value in known["plain"].items():
        setattr(made, attribute, value)
    if known["tags"]:
        backend().tagger.tag_resource(
            made.arn, [{"Key": tag, "Value": value} for tag, value in known["tags"].items()]
        )


def knows_access_key(access_key: str) -> bool:
    """Whether it is the stack's own, or one that its IAM or STS has issued."""
    if access_key == AWS_KEY:
        return True
    if sts_backends[DEFAULT_ACCOUNT_ID]["aws"].get_assumed_role_from_access_key(access_key):
        return True
    return access_key in iam_backends[DEFAULT_ACCOUNT_ID]["aws"].access_keys


def _attributes(held: FakeKey) -> dict[str, Any]:
    """Return all that is known of an object, but its body, as JSON can hold it."""
    return {
        "size": held.size,
        "etag": held.etag.strip('"'),
        "last_modified": held.last_modified.isoformat(),
        "storage_class": held.storage_class,
        "metadata": dict(held.metadata),
        "tags": backend().tagger.get_tag_dict_for_resource(held.arn),
        "plain": {name: getattr(held, name) for name in PLAIN_ATTRIBUTES},
    }
