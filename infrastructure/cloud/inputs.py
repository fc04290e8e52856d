"""The values of a stack's parameters: declared, computed, found at AWS, given by earlier stacks."""

from collections.abc import Mapping
from dataclasses import dataclass

from infrastructure.cloud.declared import Declared
from infrastructure.cloud.stacks import Stack, Standing

Standings = Mapping[Stack, Standing | None]


@dataclass(frozen=True)
class Inputs:
    """Values for a stack.

    Attributes:
        values: of all its parameters, by name.
        waits_for: stacks whose outputs are not known yet; their places are filled with words.
    """

    values: Mapping[str, str]
    waits_for: tuple[Stack, ...]


def gather(
    declared: Declared, stack: Stack, standings: Standings, asked: Mapping[str, str]
) -> Inputs:
    """Return the values for a stack as far as they can be known now.

    Args:
        declared: the environment.
        stack: one of its stacks.
        standings: of all its stacks.
        asked: what was found at AWS for `declared.ASKED`.
    """
    earlier = declared.given_by_earlier(stack)
    values: dict[str, str] = {}
    waits_for: dict[Stack, None] = {}
    for name, parameter in declared.templates[stack].parameters.items():
        default = parameter.default or ""
        if name in declared.fixed:
            values[name] = declared.fixed[name]
        elif name in earlier:
            source = standings[earlier[name]]
            if source is not None and name in source.outputs:
                values[name] = source.outputs[name]
            elif source is not None and source.is_made and parameter.default is not None:
                values[name] = default
            else:
                waits_for[earlier[name]] = None
                values[name] = f"({name} of {earlier[name].name})"
        elif name in asked:
            values[name] = asked[name]
        else:
            values[name] = declared.platform.parameters.get(name, default)
    return Inputs(values, tuple(waits_for))


def tags_of(declared: Declared, stack: Stack) -> dict[str, str]:
    """Return the tags of a stack and all that it makes; a shared one has no environment."""
    names = ["Project", "Environment"]
    asked = declared.templates[stack].parameters
    return {name: declared.fixed[name] for name in names if name in asked}
