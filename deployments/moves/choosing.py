"""Which of the declared deployments a command is about."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from deployments.declaration.problems import suggestion
from utilities.errors import ParameterInvalid


def choose_names(names: Iterable[str], declared: Sequence[str]) -> list[str]:
    """Return the named deployments, all of them when none is named, in the order of prefect.yaml.

    Raises:
        ParameterInvalid: a name is not declared.
    """
    chosen = set(names)
    for name in sorted(chosen.difference(declared)):
        raise ParameterInvalid(
            f"prefect.yaml has no deployment {name!r}.{suggestion(name, declared)}"
        )
    return [name for name in declared if not chosen or name in chosen]


def choose_matching(patterns: Iterable[str], declared: Sequence[str]) -> list[str]:
    """Return the deployments that one of the patterns (`van-*`) matches, in that order.

    Raises:
        ParameterInvalid: a pattern matches none.
    """
    chosen: set[str] = set()
    for pattern in patterns:
        matching = {name for name in declared if fnmatchcase(name, pattern)}
        if not matching:
            raise ParameterInvalid(
                f"prefect.yaml has no deployment that {pattern!r} matches."
                f"{suggestion(pattern, declared)}"
            )
        chosen |= matching
    return [name for name in declared if name in chosen]
