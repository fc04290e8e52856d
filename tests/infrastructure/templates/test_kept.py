"""Buckets are private and forget in time; an image with a tag never goes by itself."""

import json

import pytest

from tests.infrastructure.templates.declared import VARIANTS, resolved, variant
from tests.infrastructure.templates.proofs import Broken, Rule
from tests.infrastructure.templates.reader import DELETED
from tests.infrastructure.templates.rules import kept
from tests.infrastructure.templates.values import ValueRefused

RULES: dict[Rule, str] = {
    kept.buckets: "storage",
    kept.expiry: "storage",
    kept.images: "container_registry",
}
STAGING = ("StagingBucket", "Properties")
RESULTS = ("ResultsBucket", "Properties")
LIFECYCLE = ("LifecycleConfiguration", "Rules")
REPOSITORY = ("Repository", "Properties")
TAGGED = {
    "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 14},
    "action": {"type": "expire"},
}


def storage(rule: Rule, path: tuple[str | int, ...], found: str, to: object = DELETED) -> Broken:
    """The template of the buckets, broken; without a value, what is at the path is taken away."""
    return Broken(rule, path, found, to, "storage")


BROKEN = (
    storage(kept.buckets, (*STAGING, "BucketEncryption"), "StagingBucket is not encrypted"),
    storage(kept.buckets, (*RESULTS, "OwnershipControls"), "holds objects of other owners"),
    storage(kept.buckets, ("ResultsBucketPolicy",), "ResultsBucket answers on connections"),
    storage(
        kept.buckets,
        ("StagingBucketPolicy", "Properties", "PolicyDocument", "Statement", 0, "Effect"),
        "StagingBucket answers on connections",
        "Allow",
    ),
    storage(
        kept.buckets,
        (*STAGING, "PublicAccessBlockConfiguration", "BlockPublicPolicy"),
        "StagingBucket has no BlockPublicPolicy",
        False,
    ),
    storage(kept.buckets, ("ResultsBucket", "DeletionPolicy"), "ResultsBucket goes with its stack"),
    storage(kept.expiry, (*STAGING, *LIFECYCLE, 0), "StagingBucket expires after None"),
    storage(
        kept.expiry,
        (*RESULTS, *LIFECYCLE, 0, "ExpirationInDays"),
        "expires after 9, expected 90",
        9,
    ),
    storage(kept.expiry, (*STAGING, *LIFECYCLE, 1), "StagingBucket keeps uploads"),
    storage(
        kept.expiry, (*RESULTS, "VersioningConfiguration"), "ResultsBucket: versioned is False"
    ),
    storage(kept.expiry, (*RESULTS, *LIFECYCLE, 1), "ResultsBucket keeps old versions for ever"),
    storage(
        kept.expiry,
        (*STAGING, "VersioningConfiguration"),
        "StagingBucket: versioned is True",
        {"Status": "Enabled"},
    ),
    Broken(
        kept.images,
        ("Repository", "UpdateReplacePolicy"),
        "Repository goes with its stack",
        template="container_registry",
    ),
    Broken(
        kept.images,
        (*REPOSITORY, "ImageTagMutability"),
        "tags can be moved",
        to="MUTABLE",
        template="container_registry",
    ),
    Broken(
        kept.images,
        (*REPOSITORY, "ImageScanningConfiguration"),
        "images are not scanned",
        template="container_registry",
    ),
    Broken(
        kept.images,
        (*REPOSITORY, "EncryptionConfiguration"),
        "images are not encrypted",
        template="container_registry",
    ),
    Broken(
        kept.images,
        (*REPOSITORY, "LifecyclePolicy", "LifecyclePolicyText"),
        "removes images with a tag",
        to=json.dumps({"rules": [TAGGED]}),
        template="container_registry",
    ),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("name", VARIANTS)
def test_what_is_kept_keeps_to_the_rule(name: str, rule: Rule) -> None:
    """In every environment and with every option, the rule finds nothing."""
    assert rule(variant(RULES[rule], name)) == []


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_the_rule_notices_what_is_kept_wrongly(broken: Broken) -> None:
    """What would show rows to others, keep them for ever or lose an image is found."""
    assert any(broken.found in finding for finding in broken.findings())


def test_every_rule_was_tried() -> None:
    """No rule is trusted that never found anything."""
    assert {broken.rule for broken in BROKEN} == set(RULES)


def test_staged_parts_outlast_the_days_that_a_resumed_load_looks_back() -> None:
    """Three days, see utilities/tasks; fewer are refused."""
    with pytest.raises(ValueRefused, match="StagingDays: found '3'"):
        resolved("storage", StagingDays="3")
