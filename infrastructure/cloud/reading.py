"""Reads what an environment declares for its templates, and checks it before AWS is asked."""

from pathlib import Path

from deployments.declaration.environments_file import FILE
from deployments.declaration.located import Section, place_of
from deployments.declaration.platforms import Platform, read_platform, read_platforms
from deployments.declaration.problems import Problems, Where
from deployments.declaration.yaml_files import read_located
from infrastructure.cloud.declared import Declared
from infrastructure.cloud.judging import At, judge
from infrastructure.cloud.stacks import region_of, stacks_of
from infrastructure.cloud.templates import read_template
from utilities.image_registry import ecr_repository


def read_declared(root: Path, environment: str) -> Declared:
    """Return an environment's stacks, after everything that can be checked offline was.

    Args:
        root: of the repository.
        environment: of environments.yaml.

    Raises:
        DeclarationInvalid: a template, or one or more values for it, cannot be; lists all.
        ParameterInvalid: there is no such environment, or it has no stacks.
    """
    platform = read_platform(root, environment)
    region = region_of(platform)
    templates = {stack: read_template(root, stack.file) for stack in stacks_of(platform)}
    problems = Problems()
    at = _places(root, environment)
    account, repository = _registry(platform, region, at, problems)
    fixed = {
        "Project": platform.project,
        "Environment": environment,
        "RepositoryName": repository,
        "WorkerPoolName": _worker_pool(platform, at, problems),
    }
    declared = Declared(platform, account, templates, fixed)
    judge(declared, read_platforms(root), at, problems)
    problems.refuse()
    return declared


def _places(root: Path, environment: str) -> At:
    """Return where keys of an environment stand; the file was read before, and is right."""
    file = read_located(root / FILE, Problems()) or Section()

    def at(*keys: str) -> Where:
        return place_of(Where(FILE, 1), file, "environments", environment, *keys)

    return at


def _registry(platform: Platform, region: str, at: At, problems: Problems) -> tuple[str, str]:
    """Return account and name of the repository of images; stand-ins after a problem."""
    address = platform.image_repository or ""
    found = ecr_repository(address)
    where = at("image_repository")
    if found is None:
        problems.add(
            where,
            f'found "{address}", expected the address of an Amazon ECR repository such as '
            f"123456789012.dkr.ecr.{region}.amazonaws.com/{platform.project}: the stacks make it, "
            "and let runs read it.",
        )
        return "", platform.project
    if found.region != region:
        problems.add(
            where,
            f"the repository is in {found.region}, the stacks are in {region}. Both have to be "
            "the same region.",
        )
    return found.account, found.name


def _worker_pool(platform: Platform, at: At, problems: Problems) -> str:
    names = platform.served_pools
    if len(names) > 1:
        problems.add(
            at("pools"),
            f"the pools {', '.join(sorted(names))} are of type ecs; the worker serves one. Leave "
            "one, and give its deployments queues if they are to be told apart.",
        )
    return min(names, default="")
