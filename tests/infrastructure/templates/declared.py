"""The parameters that every environment gives to the templates."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from deployments.declaration.platforms import Platform, read_platforms
from tests.infrastructure.templates.reader import read_template
from tests.infrastructure.templates.resolver import ACCOUNT, REGION, Resolved, resolve

REPOSITORY = Path(__file__).parents[3]
PROJECT = "prefect-flows"
ENVIRONMENTS = ("production", "staging", "sandbox", "labs")


@cache
def platforms() -> Mapping[str, Platform]:
    """What environments.yaml declares."""
    return read_platforms(REPOSITORY)


def stack_name(template: str, environment: str) -> str:
    """Name of an environment's stack of a template."""
    names = {
        "container_registry": "{0}-container-registry",
        "storage": "{0}-storage-{1}",
        "fixed_egress_ecs": "{0}-fixed-egress-{1}",
        "github_oidc": "{0}-github-{1}",
    }
    return names[template].format(PROJECT, environment)


def made_before(environment: str) -> dict[str, str]:
    """Outputs of other stacks, as they look like, and what is computed."""
    return {
        "Project": PROJECT,
        "Environment": environment,
        "RepositoryName": "prefect-flows",
        "RepositoryArn": f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/prefect-flows",
        "StagingBucketName": f"staging-of-{environment}",
        "ResultsBucketName": f"results-of-{environment}",
        "WorkerPoolName": f"ecs-{environment}",
        "WorkerImage": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/prefect-flows:main",
        "ClusterName": f"{PROJECT}-{environment}",
        "WorkerServiceName": f"{PROJECT}-worker-{environment}",
    }


def parameters(template: str, environment: str, **others: str) -> dict[str, str]:
    """Values for the parameters that a template has; `others` go first."""
    known = read_template(template)["Parameters"]
    declared = platforms()[environment].parameters
    values = {**made_before(environment), **declared, **others}
    return {name: value for name, value in values.items() if name in known}


def resolved(template: str, environment: str = "production", **others: str) -> Resolved:
    """One of the templates with the parameters of an environment."""
    return resolve(read_template(template), parameters(template, environment, **others))


OPTIONS: Mapping[str, Mapping[str, str]] = {
    "one": {"NatGateways": "one"},
    "one per zone": {"NatGateways": "one-per-zone"},
    "brought": {
        "NatGateways": "one-per-zone",
        "EgressAllocationIdA": "eipalloc-0123456789abcdef0",
        "EgressAddressA": "192.0.2.1",
        "EgressAllocationIdB": "eipalloc-0123456789abcdef1",
        "EgressAddressB": "192.0.2.2",
    },
    "half brought": {
        "NatGateways": "one-per-zone",
        "EgressAllocationIdA": "eipalloc-0123456789abcdef0",
        "EgressAddressA": "192.0.2.1",
    },
    "no image yet": {"WorkerImage": ""},
    "push pool": {"WorkerPoolName": "", "WorkerImage": "", "WorkerServiceName": ""},
    "all": {
        "AlarmEmail": "team@example.org",
        "SourceBucketArns": "arn:aws:s3:::vendor-files,arn:aws:s3:::open-data",
        "RedshiftCidr": "10.0.0.0/16",
        "RedshiftPort": "5440",
        "OtherPort": "22",
        "OtherCidr": "198.51.100.0/24",
        "ResultsExpireAfterDays": "0",
        "ExistingProviderArn": f"arn:aws:iam::{ACCOUNT}:oidc-provider/"
        "token.actions.githubusercontent.com",
    },
}
"""What an environment may choose, by a word for it."""


VARIANTS = (*ENVIRONMENTS, *OPTIONS)
"""Every environment, and one of them with each option."""


@cache
def variant(template: str, name: str) -> Resolved:
    """One of the templates in one of the VARIANTS."""
    return resolved(template, name) if name in ENVIRONMENTS else resolved(template, **OPTIONS[name])
