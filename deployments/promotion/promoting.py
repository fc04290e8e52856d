"""Decide what a promotion does to each deployment of the target environment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deployments.desired import Desired, desired
from deployments.live.api import PrefectApi
from deployments.live.reading import read_live
from deployments.moves.choosing import choose_names
from deployments.moves.move import Move, State, make_move
from deployments.moves.pools import missing_pools
from deployments.moves.standing import Standing, read_standing
from deployments.plan.differences import is_same
from deployments.plan.leaves import field_leaves
from deployments.promotion.combining import combine
from deployments.promotion.refusals import (
    require_as_checked_out,
    require_as_recorded,
    require_commit,
    require_deployed,
    require_image,
    require_parameters,
    require_pool,
    require_tested,
)
from deployments.status.runs import Run, last_finished
from deployments.wanted import Wanted
from utilities.errors import FlowError, ParameterInvalid, RepositoryNotReady

FILES = ("prefect.yaml", "environments.yaml")


@dataclass(frozen=True)
class Promotion:
    """What is to be done.

    Attributes:
        source: environment whose deployments were tested.
        target: environment that they go to.
        moves: one for each deployment.
    """

    source: Desired
    target: Desired
    moves: tuple[Move, ...]

    def find_obstacle(self) -> RepositoryNotReady | None:
        """Return why the target's part may not be taken from what is checked out.

        It comes from files that nobody has agreed to: those of another branch, or changed ones.
        """
        name, head = self.target.environment.name, self.target.head
        branches = [each.environment.branch for each in (self.target, self.source)]
        if branches[0] and head.branch not in (None, *branches):
            return RepositoryNotReady(
                f"What {name} adds is read from the checked-out files, and these are of the branch "
                f"{head.branch}, not of {branches[0]}. Check {branches[0]} out."
            )
        dirty = [str(path) for path in head.dirty_paths if str(path) in FILES]
        if dirty:
            return RepositoryNotReady(
                f"What {name} adds is read from {' and '.join(FILES)}, and {' and '.join(dirty)} "
                "differs from the commit. Commit or stash that."
            )
        return None

    def require_ready(self) -> None:
        """Refuse to take the target's part from such files.

        Raises:
            RepositoryNotReady: see `find_obstacle`; nothing was written.
        """
        if (obstacle := self.find_obstacle()) is not None:
            raise obstacle


def plan_promotion(
    api: PrefectApi,
    root: Path,
    environments: tuple[str, str],
    names: Sequence[str],
    *,
    insist: bool = False,
    as_checked_out: bool = False,
) -> Promotion:
    """Decide what is to be done; writes nothing.

    Args:
        api: Prefect.
        root: folder of the repository.
        environments: source and target.
        names: of deployments; empty for all that are declared.
        insist: whether a failed last run in the source is passed over.
        as_checked_out: whether the source has to run what is checked out.

    Raises:
        ParameterInvalid: source and target are the same, or a name is not declared.
        DeclarationInvalid, RepositoryNotReady, PrefectUnavailable, AccessDenied.
    """
    if environments[0] == environments[1]:
        raise ParameterInvalid(
            f"--from and --to are both {environments[0]}. A promotion goes from one environment "
            "to another; to go back use rollback."
        )
    source, target = (desired(root, each) for each in environments)
    chosen = choose_names(names, [each.identity.name for each in source.wanted])
    live = read_live(api, source.declaration.project)
    here = read_standing(api, source, live, chosen)
    there = read_standing(api, target, live, chosen)
    runs = last_finished(api, [each.live.id for each in here.values() if each.live])
    pools = missing_pools(api, target.wanted)
    pairs = zip(source.wanted, target.wanted, strict=True)
    wanted = {one.identity.name: (one, other) for one, other in pairs}
    guards = Guards(pools, insist, as_checked_out)
    moves = [
        _move(Case(here[name], there[name], *wanted[name], _run(here[name], runs)), guards)
        for name in chosen
    ]
    return Promotion(source, target, tuple(moves))


@dataclass(frozen=True)
class Case:
    """One deployment in both environments.

    Attributes:
        here: in the source, as it is live.
        there: in the target, as it is live.
        wanted_here: in the source, as the files say.
        wanted_there: in the target, as the files say.
        run: the last finished one in the source; None without one.
    """

    here: Standing
    there: Standing
    wanted_here: Wanted
    wanted_there: Wanted
    run: Run | None


@dataclass(frozen=True)
class Guards:
    """What may stop a promotion.

    Attributes:
        missing_pools: work pools that Prefect does not have.
        insist: whether a failed last run in the source is passed over.
        as_checked_out: whether the source has to run what is checked out.
    """

    missing_pools: frozenset[str]
    insist: bool
    as_checked_out: bool


def _run(standing: Standing, runs: Mapping[str, Run]) -> Run | None:
    return runs.get(standing.live.id) if standing.live else None


def _move(case: Case, guards: Guards) -> Move:
    """Return what becomes of one deployment; a refusal concerns it alone."""
    try:
        return _promote_one(case, guards)
    except FlowError as refusal:
        identity = case.here.identity
        return Move(identity.name, identity.environment, refusal=refusal)


def _promote_one(case: Case, guards: Guards) -> Move:
    source = case.here.identity.environment
    live = require_deployed(case.here)
    record = require_as_recorded(case.here, live)
    if guards.as_checked_out:
        require_as_checked_out(case.wanted_here, live)
    release = require_commit(record)
    notes = require_tested(source, record, case.run, insist=guards.insist)
    image = require_image(source, record, case.wanted_there)
    require_pool(case.wanted_there, guards.missing_pools)
    wanted = combine(record, case.wanted_here, case.wanted_there)
    notes += require_parameters(wanted, record)
    configuration = wanted.configuration
    state = State(
        fields=wanted.fields(release, image, 0, record.fields["parameter_openapi_schema"]),
        schedules=configuration.schedules,
        paused=configuration.paused,
        base_parameters=configuration.base_parameters,
    )
    notes += tuple(_told_otherwise(wanted, case.wanted_there))
    return make_move(case.there, state, "promote", f"{source} {record.version}", notes)


def _told_otherwise(wanted: Wanted, files: Wanted) -> Iterator[str]:
    """Say that the next `apply` will not leave it at that."""
    tested, said = (field_leaves(each.configuration.content()) for each in (wanted, files))
    names = [name for name in {**tested, **said} if not is_same(tested.get(name), said.get(name))]
    if wanted.fingerprint != files.fingerprint:
        names.insert(0, "code")
    if names:
        yield (
            f"the checked-out files want other {', '.join(names)}: the next apply in "
            f"{files.identity.environment} would change that"
        )
