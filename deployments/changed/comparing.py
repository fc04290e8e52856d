"""Compare two states of the repository."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from deployments.changed.changes import CodeReason, ConfigurationReason, DeploymentChange, How
from deployments.changed.state import DECLARING, State
from deployments.fingerprint import Dependencies

Renames = Mapping[PurePosixPath, PurePosixPath]


def compare(base: State, head: State, renames: Renames) -> Iterator[DeploymentChange]:
    """Yield every deployment that differs, in the order of prefect.yaml, removed ones last.

    Args:
        base: the earlier state.
        head: the later one.
        renames: path in base by path in head.
    """
    moved = _moved(base, head, renames)
    back = {old: new for new, old in moved.items()}
    for name, entrypoint in head.entrypoints.items():
        broken = head.dependencies[entrypoint].broken
        if name not in base.entrypoints:
            yield DeploymentChange(
                name, entrypoint, "added", renamed=moved.get(name), broken=broken
            )
            continue
        code = tuple(_code(base, head, name, renames))
        configuration = tuple(_configuration(base, head, name))
        if code or configuration:
            yield DeploymentChange(name, entrypoint, "changed", code, configuration, broken=broken)
    for name, entrypoint in base.entrypoints.items():
        if name not in head.entrypoints:
            yield DeploymentChange(name, entrypoint, "removed", renamed=back.get(name))


def _code(base: State, head: State, name: str, renames: Renames) -> Iterator[CodeReason]:
    """Yield the files that differ among those that a deployment depends on.

    A file that it no longer depends on, or only now, is a reason when it differs itself: else what
    is to be told is the file that imports it. Where no file differs, the packages that a run may
    import do, or the folder that a file belongs to.
    """
    before = base.dependencies[base.entrypoints[name]]
    after = head.dependencies[head.entrypoints[name]]
    if before.files == after.files:
        return
    reasons = [*_differing(base, head, after, renames)]
    told = {renames[file] for file in after.files if file in renames}
    reasons += [
        CodeReason(file, "deleted", before.because.get(file))
        for file in before.files
        if file not in head.files and file not in told
    ]
    if not reasons:
        joined, left = after.files.keys() - before.files, before.files.keys() - after.files
        reasons += [CodeReason(file, "reached", after.because.get(file)) for file in sorted(joined)]
        reasons += [
            CodeReason(file, "no longer reached", before.because.get(file)) for file in sorted(left)
        ]
    yield from reasons


def _differing(
    base: State, head: State, after: Dependencies, renames: Renames
) -> Iterator[CodeReason]:
    for file, content in after.files.items():
        old = base.content(file)
        if old is None:
            origin = renames.get(file)
            how: How = "renamed" if origin else "added"
            yield CodeReason(file, how, after.because.get(file), origin)
        elif old != content:
            yield CodeReason(file, "modified", after.because.get(file))


def _configuration(base: State, head: State, name: str) -> Iterator[ConfigurationReason]:
    """Yield what differs in what is declared, equal differences of several environments once."""
    differing = tuple(
        file
        for file in DECLARING
        if base.content(PurePosixPath(file)) != head.content(PurePosixPath(file))
    )
    by_keys: dict[tuple[str, ...], list[str]] = {}
    everywhere = dict.fromkeys([*base.by_environment, *head.by_environment])
    for environment in everywhere:
        if keys := tuple(_keys(base, head, environment, name)):
            by_keys.setdefault(keys, []).append(environment)
    for keys, environments in by_keys.items():
        where = () if len(environments) == len(everywhere) else tuple(environments)
        yield ConfigurationReason(differing, keys, where)


def _keys(base: State, head: State, environment: str, name: str) -> Iterator[str]:
    if environment not in base.by_environment:
        yield "a new environment"
    elif environment not in head.by_environment:
        yield "a removed environment"
    else:
        yield from head.differing(base, environment, name)


def _moved(base: State, head: State, renames: Renames) -> dict[str, str]:
    """Return the former names of deployments whose names changed: those of the same flow's file."""
    gone = [name for name in base.entrypoints if name not in head.entrypoints]
    moved: dict[str, str] = {}
    for name in head.entrypoints.keys() - base.entrypoints:
        file = _file(head.entrypoints[name])
        origin = renames.get(file, file)
        former = [each for each in gone if _file(base.entrypoints[each]) == origin]
        if len(former) == 1 and former[0] not in moved.values():
            moved[name] = former[0]
    return moved


def _file(entrypoint: str) -> PurePosixPath:
    return PurePosixPath(entrypoint.rpartition(":")[0])
