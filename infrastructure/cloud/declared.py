"""What an environment declares for its templates, checked before AWS is asked."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from deployments.declaration.environments_file import FILE
from deployments.declaration.located import Section, place_of
from deployments.declaration.platforms import Platform, read_platform, read_platforms
from deployments.declaration.problems import Problems, Where, suggestion
from deployments.declaration.yaml_files import read_located
from infrastructure.cloud.resolving import broken_rules
from infrastructure.cloud.rules import find_problem
from infrastructure.cloud.stacks import Stack, region_of, stacks_of
from infrastructure.cloud.templates import Parameter, Template, read_template

REGISTRY = re.compile(
    r"(?P<account>\d{12})\.dkr[.-]ecr(-fips)?\.(?P<region>[a-z0-9-]+)"
    r"\.(amazonaws\.com(\.cn)?|on\.aws)/(?P<name>.+)"
)
"""https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html"""

ASKED = {
    "WorkerImage": "it is what the worker runs; give another one with --worker-image",
    "ExistingProviderArn": "the account is asked for its provider",
}
"""Parameters whose values are found at AWS, and what to say to someone who declares one."""

SIGN_IN_PARAMETER = "PrefectSecretName"
"""Parameter that names the secret with which the worker signs in at Prefect."""

At = Callable[..., Where]


@dataclass(frozen=True)
class Declared:
    """One environment's stacks with their templates, and the values that need no answer of AWS.

    Attributes:
        platform: the environment.
        account: number of the AWS account that image_repository names.
        templates: of each stack, in the order in which they are made.
        fixed: values that follow from the declaration, by name of the parameter.
    """

    platform: Platform
    account: str
    templates: Mapping[Stack, Template]
    fixed: Mapping[str, str]

    @property
    def region(self) -> str:
        """Region of all stacks."""
        return region_of(self.platform)

    def value(self, name: str) -> str:
        """Return what a parameter is declared to be, or its default; empty without either."""
        defaults = [
            each.parameters[name].default or ""
            for each in self.templates.values()
            if name in each.parameters
        ]
        return self.platform.parameters.get(name, next(iter(defaults), ""))

    def given_by_earlier(self, stack: Stack) -> dict[str, Stack]:
        """Return which parameters of a stack are outputs of stacks before it, and of which."""
        found: dict[str, Stack] = {}
        for earlier, template in self.templates.items():
            if earlier == stack:
                break
            found.update(dict.fromkeys(template.outputs - set(self.fixed), earlier))
        asked = self.templates[stack].parameters
        return {name: earlier for name, earlier in found.items() if name in asked}


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
    _check_names(declared, at, problems)
    _check_values(declared, at, problems)
    _check_rules(declared, at, problems)
    _check_key(declared, at, problems)
    _check_shared(declared, read_platforms(root), at, problems)
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
    found = REGISTRY.fullmatch(address)
    where = at("image_repository")
    if found is None:
        problems.add(
            where,
            f'found "{address}", expected the address of an Amazon ECR repository such as '
            f"123456789012.dkr.ecr.{region}.amazonaws.com/{platform.project}: the stacks make it, "
            "and let runs read it.",
        )
        return "", platform.project
    if found["region"] != region:
        problems.add(
            where,
            f'the repository is in {found["region"]}, the stacks are in {region}. Both have to be '
            "the same region.",
        )
    return found["account"], found["name"]


def _worker_pool(platform: Platform, at: At, problems: Problems) -> str:
    names = {pool.name for pool in platform.pools.values() if pool.type == "ecs"}
    if len(names) > 1:
        problems.add(
            at("pools"),
            f"the pools {', '.join(sorted(names))} are of type ecs; the worker serves one. Leave "
            "one, and give its deployments queues if they are to be told apart.",
        )
    return min(names, default="")


def _check_names(declared: Declared, at: At, problems: Problems) -> None:
    """Report values for parameters that no template has, or that are not to be declared."""
    known = {name for each in declared.templates.values() for name in each.parameters}
    earlier = {
        name: stack.template
        for each in declared.templates
        for name, stack in declared.given_by_earlier(each).items()
    }
    free = sorted(known - set(declared.fixed) - set(ASKED) - set(earlier))
    for name in declared.platform.parameters:
        where = at("infrastructure", "parameters", name)
        if name not in known:
            problems.add(where, f"no template has this parameter.{suggestion(name, free)}")
        elif name in declared.fixed:
            problems.add(where, "this follows from the rest of the declaration. Remove it.")
        elif name in ASKED:
            problems.add(where, f"{ASKED[name]}. Remove it.")
        elif name in earlier:
            problems.add(where, f"the stack of {earlier[name]}.yaml gives it. Remove it.")


def _check_values(declared: Declared, at: At, problems: Problems) -> None:
    """Report values that a template does not take, and those that it needs and does not get."""
    for stack, parameter in _parameters(declared):
        name = parameter.name
        if name in ASKED or name in declared.given_by_earlier(stack):
            continue
        value = declared.fixed.get(name, declared.platform.parameters.get(name))
        if value is not None:
            problem = find_problem(parameter, value)
            if problem is not None:
                problems.add(_place(declared, name, at), problem)
        elif parameter.default is None:
            told = parameter.rules.get("Description", "a parameter of the template.")
            problems.add(
                at("infrastructure"),
                f"{stack.file} needs a value for `parameters: {{{name}: ...}}`: {told}",
            )


def _check_rules(declared: Declared, at: At, problems: Problems) -> None:
    """Report values that do not go together, as the templates say it."""
    for stack, template in declared.templates.items():
        earlier = declared.given_by_earlier(stack)
        values = {
            **{name: each.default or "" for name, each in template.parameters.items()},
            **declared.platform.parameters,
            **declared.fixed,
            **{name: f"({name})" for name in earlier},
        }
        for broken in broken_rules(template.content, values):
            problems.add(at("infrastructure", "parameters"), broken)


def _check_key(declared: Declared, at: At, problems: Problems) -> None:
    """Report a worker whose secret nobody can set, because it is not declared."""
    key = declared.value(SIGN_IN_PARAMETER)
    if declared.fixed["WorkerPoolName"] and key and key not in declared.platform.secrets:
        problems.add(
            at("secrets"),
            f"the worker signs in with {key} ({SIGN_IN_PARAMETER}), which is not among the secrets. Add "
            "it.",
        )


def _place(declared: Declared, name: str, at: At) -> Where:
    if name not in declared.fixed:
        return at("infrastructure", "parameters", name)
    return at(
        *{"RepositoryName": ("image_repository",), "WorkerPoolName": ("pools",)}.get(name, ())
    ).child(name, at().line)


def _parameters(declared: Declared) -> Iterator[tuple[Stack, Parameter]]:
    for stack, template in declared.templates.items():
        for parameter in template.parameters.values():
            yield stack, parameter


def _check_shared(
    declared: Declared, platforms: Mapping[str, Platform], at: At, problems: Problems
) -> None:
    """Report values of stacks that several environments share, where they do not agree."""
    here = declared.platform
    for stack, parameter in _parameters(declared):
        if "Environment" in declared.templates[stack].parameters:
            continue
        name = parameter.name
        for other in platforms.values():
            is_shared = other.image_repository == here.image_repository
            differs = other.parameters.get(name) != here.parameters.get(name)
            if is_shared and differs and name not in declared.fixed:
                problems.add(
                    at("infrastructure", "parameters", name),
                    f"{name} differs in {other.environment}, which shares this repository of "
                    "images. Give both the same value.",
                )
