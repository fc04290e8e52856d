"""Records of changes, kept at Prefect as artifacts: written before the change they tell of."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from deployments.identity import Release
from deployments.live.api import PrefectApi
from deployments.live.deployment import LiveDeployment
from deployments.live.reading import pages
from deployments.records import Record

TYPE = "deployments"
RECORDS_PER_ARTIFACT = 50
ARTIFACTS_PER_PAGE = 20
"""An artifact may hold half a megabyte: fewer at once than of other things."""

NOT_IN_KEYS = re.compile(r"[^a-z0-9]+")
"""What the key of an artifact may not have: https://docs.prefect.io/v3/concepts/artifacts"""

NAMES = tuple(field.name for field in fields(Record))


def write_records(
    api: PrefectApi, project: str, environment: str, records: Sequence[Record]
) -> None:
    """Keep records. Nothing is sent when there are none.

    Raises:
        PrefectUnavailable, PrefectRefused: not all are kept; nothing may be changed then.
    """
    for start in range(0, len(records), RECORDS_PER_ARTIFACT):
        some = records[start : start + RECORDS_PER_ARTIFACT]
        content = {
            "key": _key(project, environment),
            "type": TYPE,
            "description": _description(some),
            "data": {"records": [asdict(record) for record in some]},
        }
        api.request("POST", "/artifacts/", content)


def read_records(
    api: PrefectApi, project: str, environment: str, names: Collection[str]
) -> list[Record]:
    """Return all records of deployments of some names, of every branch, the newest first."""
    return [record for record in _iterate(api, project, environment) if record.name in names]


def last_records(
    api: PrefectApi, project: str, environment: str, live: Collection[LiveDeployment]
) -> dict[str, Record]:
    """Return the record of what is live now, by live name, reading no further than needed.

    A deployment that has none, because it was made by hand or its artifact was removed, is left
    out; looking for one reads everything.
    """
    wanted = {each.live_name: each for each in live if each.version is not None}
    found: dict[str, Record] = {}
    sought = set(wanted)
    for record in _iterate(api, project, environment) if sought else ():
        deployment = wanted.get(record.live_name)
        if deployment is None or record.version != deployment.fields["version"]:
            continue
        if _is_of_release(record, deployment) and record.live_name in sought:
            found[record.live_name] = record
            sought.remove(record.live_name)
            if not sought:
                break
        found.setdefault(record.live_name, record)
    return found


def _iterate(api: PrefectApi, project: str, environment: str) -> Iterator[Record]:
    """Yield the records of an environment, the newest first, page by page as they are needed."""
    wanted = {
        "artifacts": {"key": {"any_": [_key(project, environment)]}, "type": {"any_": [TYPE]}},
        "sort": "CREATED_DESC",
    }
    seen = set()
    for artifact in pages(api, "/artifacts/filter", wanted, ARTIFACTS_PER_PAGE):
        # A record that is written meanwhile shifts the pages.
        if artifact["id"] not in seen:
            seen.add(artifact["id"])
            yield from map(_read, artifact["data"]["records"])


def chain(records: Sequence[Record], live: LiveDeployment) -> list[Record]:
    """Return what was carried out, the newest first: it begins with what is live.

    A record whose change never happened is not among them: nothing follows from it.

    Args:
        records: the newest first.
        live: whose history it is.
    """
    of_it = [record for record in records if record.live_name == live.live_name]
    starts = [at for at, each in enumerate(of_it) if each.version == live.fields["version"]]
    if not starts:
        return []
    # The same version may have been recorded of two commits: of a run that ended before its
    # change, and of the next one.
    start = next((at for at in starts if _is_of_release(of_it[at], live)), starts[0])
    history = [of_it[start]]
    for record in of_it[start + 1 :]:
        if record.version == history[-1].previous:
            history.append(record)
    return history


def _is_of_release(record: Record, live: LiveDeployment) -> bool:
    return Release.from_tags(record.fields["tags"]) == live.release


def _read(content: Mapping[str, Any]) -> Record:
    known = {name: content[name] for name in NAMES}
    return Record(**{**known, "schedules": tuple(known["schedules"])})


def _key(project: str, environment: str) -> str:
    parts = (TYPE, project, environment)
    return "-".join(NOT_IN_KEYS.sub("-", part.lower()).strip("-") for part in parts)


def _description(records: Sequence[Record]) -> str:
    lines = [
        f"- `{record.live_name}`: {record.previous or 'new'} → {record.version}"
        for record in records
    ]
    return "\n".join([f"{records[0].at}, {records[0].how}", "", *lines])
