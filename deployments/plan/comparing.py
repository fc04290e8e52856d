"""What is wanted of one environment against what is live of it: pure, in two steps.

The first tells what has to be known besides: records of what was deployed, for deployments that
differ, and parameter schemas, for those whose code is new. The second makes the plan.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from deployments.desired import Desired
from deployments.identity import Version
from deployments.live import LiveDeployment
from deployments.parameter_schemas import FlowSchema, SchemaFailure
from deployments.plan.actions import Action, Plan
from deployments.plan.differences import find_differences
from deployments.plan.matching import Match, Matches
from deployments.plan.moving import keep, move
from deployments.records import Record
from utilities.errors import ChangeRefused, FlowBroken, FlowError


@dataclass(frozen=True)
class Learned:
    """What a plan has to know besides.

    Attributes:
        records: of what is live, by live name; of deployments that differ.
        schemas: by entrypoint; of deployments whose code is not the live one.
    """

    records: Mapping[str, Record] = field(default_factory=dict)
    schemas: Mapping[str, FlowSchema | SchemaFailure] = field(default_factory=dict)


@dataclass(frozen=True)
class Questions:
    """What is to be learned.

    Attributes:
        differing: live deployments whose record is needed.
        entrypoints: whose parameter schema is needed.
    """

    differing: tuple[LiveDeployment, ...]
    entrypoints: tuple[str, ...]


def find_questions(desired: Desired, matches: Matches) -> Questions:
    """Tell what is needed to make the plan; nothing when all is as declared."""
    deployable = [each for each in matches.declared if not _broken_before(desired, each)]
    differing = tuple(
        each.live for each in deployable if each.live is not None and not _is_as_wanted(each)
    )
    entrypoints = {
        each.wanted.configuration.entrypoint: None
        for each in deployable
        if _is_code_new(each, each.live.version if each.live else None)
    }
    return Questions(differing, tuple(entrypoints))


def make_plan(desired: Desired, matches: Matches, learned: Learned) -> Plan:
    """Compare, deployment by deployment.

    Args:
        desired: what the repository wants.
        matches: what is live of it.
        learned: answers to `find_questions`.
    """
    declared = [_action(desired, each, learned) for each in matches.declared]
    orphans = [_orphaned(each) for each in matches.orphans]
    return Plan(desired, actions=(*declared, *orphans), live_count=matches.live_count)


def _action(desired: Desired, each: Match, learned: Learned) -> Action:
    broken = partial(
        Action, "broken", each.wanted.identity.name, each.wanted.identity.live_name, each.wanted
    )
    if found := _broken_before(desired, each):
        failure, place = found
        return broken(each.live, failure=failure, place=place)
    if each.live is not None and _is_as_wanted(each):
        return keep(each.wanted, each.live, record=None)
    record = learned.records.get(each.wanted.identity.live_name) if each.live else None
    version = _version(each, record)
    if each.live is not None and not _is_new(each, version) and (record or each.live.release):
        return keep(each.wanted, each.live, record)
    is_code_new = _is_code_new(each, version)
    schema = learned.schemas[each.wanted.configuration.entrypoint] if is_code_new else None
    if isinstance(schema, SchemaFailure):
        failure = FlowBroken(f"{each.wanted.configuration.entrypoint}: {schema.reason}")
        return broken(each.live, failure=failure, place=schema.place)
    try:
        return move(desired.release, each.wanted, each.live, record, schema)
    except FlowError as error:
        return broken(each.live, failure=error)


def _broken_before(desired: Desired, each: Match) -> tuple[FlowError, str | None] | None:
    """Say why a deployment cannot be deployed, as far as the files and the names tell."""
    entrypoint = each.wanted.configuration.entrypoint
    for file in desired.dependencies[entrypoint].broken:
        place = f"{file.file}:{file.line}"
        return FlowBroken(f"{entrypoint}: {file.reason}"), place
    if each.foreign is None:
        return None
    owner = each.foreign.identity
    found = (
        f"belongs to the deployment {owner.name} of branch {owner.branch}"
        if owner
        else "was not made from this repository"
    )
    return (
        ChangeRefused(
            f"{each.foreign.live_name}: a deployment of this name exists at Prefect and {found}; "
            "it was left alone. Delete or rename it there, or rename the deployment in prefect.yaml."
        ),
        None,
    )


def _is_as_wanted(each: Match) -> bool:
    """Compare without knowing what was deployed: true only when nothing is to be done."""
    live, wanted = each.live, each.wanted
    if live is None or live.version is None or live.release is None or _is_new(each, live.version):
        return False
    schema = live.fields["parameter_openapi_schema"]
    image = wanted.image(live.release.commit)
    fields = wanted.fields(live.release, image, live.version.number, schema)
    configuration = wanted.configuration
    return not find_differences(live, fields, configuration.schedules, configuration.paused)


def _version(each: Match, record: Record | None) -> Version | None:
    """Return what was deployed; the record knows when somebody has overwritten it."""
    if each.live is not None and each.live.version is not None:
        return each.live.version
    return Version.read(record.version) if record else None


def _is_new(each: Match, version: Version | None) -> bool:
    return _is_code_new(each, version) or (
        version is not None and version.configuration != each.wanted.digest
    )


def _is_code_new(each: Match, version: Version | None) -> bool:
    return version is None or version.fingerprint != each.wanted.fingerprint


def _orphaned(live: LiveDeployment) -> Action:
    name = live.identity.name if live.identity else live.live_name
    return Action("orphaned", name, live.live_name, live=live, release=live.release)
