"""Which tags a repository of images has: asked of Amazon ECR; other registries are not asked."""

from utilities.image_registry import ecr_repository, explained


def existing_tags(repository: str) -> frozenset[str] | None:
    """Return the tags of a repository; None when its registry is none that can be asked.

    Args:
        repository: address without a tag.

    Raises:
        SourceNotFound: ECR has no such repository.
        AccessDenied: no credentials, or they may not list its images.
        ApiUnavailable: ECR did not answer.

    Source: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ListImages.html
    """
    at_ecr = ecr_repository(repository)
    if at_ecr is None:
        return None
    import boto3

    with explained(at_ecr, "image_repository in environments.yaml"):
        client = boto3.Session().client("ecr", region_name=at_ecr.region)
        pages = client.get_paginator("list_images").paginate(
            registryId=at_ecr.account,
            repositoryName=at_ecr.name,
            filter={"tagStatus": "TAGGED"},
        )
        return frozenset(image["imageTag"] for page in pages for image in page["imageIds"])
