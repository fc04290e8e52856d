"""What the stacks of an environment give to others: addresses, names and ARNs."""

from collections.abc import Iterable

from deployments.declaration.platforms import Platform
from infrastructure.cloud.aws import Aws
from infrastructure.cloud.stacks import Stack, Standing, read_standing, region_of, stacks_of
from utilities.errors import SourceNotFound


def read_outputs(platform: Platform) -> dict[str, str]:
    """Return the outputs of all stacks of an environment, by name.

    Raises:
        SourceNotFound: a stack was not made yet, or not to its end.
        ParameterInvalid: the environment has no stacks.
        AccessDenied: there are no credentials, or they may not read the stacks.
        ApiUnavailable: AWS did not answer.
    """
    aws = Aws(region_of(platform))
    found: dict[str, str] = {}
    for stack in stacks_of(platform):
        standing = read_standing(aws, stack)
        if standing is None or not standing.is_made:
            raise SourceNotFound(
                f"{stack.name}: this stack {_state(standing)} in {aws.region}, so its outputs are "
                "not known. Make it: `python -m infrastructure apply --environment "
                f"{platform.environment}`."
            )
        found.update(standing.outputs)
    return found


def read_existing(aws: Aws, stacks: Iterable[Stack]) -> dict[str, str]:
    """Return the outputs of those stacks that are there, by name. Raises as `Aws.ask`."""
    found: dict[str, str] = {}
    for stack in stacks:
        standing = read_standing(aws, stack)
        found.update(standing.outputs if standing else {})
    return found


def _state(standing: Standing | None) -> str:
    return "does not exist" if standing is None else f"is not finished ({standing.status})"
