"""Prove from inside a run that others see it at the declared addresses, and that Redshift answers.

Needs no data. The address decides who lets a run in: warehouses, APIs and partners keep allow lists.
"""

from prefect import flow
from prefect.task_runners import ThreadPoolTaskRunner

from utilities.command_line import run
from utilities.tasks.egress import (
    Egress,
    ask_services,
    ask_warehouse,
    publish_egress,
    require_egress,
    wait_for_answers,
)


@flow(
    name="egress_check",
    task_runner=ThreadPoolTaskRunner(max_workers=2),  # type: ignore[arg-type]  # Prefect's typing
)
def egress_check() -> Egress:
    """Check from which address this run reaches others, and that the warehouse lets it in.

    Asks the services of EGRESS_SERVICES and compares what they see with EGRESS_ADDRESSES; logs in to
    the warehouse and runs a query. Both are told in any case, then the run fails if one is wrong.

    Returns:
        What each service and the warehouse said.
    """
    services = ask_services.submit()
    warehouse = ask_warehouse.submit()
    seen = wait_for_answers(services, warehouse)
    publish_egress(seen)
    require_egress(seen)
    return seen


if __name__ == "__main__":
    run(egress_check)
