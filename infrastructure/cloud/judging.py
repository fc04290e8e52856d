"""Whether what an environment declares fits its templates."""

from collections.abc import Callable, Iterator, Mapping

from deployments.declaration.platforms import Platform
from deployments.declaration.problems import Problems, Where, suggestion
from infrastructure.cloud.declared import ASKED, SIGN_IN_PARAMETER, Declared
from infrastructure.cloud.resolving import broken_rules
from infrastructure.cloud.rules import find_problem
from infrastructure.cloud.stacks import Stack
from infrastructure.cloud.templates import Parameter

At = Callable[..., Where]


def judge(
    declared: Declared, platforms: Mapping[str, Platform], at: At, problems: Problems
) -> None:
    """Report everything that a template does not take, lacks, or does not know.

    Args:
        declared: the environment.
        platforms: all environments, by name; some may share a stack.
        at: returns the place of a key of the environment.
        problems: gets what is wrong.
    """
    _check_names(declared, at, problems)
    _check_values(declared, at, problems)
    _check_rules(declared, at, problems)
    _check_key(declared, at, problems)
    _check_shared(declared, platforms, at, problems)


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
