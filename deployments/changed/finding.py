"""Find what the working tree changes, compared with where it has grown from."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from deployments.changed.changes import Change, Changes, ConfigurationReason, DeploymentChange
from deployments.changed.comparing import Renames, compare
from deployments.changed.state import DECLARING, State, read_state
from deployments.git import export, merge_base, project_files, renames
from utilities.errors import DeclarationInvalid


def changed(root: Path, base: str) -> Changes:
    """Return the deployments that the working tree changes, files not yet committed included.

    Compared with the commit in which HEAD and base part, so that what happened in base since is not
    held against the branch. What an earlier commit declares in a way that is no longer valid cannot
    be compared: every deployment counts as changed then.

    Args:
        root: folder of the repository.
        base: branch, tag or commit, such as origin/main.

    Raises:
        RepositoryNotReady: there is no such commit, or nothing in common with it.
        DeclarationInvalid: prefect.yaml or environments.yaml of the working tree is.
    """
    commit = merge_base(root, base)
    with TemporaryDirectory() as name, ThreadPoolExecutor(1) as beside:
        folder = Path(name)
        exporting = beside.submit(export, root, commit, folder)
        present = project_files(root)
        head = read_state(root, present)
        # The same objects, because paths that are only equal compare slowly.
        known = {file: file for file in present}
        files = [known.get(file, file) for file in exporting.result()]
        if not {PurePosixPath(file) for file in DECLARING} & set(files):
            found = _all(head, "added", ())
        else:
            try:
                earlier = read_state(folder, files)
            except DeclarationInvalid as error:
                # The first line counts the problems.
                problems = str(error).splitlines()
                first = (problems[1:] or problems)[0]
                why = f"that of {commit[:12]} is not valid here: {first}"
                found = _all(head, "changed", (ConfigurationReason(DECLARING, (why,)),))
            else:
                found = tuple(compare(earlier, head, _renames(root, commit, earlier, head)))
    differing = sum(each.change != "removed" for each in found)
    return Changes(base, commit, found, len(head.entrypoints) - differing)


def _all(
    head: State, change: Change, why: tuple[ConfigurationReason, ...]
) -> tuple[DeploymentChange, ...]:
    return tuple(
        DeploymentChange(
            name,
            entrypoint,
            change,
            configuration=why,
            broken=head.dependencies[entrypoint].broken,
        )
        for name, entrypoint in head.entrypoints.items()
    )


def _renames(root: Path, commit: str, base: State, head: State) -> Renames:
    """Ask git which files moved, when some came and some went."""
    if head.files <= base.files or base.files <= head.files:
        return {}
    return renames(root, commit)
