"""What one deployment was, version by version."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from deployments.identity import Release, Version
from deployments.plan.actions import Change
from deployments.plan.differences import is_same
from deployments.plan.leaves import field_leaves, schedule_leaves
from deployments.plan.telling import DERIVED
from deployments.records import Record


@dataclass(frozen=True)
class Entry:
    """One version.

    Attributes:
        record: of it.
        release: that it ran.
        is_code_new: whether its code is not that of the version before.
        changes: against the version before, to the leaf; none for the first.
    """

    record: Record
    release: Release | None
    is_code_new: bool
    changes: tuple[Change, ...]

    @property
    def changed(self) -> list[str]:
        """What a person calls different: the code, the image, fields that do not follow from it."""
        names = [change.field for change in self.changes if change.field not in DERIVED]
        is_image_new = any(change.field == "job_variables.image" for change in self.changes)
        code = ["code"] if self.is_code_new else []
        image = ["image"] if is_image_new else []
        return [*code, *image, *names]

    def content(self) -> dict[str, Any]:
        """Return everything as JSON."""
        return {
            **asdict(self.record),
            "commit": self.release.commit if self.release else None,
            "branch": self.release.branch if self.release else None,
            "changed": self.changed,
            "changes": [asdict(change) for change in self.changes],
        }


def find_history(records: Sequence[Record]) -> tuple[Entry, ...]:
    """Return the versions of a deployment.

    Args:
        records: of what was carried out, the newest first.
    """
    before = [*records[1:], None] if records else []
    return tuple(_entry(*pair) for pair in zip(records, before, strict=True))


def _entry(record: Record, before: Record | None) -> Entry:
    release = Release.from_tags(record.fields["tags"])
    if before is None:
        return Entry(record, release, is_code_new=True, changes=())
    now, then = Version.read(record.version), Version.read(before.version)
    is_code_new = now is None or then is None or now.fingerprint != then.fingerprint
    return Entry(record, release, is_code_new, tuple(_changes(before, record)))


def _changes(before: Record, after: Record) -> list[Change]:
    old, new = _leaves(before), _leaves(after)
    return [
        Change(name, old.get(name), new.get(name))
        for name in {**old, **new}
        if not is_same(old.get(name), new.get(name))
    ]


def _leaves(record: Record) -> dict[str, Any]:
    schedules = schedule_leaves(record.schedules)
    return field_leaves(record.fields) | schedules | {"paused": record.paused}
