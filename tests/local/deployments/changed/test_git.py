"""What git is asked, and what is said when it has no answer."""

import subprocess
from pathlib import Path, PurePosixPath

import pytest

from deployments.git import export, head, merge_base, project_files, renames
from tests.made_repository import MadeRepository, make_repository
from utilities.errors import RepositoryNotReady


@pytest.fixture
def made(tmp_path: Path) -> MadeRepository:
    """A repository in a folder with a space in its name."""
    return make_repository(tmp_path / "a shop")


def test_head_is_the_commit_and_its_branch(made: MadeRepository) -> None:
    """A branch with slashes keeps them."""
    made.git("switch", "--quiet", "--create", "feature/some/thing")
    found = head(made.root)
    assert found.commit == made.git("rev-parse", "HEAD")
    assert (found.branch, found.is_dirty, found.dirty_paths) == ("feature/some/thing", False, ())


def test_a_detached_head_has_no_branch(
    made: MadeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a CI system says in its variables is not read."""
    monkeypatch.setenv("GITHUB_HEAD_REF", "other")
    monkeypatch.setenv("GITHUB_REF_NAME", "other")
    made.git("checkout", "--quiet", "--detach")
    assert head(made.root).branch is None


def test_every_kind_of_difference_makes_it_dirty(made: MadeRepository) -> None:
    """Edited, deleted, added and new files; not those that .gitignore names."""
    made.write(".gitignore", "*.log\n")
    made.commit()
    made.write("flows/orders.py", "")
    made.write("shelf/naïve name.py", "")
    made.write("staged.py", "")
    made.git("add", "staged.py")
    made.write("run.log", "")
    (made.root / "shelf/names.py").unlink()
    found = head(made.root)
    assert found.is_dirty
    assert {str(path) for path in found.dirty_paths} == {
        "flows/orders.py",
        "shelf/naïve name.py",
        "shelf/names.py",
        "staged.py",
    }
    assert made.git("status", "--porcelain").count("\n") == 3


def test_the_merge_base_is_where_both_part(made: MadeRepository) -> None:
    """Whatever happened on main since."""
    parted = made.git("rev-parse", "HEAD")
    made.git("switch", "--quiet", "--create", "feature")
    made.commit("On the feature")
    made.git("switch", "--quiet", "main")
    later = made.commit("On main")
    made.git("switch", "--quiet", "feature")
    assert merge_base(made.root, "main") == merge_base(made.root, later) == parted


@pytest.mark.parametrize("ref", ["nothing", "", "--all", "a..b", "HEAD:README.md", "@{99}"])
def test_an_unknown_commit_is_named(made: MadeRepository, ref: str) -> None:
    """With what could be given instead; nothing is taken for an option."""
    with pytest.raises(RepositoryNotReady) as error:
        merge_base(made.root, ref)
    assert f"git knows no commit {ref!r} here. Expected a branch, tag or hash" in str(error.value)


def test_a_shallow_clone_says_how_to_get_the_rest(made: MadeRepository, tmp_path: Path) -> None:
    """As CI systems clone: one commit of each branch."""
    made.git("switch", "--quiet", "--create", "feature")
    made.commit("On the feature")
    clone = tmp_path / "clone"
    made.git("clone", "--quiet", "--depth=1", "--no-single-branch", made.root.as_uri(), str(clone))
    with pytest.raises(RepositoryNotReady, match="git fetch --unshallow"):
        merge_base(clone, "origin/main")
    MadeRepository(clone, "shop").git("fetch", "--quiet", "--unshallow")
    assert merge_base(clone, "origin/main") == made.git("rev-parse", "main")


def test_histories_without_anything_in_common_are_told(made: MadeRepository) -> None:
    """There is nothing to compare with."""
    made.git("switch", "--quiet", "--orphan", "other")
    made.commit("Another beginning")
    with pytest.raises(RepositoryNotReady, match="have no commit in common: there is nothing"):
        merge_base(made.root, "main")


def test_a_folder_outside_of_git_is_told(tmp_path: Path) -> None:
    """With the two ways out."""
    for ask in (head, lambda root: merge_base(root, "main")):
        with pytest.raises(
            RepositoryNotReady, match="is in no git repository. Run this in a clone"
        ):
            ask(tmp_path)
    assert project_files(tmp_path) == []


def test_a_repository_without_a_commit_is_told(tmp_path: Path) -> None:
    """The first commit is the next step."""
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    with pytest.raises(RepositoryNotReady, match="nothing was committed yet"):
        head(tmp_path)


def test_a_commit_is_written_out_whole(made: MadeRepository, tmp_path: Path) -> None:
    """Also what an archive would leave out; the working tree and the index stay as they are."""
    made.write(".gitattributes", "*.sql export-ignore\n")
    commit = made.commit()
    before = {path: (made.root / path).read_bytes() for path in project_files(made.root)}
    made.write("flows/orders.py", "edited\n")
    made.git("rm", "--quiet", "--cached", "flows/reports.py")
    status = made.git("status", "--porcelain")
    folder = tmp_path / "copy"
    folder.mkdir()
    files = export(made.root, commit, folder)
    assert {path: (folder / path).read_bytes() for path in files} == before
    assert made.git("status", "--porcelain") == status
    assert "flows/orders.py" in status


def test_a_project_may_be_a_folder_of_a_larger_repository(
    made: MadeRepository, tmp_path: Path
) -> None:
    """All paths are from that folder, and nothing outside of it counts."""
    made.write("project/flows/orders.py", "x = 1\n")
    made.write("project/flows/old.py", "y = 2\n" * 9)
    commit = made.commit()
    root = made.root / "project"
    made.write("outside.py", "")
    made.write("project/flows/new.py", "")
    made.git("mv", "project/flows/old.py", "project/flows/moved.py")
    flows = [PurePosixPath("flows", name) for name in ("moved.py", "new.py", "orders.py")]
    assert project_files(root) == flows
    assert set(head(root).dirty_paths) == {*flows[:2], PurePosixPath("flows/old.py")}
    assert renames(root, commit) == {flows[0]: PurePosixPath("flows/old.py")}
    folder = tmp_path / "copy"
    folder.mkdir()
    assert export(root, commit, folder) == [PurePosixPath("flows/old.py"), flows[2]]
    assert (folder / "flows/orders.py").read_text() == "x = 1\n"


def test_a_move_is_found_before_it_is_added(made: MadeRepository) -> None:
    """Edited on the way, and into a folder that git does not know yet; the index stays as it is."""
    commit = made.commit()
    text = (made.root / "flows/orders.py").read_text()
    (made.root / "flows/orders.py").unlink()
    made.write("flows/shop/orders.py", text + "\n# moved\n")
    assert renames(made.root, commit) == {
        PurePosixPath("flows/shop/orders.py"): PurePosixPath("flows/orders.py")
    }
    assert "?? flows/shop/" in made.git("status", "--porcelain")


def test_what_git_tells_its_hooks_is_not_taken_for_this_repository(
    made: MadeRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a hook of another repository git's variables name that one."""
    other = make_repository(tmp_path / "other")
    other.write("other.py", "")
    monkeypatch.setenv("GIT_DIR", str(other.root / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.root / ".git/index"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.root))
    assert not head(made.root).is_dirty
    assert PurePosixPath("other.py") not in project_files(made.root)
