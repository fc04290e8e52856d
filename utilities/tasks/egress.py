"""From which address a run reaches others, whether the warehouse answers it, and what follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from prefect import get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture

from utilities import egress
from utilities.egress import Declared, Sighting, WarehouseAnswer
from utilities.egress.judgement import doubts
from utilities.errors import FlowError
from utilities.settings import load_settings
from utilities.tasks.retries import PATIENTLY
from utilities.tasks.shown_rows import show_rows

__all__ = [
    "Egress",
    "ask_services",
    "ask_warehouse",
    "publish_egress",
    "require_egress",
    "wait_for_answers",
]

TEXTS = ("asked", "found", "expected", "result")


@dataclass(frozen=True)
class Egress:
    """How others see a run.

    Attributes:
        sightings: what each service said.
        declared: the addresses that were expected.
        warehouse: what it answered; None when it did not.
        error: why it did not.
    """

    sightings: Sequence[Sighting]
    declared: Declared
    warehouse: WarehouseAnswer | None
    error: BaseException | None


@task(cache_policy=NO_CACHE)
def ask_services() -> tuple[Sighting, ...]:
    """Ask every service of EGRESS_SERVICES from which address this run comes.

    Those that fail are asked again here, as long as too few have answered.
    """
    settings = load_settings()
    sightings = egress.ask_services(egress.read_services(settings.egress_services))
    for each in sightings:
        get_run_logger().info("%s: %s", each.service, each.address or each.problem)
    return sightings


@task(cache_policy=NO_CACHE, **PATIENTLY)
def ask_warehouse() -> WarehouseAnswer:
    """Log in to the warehouse and run a query."""
    answer = egress.ask_warehouse(load_settings())
    get_run_logger().info("Redshift at %s answers %s", answer.place, answer.user)
    return answer


def wait_for_answers(
    services: PrefectFuture[tuple[Sighting, ...]], warehouse: PrefectFuture[WarehouseAnswer]
) -> Egress:
    """Return what both said; a warehouse that did not answer raises nothing here."""
    declared = egress.read_declared(load_settings().egress_addresses)
    said: Any = warehouse.result(raise_on_failure=False)
    if isinstance(said, BaseException):
        return Egress(services.result(), declared, None, said)
    return Egress(services.result(), declared, said, None)


@task(cache_policy=NO_CACHE)
def publish_egress(seen: Egress) -> None:
    """Show who saw which address and whether the warehouse answers, and keep it as an artifact.

    Args:
        seen: of `wait_for_answers`.
    """
    rows = [_row(each, seen.declared) for each in seen.sightings]
    rows.append(_warehouse_row(seen))
    found = dict.fromkeys(each.address for each in seen.sightings if each.address)
    title = f"This run reaches others from {', '.join(found) or 'an address that nobody told'}"
    show_rows(title, rows, TEXTS)
    create_table_artifact(rows, key="egress", description=title)
    for doubt in doubts(seen.sightings, seen.declared):
        get_run_logger().warning("%s", doubt)


def require_egress(seen: Egress) -> None:
    """Raise unless the run comes from declared addresses and the warehouse answers it.

    Raises:
        EgressMismatch, SettingsInvalid, ApiUnavailable: see `utilities.egress.require_declared`;
            the message tells of the warehouse too.
        FlowError: what the warehouse answered instead.
    """
    try:
        egress.require_declared(seen.sightings, seen.declared)
    except FlowError as error:
        raise type(error)(f"{error}\n{_of_warehouse(seen)}") from None
    if seen.error is not None:
        raise seen.error


def _of_warehouse(seen: Egress) -> str:
    if seen.warehouse is not None:
        return f"Redshift at {seen.warehouse.place} answers nevertheless."
    return f"And the warehouse: {_reason(seen.error)}"


def _row(sighting: Sighting, declared: Declared) -> dict[str, str]:
    result = "no address"
    if sighting.address:
        result = "declared" if sighting.address in declared else "not declared"
    return {
        "asked": sighting.service,
        "found": sighting.address or sighting.problem,
        "expected": str(declared) or "nothing declared",
        "result": result,
    }


def _warehouse_row(seen: Egress) -> dict[str, str]:
    found, result = _reason(seen.error), "failed"
    if seen.warehouse is not None:
        answer = seen.warehouse
        found = f"{answer.user} at {answer.database}, after {answer.seconds:.2f} s"
        result = "answers"
    return {"asked": "Redshift", "found": found, "expected": "rows of a query", "result": result}


def _reason(error: BaseException | None) -> str:
    """The text of an error that is not ours may hold a credential."""
    if isinstance(error, FlowError):
        return str(error)
    return f"{type(error).__name__}, see the log of its task run"
