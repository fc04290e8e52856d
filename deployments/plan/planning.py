"""The plan of one environment: what the repository wants, what is live, what has to be asked.

Records are read only of deployments that differ, and flows imported only when their code is new:
with nothing to do, a plan costs little more than the page in which the server tells what is live.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from deployments.declaration.problems import suggestion
from deployments.desired import Desired, desired
from deployments.live import LiveDeployment
from deployments.live.api import PrefectApi
from deployments.live.reading import read_live
from deployments.live.records import last_records, read_records
from deployments.parameter_schemas import FlowSchema, SchemaFailure
from deployments.parameter_schemas.reading import SchemaReader
from deployments.plan.actions import Plan
from deployments.plan.comparing import Learned, find_questions, make_plan
from deployments.plan.matching import match
from deployments.plan.pools import with_pools
from deployments.plan.progress import Progress, no_bar
from deployments.records import Record
from utilities.errors import ParameterInvalid


def plan(api: PrefectApi, root: Path, environment: str, names: Collection[str] = ()) -> Plan:
    """Compare the repository with what is live in one environment; writes nothing.

    Args:
        api: Prefect; asked only when the files are valid.
        root: folder of the repository.
        environment: in environments.yaml.
        names: of the deployments that it is about; all when empty.

    Raises:
        DeclarationInvalid, RepositoryNotReady: see `desired`.
        ParameterInvalid: there is no deployment of one of the names.
        PrefectUnavailable, AccessDenied: Prefect cannot be asked.
    """
    return plan_of(api, desired(root, environment), names)


def plan_of(
    api: PrefectApi,
    wanted: Desired,
    names: Collection[str] = (),
    progress: Progress = no_bar,
) -> Plan:
    """Make the plan of what is wanted, see `plan`."""
    live = read_live(api, wanted.declaration.project)
    matches = match(wanted, live)
    known = [each.wanted.identity.name for each in matches.declared]
    _check_names(
        names, [*known, *(each.identity.name for each in matches.orphans if each.identity)]
    )
    matches = matches.only(names)
    questions = find_questions(wanted, matches)
    learned = Learned()
    if questions.differing or questions.entrypoints:
        with ThreadPoolExecutor(1) as beside:
            reading = beside.submit(_find_records, api, wanted, questions.differing)
            schemas = _read_schemas(wanted.root, questions.entrypoints, progress)
            learned = Learned(reading.result(), schemas)
    return with_pools(api, make_plan(wanted, matches, learned))


def _read_schemas(
    root: Path, entrypoints: Sequence[str], progress: Progress
) -> dict[str, FlowSchema | SchemaFailure]:
    """Import flows one after the other, in one process."""
    if not entrypoints:
        return {}
    schemas: dict[str, FlowSchema | SchemaFailure] = {}
    with SchemaReader(root) as reader, progress("Importing flows", len(entrypoints)) as advance:
        for entrypoint in entrypoints:
            schemas.update(reader.read([entrypoint]))
            advance(entrypoint)
    return schemas


def _find_records(
    api: PrefectApi, wanted: Desired, live: Sequence[LiveDeployment]
) -> Mapping[str, Record]:
    """Return the record of what is live; the newest where somebody has overwritten the version."""
    place = (wanted.declaration.project, wanted.environment.name)
    found = last_records(api, *place, live)
    lost = {each.live_name: each.identity for each in live if each.version is None}
    names = {identity.name for identity in lost.values() if identity}
    for record in read_records(api, *place, names) if names else ():
        if record.live_name in lost:
            found.setdefault(record.live_name, record)
    return found


def _check_names(names: Iterable[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            raise ParameterInvalid(
                f"prefect.yaml has no deployment {name!r}.{suggestion(name, known)}"
            )
