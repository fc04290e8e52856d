"""What git knows of the repository: the commit, what differs from it, another commit's files.

Asks the `git` of the machine, in the folder of the repository, which may be a subfolder of the
git repository. Writes nothing there: not even the index is refreshed.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from utilities.errors import RepositoryNotReady

OF_A_CALLER = frozenset(
    {
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_INDEX_FILE",
        "GIT_NAMESPACE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_WORK_TREE",
    }
)
"""Variables that git gives its hooks; in one of them they name another repository or index than the
folder's: https://git-scm.com/docs/git-rev-parse (--local-env-vars)."""

NOT_A_FILE_OF_IT = frozenset({".git", "__pycache__"})


@dataclass(frozen=True)
class Head:
    """What is checked out.

    Attributes:
        commit: full hash.
        branch: None when HEAD is detached, as it is in most CI systems.
        is_dirty: whether a file differs from the commit.
        dirty_paths: files that were changed, added or deleted since, those that git does not track
            but would included.
    """

    commit: str
    branch: str | None
    is_dirty: bool
    dirty_paths: tuple[PurePosixPath, ...]


def head(root: Path) -> Head:
    """Return what is checked out.

    Raises:
        RepositoryNotReady: the folder is in no git repository, or nothing was committed yet.
    """
    prefix = _prefix(root)
    commit = _resolve(root, "HEAD")
    if commit is None:
        raise RepositoryNotReady(f"{root}: nothing was committed yet. Commit the files first.")
    branch = _run(root, "symbolic-ref", "--quiet", "--short", "HEAD", accept=(0, 1)).strip()
    status = _run(
        root, "status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--", "."
    )
    dirty = tuple(
        PurePosixPath(entry[3:].removeprefix(prefix)) for entry in status.split("\0") if entry
    )
    return Head(commit, branch or None, bool(dirty), dirty)


def merge_base(root: Path, ref: str) -> str:
    """Return the commit that a branch, tag or commit and HEAD have both grown from.

    Raises:
        RepositoryNotReady: there is no such commit, or nothing in common; in a shallow clone the
            message says how to get the rest.
    """
    _prefix(root)
    for needed in (ref, "HEAD"):
        if _resolve(root, needed) is None:
            raise RepositoryNotReady(
                f"git knows no commit {needed!r} here. Expected a branch, tag or hash, such as "
                "origin/main; get a remote branch with: git fetch origin main"
            )
    found = _run(root, "merge-base", "--end-of-options", ref, "HEAD", accept=(0, 1)).strip()
    if found:
        return found
    if _run(root, "rev-parse", "--is-shallow-repository").strip() == "true":
        raise RepositoryNotReady(
            f"{ref} and HEAD have no commit in common in this shallow clone. Get the whole history "
            "with: git fetch --unshallow (in GitHub Actions: fetch-depth: 0)"
        )
    raise RepositoryNotReady(
        f"{ref} and HEAD have no commit in common: there is nothing to compare with."
    )


def export(root: Path, commit: str, folder: Path) -> list[PurePosixPath]:
    """Write the files of a commit into an empty folder, as a checkout would; return their paths.

    Not `git archive`: that leaves out what the attribute `export-ignore` names.

    Raises:
        RepositoryNotReady: there is no such commit.
    """
    prefix = _prefix(root)
    # In a subfolder checkout-index would write that part of the index alone.
    top = _top(root) if prefix else root
    with TemporaryDirectory() as index_folder:
        index = {"GIT_INDEX_FILE": str(Path(index_folder, "index"))}
        _run(top, "read-tree", f"{commit}:{prefix}", variables=index)
        _run(top, "checkout-index", "--all", f"--prefix={folder.resolve()}/", variables=index)
    return _all_files(folder)


def project_files(root: Path) -> list[PurePosixPath]:
    """Return every file that git tracks or would track, sorted.

    Files that .gitignore names are left out, and so are tracked ones that were deleted. Of a folder
    that is in no git repository, such as a copy of a commit, these are all files.
    """
    if not _is_repository(root):
        return _all_files(root)
    listed = _run(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    base = f"{root}/"
    return [
        PurePosixPath(path)
        for path in sorted(set(listed.split("\0")) - {""})
        if os.path.isfile(base + path)
    ]


def renames(root: Path, commit: str) -> Mapping[PurePosixPath, PurePosixPath]:
    """Return the files that moved since a commit: old path by new path.

    The working tree counts, with what git does not track yet, and a file that was edited on the way
    is recognised as long as half of it is the same (git's own measure).
    """
    index_file = Path(_run(root, "rev-parse", "--git-path", "index").strip())
    with TemporaryDirectory() as folder:
        index = Path(folder, "index")
        shutil.copyfile(root / index_file, index)
        variables = {"GIT_INDEX_FILE": str(index)}
        _run(root, "add", "--intent-to-add", "--", ".", variables=variables)
        told = _run(
            root,
            *("diff", "-z", "--name-status", "--find-renames", "--diff-filter=R", "--relative"),
            *(commit, "--", "."),
            variables=variables,
        )
    fields = told.split("\0")
    return {
        PurePosixPath(new): PurePosixPath(old)
        for old, new in zip(fields[1::3], fields[2::3], strict=False)
    }


def _all_files(folder: Path) -> list[PurePosixPath]:
    found: list[str] = []
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in NOT_A_FILE_OF_IT]
        inside = os.path.relpath(parent, folder)
        start = "" if inside == "." else inside.replace(os.sep, "/") + "/"
        found += [start + name for name in files if os.path.isfile(os.path.join(parent, name))]
    return [PurePosixPath(path) for path in sorted(found)]


def _is_repository(root: Path) -> bool:
    absolute = root.resolve()
    return any((folder / ".git").exists() for folder in (absolute, *absolute.parents))


def _prefix(root: Path) -> str:
    """Return where the folder is in the git repository: empty, or a path that ends in a slash."""
    if not _is_repository(root):
        raise RepositoryNotReady(
            f"{root} is in no git repository. Run this in a clone of the repository, or begin one: "
            "git init"
        )
    return _run(root, "rev-parse", "--show-prefix").removesuffix("\n")


def _top(root: Path) -> Path:
    return Path(_run(root, "rev-parse", "--show-toplevel").removesuffix("\n"))


def _resolve(root: Path, ref: str) -> str | None:
    """Return the hash of a commit; None when there is none."""
    spelled = f"{ref}^{{commit}}"
    arguments = ("rev-parse", "--verify", "--quiet", "--end-of-options", spelled)
    # 128 for what can be no name of a commit at all.
    return _run(root, *arguments, accept=(0, 1, 128)).strip() or None


def _run(
    root: Path,
    *arguments: str,
    accept: tuple[int, ...] = (0,),
    variables: Mapping[str, str] | None = None,
) -> str:
    """Return what git prints.

    Raises:
        RepositoryNotReady: git is missing, or ended with a status that is not accepted.
    """
    environment = {name: value for name, value in os.environ.items() if name not in OF_A_CALLER}
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=root,
            env={**environment, "GIT_OPTIONAL_LOCKS": "0", **(variables or {})},
            capture_output=True,
        )
    except FileNotFoundError:
        raise RepositoryNotReady(
            f"git was not found, or {root} is no folder. Install git; run this in the repository."
        ) from None
    if done.returncode not in accept:
        said = os.fsdecode(done.stderr).strip().removeprefix("fatal: ")
        raise RepositoryNotReady(f"{root}: git {arguments[0]} failed: {said}")
    return os.fsdecode(done.stdout)
