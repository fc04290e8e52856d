"""Addresses of repositories of images."""

import pytest

from utilities.image_registry import ecr_repository


@pytest.mark.parametrize(
    ("address", "found"),
    [
        (
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/shop",
            ("123456789012", "eu-west-1", "team/shop"),
        ),
        (
            "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/shop",
            ("123456789012", "us-gov-west-1", "shop"),
        ),
        (
            "123456789012.dkr-ecr.eu-west-1.on.aws/shop",
            ("123456789012", "eu-west-1", "shop"),
        ),
    ],
)
def test_addresses_of_ecr_are_known(address: str, found: tuple[str, ...]) -> None:
    """Account, region and name are in the address."""
    repository = ecr_repository(address)
    assert repository is not None
    assert repository.address == address
    assert (repository.account, repository.region, repository.name) == found


@pytest.mark.parametrize(
    "address",
    [
        "ghcr.io/team/shop",
        "public.ecr.aws/team/shop",
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:tag",
        "shop",
    ],
)
def test_others_are_not(address: str) -> None:
    """Nor is an image, which has a tag or a digest."""
    assert ecr_repository(address) is None
