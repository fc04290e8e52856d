"""`python -m deployments status`."""

from pathlib import Path

from deployments.connection import connect
from deployments.output import console, print_json
from deployments.status.reading import read_status
from deployments.status.telling import content, print_status


def status(*, environment: tuple[str, ...] = (), json: bool = False) -> None:
    """Show what is live: commit, image, next and last run, what was changed by hand.

    Also says where the checked-out files want something else. Works with broken files, too: then
    it says only what is live.

    Args:
        environment: repeat it for several; all environments without one.
        json: print for machines.
    """
    with connect(environment[0] if len(environment) == 1 else "") as api:
        found = read_status(api, Path.cwd(), environment)
    if json:
        print_json(content(found))
        return
    print_status(found)
    for each in found:
        if each.unknown is not None:
            console(stderr=True).print(f"{each.name}: {each.unknown}", markup=False)
