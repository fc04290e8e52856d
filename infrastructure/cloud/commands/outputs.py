"""`python -m infrastructure outputs`."""

from pathlib import Path

from deployments.declaration.platforms import read_platform
from deployments.output import print_json, print_table
from infrastructure.cloud.outputs import read_outputs


def outputs(*, environment: str, json: bool = False) -> None:
    """Show what the stacks give: addresses, names, ARNs.

    Args:
        environment: of environments.yaml.
        json: print one JSON object, by name.
    """
    found = read_outputs(read_platform(Path.cwd(), environment))
    if json:
        print_json(found)
    else:
        print_table(("Output", "Value"), sorted(found.items()))
