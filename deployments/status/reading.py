"""What is live in every environment, read with a few requests however many deployments there are."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from deployments.catalog.finding import find_flows
from deployments.declaration.reading import read_declaration
from deployments.desired import Desired, desired
from deployments.identity import Identity
from deployments.live import LiveDeployment
from deployments.live.api import PrefectApi
from deployments.live.reading import read_live
from deployments.live.records import last_records
from deployments.moves.finding import require_project
from deployments.plan.actions import Change
from deployments.plan.matching import match
from deployments.records import Record
from deployments.status.drift import find_drift
from deployments.status.runs import Run, last_started, next_scheduled
from deployments.status.told import Told, told
from deployments.status.wishes import Wish, find_wish
from utilities.errors import DeclarationInvalid, FlowError, RepositoryNotReady


@dataclass(frozen=True)
class Entry:
    """One deployment.

    Attributes:
        identity: which one it is.
        live: None when it is declared and not deployed.
        told: what it runs.
        next_run: that is scheduled; None without one.
        last_run: that began last, whatever became of it.
        drift: what somebody changed by hand; None when nobody knows what was deployed.
        wish: what the checked-out files want of it; None when they cannot tell.
    """

    identity: Identity
    live: LiveDeployment | None = None
    told: Told | None = None
    next_run: Run | None = None
    last_run: Run | None = None
    drift: tuple[Change, ...] | None = ()
    wish: Wish | None = None


@dataclass(frozen=True)
class EnvironmentStatus:
    """One environment.

    Attributes:
        name: in environments.yaml, or in the labels of what is live.
        entries: declared ones first, in the order of prefect.yaml.
        unknown: why the checked-out files cannot tell what they want; None when they can.
    """

    name: str
    entries: tuple[Entry, ...]
    unknown: FlowError | None = None


def read_status(
    api: PrefectApi, root: Path, environments: Sequence[str]
) -> tuple[EnvironmentStatus, ...]:
    """Return what is live, and whether that is what the files want.

    Args:
        api: Prefect.
        root: folder of the repository.
        environments: to tell of; empty for all that are declared, or that something is live in.

    Raises:
        DeclarationInvalid: an environment is neither declared nor live, or there is no
            prefect.yaml. Other mistakes in the files only leave open what they want.
    """
    project = require_project(root)
    live = [each for each in read_live(api, project) if _is_of(each, project)]
    there = _Live(api, project, live)
    declared, problem = _declared(root)
    names = environments or list(dict.fromkeys([*declared, *there.environments()]))
    for name in names:
        if name not in declared and name not in there.environments() and problem is None:
            desired(root, name)
    return tuple(_environment(root, name, there, problem) for name in names)


class _Live:
    """What is live, with its runs and records."""

    def __init__(self, api: PrefectApi, project: str, live: Sequence[LiveDeployment]) -> None:
        self.live = live
        ids = [each.id for each in live]
        with ThreadPoolExecutor(3) as threads:
            next_runs = threads.submit(next_scheduled, api, ids)
            last_runs = threads.submit(last_started, api, ids)
            records = threads.submit(self._read_records, api, project)
            self.next_runs, self.last_runs = next_runs.result(), last_runs.result()
            self.records = records.result()

    def environments(self) -> list[str]:
        """Return the environments that something is live in, sorted."""
        return sorted({each.identity.environment for each in self.live if each.identity})

    def of(self, environment: str) -> list[LiveDeployment]:
        """Return what is live in one environment."""
        return [
            each for each in self.live if each.identity and each.identity.environment == environment
        ]

    def entry(self, live: LiveDeployment, identity: Identity, wish: Wish | None) -> Entry:
        """Return what is known of one deployment."""
        record = self.records.get(live.live_name)
        return Entry(
            identity=identity,
            live=live,
            told=told(live),
            next_run=self.next_runs.get(live.id),
            last_run=self.last_runs.get(live.id),
            drift=None if record is None else find_drift(live, record),
            wish=wish,
        )

    def _read_records(self, api: PrefectApi, project: str) -> Mapping[str, Record]:
        return {
            name: record
            for environment in self.environments()
            for name, record in last_records(
                api, project, environment, self.of(environment)
            ).items()
        }


def _is_of(live: LiveDeployment, project: str) -> bool:
    return live.identity is not None and live.identity.project == project


def _declared(root: Path) -> tuple[list[str], FlowError | None]:
    try:
        return list(read_declaration(root, find_flows(root)).environments), None
    except DeclarationInvalid as error:
        return [], error


def _environment(
    root: Path, name: str, there: _Live, problem: FlowError | None
) -> EnvironmentStatus:
    live = there.of(name)
    if not live:
        return EnvironmentStatus(name, ())
    if problem is None:
        try:
            return EnvironmentStatus(name, tuple(_compared(desired(root, name), there)))
        except (DeclarationInvalid, RepositoryNotReady) as error:
            problem = error
    entries = [there.entry(each, each.identity, None) for each in live if each.identity]
    return EnvironmentStatus(name, tuple(entries), problem)


def _compared(wanted: Desired, there: _Live) -> Iterable[Entry]:
    """Yield the entries of one environment: declared ones, those of other branches, orphans."""
    matches = match(wanted, there.live)
    seen = set()
    for each in matches.declared:
        wish = find_wish(each.wanted, each.live)
        if each.live is None:
            yield Entry(each.wanted.identity, wish=wish)
            continue
        seen.add(each.live.id)
        yield there.entry(each.live, each.wanted.identity, wish)
    orphans = {each.id for each in matches.orphans}
    for live in there.of(wanted.environment.name):
        if live.id not in seen and live.identity:
            yield there.entry(live, live.identity, "to be removed" if live.id in orphans else None)
