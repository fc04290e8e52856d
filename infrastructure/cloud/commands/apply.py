"""`python -m infrastructure apply`."""

from collections.abc import Mapping
from pathlib import Path

from deployments.output import print_table, print_text
from infrastructure.cloud import telling
from infrastructure.cloud.applying import Applying
from infrastructure.cloud.aws import Aws
from infrastructure.cloud.choosing import choose, require_consent, require_order
from infrastructure.cloud.found import require_account
from infrastructure.cloud.guard import refuse_releases, require_known
from infrastructure.cloud.next_steps import next_steps
from infrastructure.cloud.outputs import read_existing
from infrastructure.cloud.planning import Planner
from infrastructure.cloud.plans import StackPlan
from infrastructure.cloud.reading import read_declared
from infrastructure.cloud.worker_start import require_worker_can_start

QUESTION = "Carry this out?"


def apply(
    *,
    environment: str,
    only: tuple[str, ...] = (),
    worker_image: str | None = None,
    release_address: tuple[str, ...] = (),
    yes: bool = False,
) -> None:
    """Make the stacks at AWS what is declared, after showing what that means.

    One stack after the other; stopped at any point, the same command finishes the work. In an
    empty account everything is made but the worker, which needs an image first; what to do then is
    printed. An address that others have on their allow lists never goes without being named.

    Args:
        environment: of environments.yaml.
        only: template to carry out, such as container_registry; repeat it for several.
        worker_image: address of the image that the worker is to start from; without it, it keeps
            the one that it runs.
        release_address: logical id of an Elastic IP or a NAT gateway that may go; repeat it.
        yes: do not ask.
    """
    declared = read_declared(Path.cwd(), environment)
    stacks = choose(declared, only)
    aws = Aws(declared.region)
    require_account(aws, declared)
    if worker_image is not None:
        require_worker_can_start(aws, declared, worker_image)
    planner = Planner(aws, declared, worker_image)
    standings = planner.standings()
    plans = planner.plans(stacks, standings)
    print_text(telling.told(plans))
    print_text(f"\n{telling.summary(plans)}")
    require_order(plans)
    require_known(plans, release_address)
    refuse_releases(plans, release_address)
    if any(each.has_work for each in plans):
        require_consent(QUESTION, is_given=yes)

        def agree(unforeseen: StackPlan) -> None:
            print_text("This was not to be seen before the stacks above were made:")
            print_text(telling.told([unforeseen]))
            require_consent(QUESTION, is_given=yes)

        Applying(planner, release_address, print_text, agree).carry_out(plans)
    _tell_outputs(read_existing(aws, stacks))
    for line in next_steps(declared.platform, read_existing(aws, declared.templates)):
        print_text(line)


def _tell_outputs(outputs: Mapping[str, str]) -> None:
    print_text("")
    print_table(("Output", "Value"), sorted(outputs.items()))
    allowed = telling.addresses(outputs)
    if allowed:
        print_text(
            f"\nRuns come from {' and '.join(allowed)}. Send this to those who keep an allow list."
        )
