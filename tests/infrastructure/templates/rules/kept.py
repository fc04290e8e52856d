"""Buckets and images: who sees them, and when they go."""

import json
from collections.abc import Iterator
from typing import Any

from tests.infrastructure.templates.resolver import Resolved

PRIVATE = (
    "BlockPublicAcls",
    "BlockPublicPolicy",
    "IgnorePublicAcls",
    "RestrictPublicBuckets",
)


def buckets(stack: Resolved) -> list[str]:
    """Buckets are private, encrypted, owned by the account, and kept when the stack goes."""
    found = []
    for name, bucket in stack.of_type("AWS::S3::Bucket").items():
        found += [f"{name} {fault}" for fault in _faults_of_bucket(bucket)]
        policy = stack.resources[name]
        if (
            policy.get("DeletionPolicy") != "Retain"
            or policy.get("UpdateReplacePolicy") != "Retain"
        ):
            found.append(f"{name} goes with its stack")
        if not _only_encrypted(stack, name):
            found.append(f"{name} answers on connections that are not encrypted")
    return found


def expiry(stack: Resolved) -> list[str]:
    """Leftovers and results go after the declared days, and uploads that were never finished."""
    days = stack.values["ResultsExpireAfterDays"]
    expected = {"StagingBucket": stack.values["StagingDays"], "ResultsBucket": days or None}
    found = []
    for name, bucket in stack.of_type("AWS::S3::Bucket").items():
        rules = [
            rule
            for rule in bucket.get("LifecycleConfiguration", {}).get("Rules", [])
            if rule["Status"] == "Enabled" and "Prefix" not in rule
        ]
        expires = next(
            (rule["ExpirationInDays"] for rule in rules if "ExpirationInDays" in rule), None
        )
        if expires != expected[name]:
            found.append(f"{name} expires after {expires}, expected {expected[name]}")
        if not any("AbortIncompleteMultipartUpload" in rule for rule in rules):
            found.append(f"{name} keeps uploads that were never finished")
        is_versioned = bucket.get("VersioningConfiguration", {}).get("Status") == "Enabled"
        if is_versioned != (name == "ResultsBucket"):
            found.append(f"{name}: versioned is {is_versioned}")
        if is_versioned and not any("NoncurrentVersionExpiration" in rule for rule in rules):
            found.append(f"{name} keeps old versions for ever")
    return found


def images(stack: Resolved) -> list[str]:
    """A tag is never moved, every image is scanned, and none with a tag goes by itself."""
    found = []
    for name, repository in stack.of_type("AWS::ECR::Repository").items():
        kept = stack.resources[name]
        if kept.get("DeletionPolicy") != "Retain" or kept.get("UpdateReplacePolicy") != "Retain":
            found.append(f"{name} goes with its stack")
        if repository.get("ImageTagMutability") != "IMMUTABLE":
            found.append(f"{name}: tags can be moved")
        if not repository.get("ImageScanningConfiguration", {}).get("ScanOnPush"):
            found.append(f"{name}: images are not scanned")
        if "EncryptionConfiguration" not in repository:
            found.append(f"{name}: images are not encrypted with a key")
        for rule in json.loads(repository["LifecyclePolicy"]["LifecyclePolicyText"])["rules"]:
            if rule["selection"]["tagStatus"] != "untagged":
                found.append(f"{name} removes images with a tag")
            if rule["selection"]["countNumber"] != stack.values["UntaggedDays"]:
                found.append(f"{name} keeps images without a tag for other days than declared")
    return found


def _faults_of_bucket(bucket: dict[str, Any]) -> Iterator[str]:
    access = bucket.get("PublicAccessBlockConfiguration", {})
    yield from (f"has no {setting}" for setting in PRIVATE if access.get(setting) is not True)
    if "BucketEncryption" not in bucket:
        yield "is not encrypted"
    owner = bucket.get("OwnershipControls", {}).get("Rules")
    if owner != [{"ObjectOwnership": "BucketOwnerEnforced"}]:
        yield "holds objects of other owners"


def _only_encrypted(stack: Resolved, bucket: str) -> bool:
    refusal = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"${{{bucket}.Arn}}", f"${{{bucket}.Arn}}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    statements = [
        {key: value for key, value in statement.items() if key != "Sid"}
        for policy in stack.of_type("AWS::S3::BucketPolicy").values()
        if policy["Bucket"] == f"${{{bucket}}}"
        for statement in policy["PolicyDocument"]["Statement"]
    ]
    return refusal in statements
