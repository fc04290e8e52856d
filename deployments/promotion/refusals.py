"""Why a deployment may not be promoted: it was not tested, or not as it is live now."""

from deployments.identity import Release
from deployments.live import LiveDeployment
from deployments.moves.standing import Standing
from deployments.plan.parameters import check_parameters
from deployments.promotion.combining import tested_image
from deployments.records import Record
from deployments.status.drift import find_drift
from deployments.status.runs import Run
from deployments.status.told import DIRTY
from deployments.status.wishes import find_wish
from deployments.wanted import Wanted
from utilities.errors import ChangeRefused


def require_deployed(standing: Standing) -> LiveDeployment:
    """Return the live deployment of the source.

    Raises:
        ChangeRefused: it was never deployed there, or not by this project.
    """
    standing.require_ours()
    if standing.live is None:
        source, name = standing.identity.environment, standing.identity.name
        raise ChangeRefused(
            f"{name}: was never deployed to {source}, so nothing was tested. Deploy it there: "
            f"python -m deployments apply --environment {source}"
        )
    return standing.live


def require_as_recorded(standing: Standing, live: LiveDeployment) -> Record:
    """Return the record of the source's live version.

    When it runs there is no part of what is promoted: who pauses or schedules it by hand in order
    to test it does no harm.

    Raises:
        ChangeRefused: there is none, or somebody has changed the deployment by hand since.
    """
    source, name = standing.identity.environment, standing.identity.name
    again = f"python -m deployments apply --environment {source}"
    record = standing.record
    if record is None:
        raise ChangeRefused(
            f"{name}: there is no record of version {live.fields['version']!r}, which is live in "
            f"{source}. Deploy it again: {again}"
        )
    changed = [
        change.field
        for change in find_drift(live, record)
        if change.field != "paused" and not change.field.startswith("schedules.")
    ]
    if changed:
        raise ChangeRefused(
            f"{name}: was changed in {source} by hand since it was deployed: {', '.join(changed)}. "
            f"Put it back, and test that: {again}"
        )
    return record


def require_as_checked_out(wanted: Wanted, live: LiveDeployment) -> None:
    """Refuse a source that runs other code or configuration than the checked-out files.

    For whoever tested one commit and promotes later: the source may have gone on since.

    Raises:
        ChangeRefused: it does.
    """
    wish = find_wish(wanted, live)
    if wish != "nothing":
        name, source = wanted.identity.name, wanted.identity.environment
        raise ChangeRefused(
            f"{name}: what is live in {source} is not what is checked out: the files want {wish}. "
            f"Check out the commit that {source} runs, or deploy this one there and test it: "
            f"python -m deployments apply --environment {source} {name}"
        )


def require_commit(record: Record) -> Release:
    """Return what the source runs.

    Raises:
        ChangeRefused: files that no commit holds.
    """
    release = Release.from_tags(record.fields["tags"])
    if release is None or release.commit.endswith(DIRTY):
        raise ChangeRefused(
            f"{record.name}: {record.live_name} runs files that no commit holds. Commit them, apply "
            "and test that."
        )
    return release


def require_tested(
    source: str, record: Record, run: Run | None, *, insist: bool
) -> tuple[str, ...]:
    """Return what a person should know of the last run in the source.

    Raises:
        ChangeRefused: it failed or crashed.
    """
    if run is None:
        return (f"has no finished run in {source}: nothing tells that it works",)
    if run.has_failed and not insist:
        raise ChangeRefused(
            f"{record.name}: its last run in {source}, {run.name}, ended as {run.state_name} at "
            f"{run.at}. Mend it and run it there, or pass --even-if-failed."
        )
    notes = []
    if run.has_failed:
        notes.append(f"its last run in {source}, {run.name}, ended as {run.state_name}")
    if run.version is not None and run.version != record.version:
        notes.append(f"its last run in {source} was of {run.version}, not of {record.version}")
    return tuple(notes)


def require_image(source: str, record: Record, target: Wanted) -> str | None:
    """Return the image that the target gets; None where its pool needs none.

    Raises:
        ChangeRefused: its pool needs one, and the source ran without.
    """
    if target.configuration.image_repository is None:
        return None
    image = tested_image(record)
    if image is None:
        raise ChangeRefused(
            f"{record.name}: ran in {source} without an image, and work pool "
            f"{target.configuration.pool} needs one. Deploy it to {target.identity.environment} "
            f"with apply, or give {source} a pool whose runs start from images."
        )
    return image


def require_pool(target: Wanted, missing: frozenset[str]) -> None:
    """Refuse a target that could not run.

    Raises:
        ChangeRefused: its work pool is missing.
    """
    pool = target.configuration.pool
    if pool in missing:
        raise ChangeRefused(
            f"{target.identity.name}: Prefect has no work pool {pool}, which "
            f"{target.identity.environment} is to run it in. Create it, or correct pools in "
            "environments.yaml."
        )


def require_parameters(combined: Wanted, record: Record) -> tuple[str, ...]:
    """Return what a person should know of the parameters that the target adds.

    Raises:
        DeclarationInvalid: one is not of the type that the tested flow declares.
    """
    schema = record.fields["parameter_openapi_schema"]
    check_parameters(combined, schema)
    known = schema.get("properties", {})
    return tuple(
        f"{combined.identity.environment} gives it the parameter {name}, which the tested code "
        "does not name"
        for name in combined.configuration.layer.parameters
        if name not in known
    )
