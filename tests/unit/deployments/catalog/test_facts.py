"""What is told of a flow, and of what cannot be read."""

from pathlib import Path, PurePosixPath
from textwrap import dedent

import pytest

from deployments.catalog import Parameter, Unreadable
from deployments.catalog.finding import find_flows
from tests.made_imports import write
from tests.made_repository import make_repository

FLOW = "from prefect import flow\n@flow\ndef run(): ...\n"


def make(root: Path, **files: str) -> None:
    """Write files into the folder of flows; two underscores stand for a slash."""
    write(
        root,
        {
            PurePosixPath(f"flows/{name.replace('__', '/')}.py"): text
            for name, text in files.items()
        },
    )


def test_parameters_are_those_of_the_signature(tmp_path: Path) -> None:
    """With their types and defaults as they are written, in order."""
    signature = (
        "a, b: int, /, c: str | None = None, *rest: int, d: list[str], e: float = 1.5, **more"
    )
    make(tmp_path, orders=f"from prefect import flow\n@flow\ndef run({signature}): ...\n")
    [found] = find_flows(tmp_path).flows
    assert found.parameters == (
        Parameter("a", None, None),
        Parameter("b", "int", None),
        Parameter("c", "str | None", "None"),
        Parameter("d", "list[str]", None),
        Parameter("e", "float", "1.5"),
    )
    assert found.takes_any_parameter


def test_a_description_is_what_prefect_shows(tmp_path: Path) -> None:
    """The decorator's, else the docstring without its indentation."""
    code = '''
        from prefect import flow

        TEXT = "From a constant."

        @flow
        def documented() -> None:
            """First line.

            More of it.
            """

        @flow(description="Described.")
        def described() -> None:
            """Not this."""

        @flow(description=TEXT)
        def constant() -> None: ...

        @flow
        def silent() -> None: ...
        '''
    make(tmp_path, orders=dedent(code))
    assert [each.description for each in find_flows(tmp_path).flows] == [
        "First line.\n\nMore of it.",
        "Described.",
        "From a constant.",
        "",
    ]


def test_flows_are_found_at_any_depth(tmp_path: Path) -> None:
    """In packages, in folders without an `__init__`, in their order."""
    write(tmp_path, {PurePosixPath("other/orders.py"): FLOW, PurePosixPath("orders.py"): FLOW})
    files = {"orders.py": FLOW, "people/__init__.py": FLOW, "team/deep/a.py": FLOW, "a.txt": FLOW}
    write(tmp_path, {PurePosixPath("flows", name): text for name, text in files.items()})
    assert [(each.module, str(each.file), each.line) for each in find_flows(tmp_path).flows] == [
        ("flows.orders", "flows/orders.py", 3),
        ("flows.people", "flows/people/__init__.py", 3),
        ("flows.team.deep.a", "flows/team/deep/a.py", 3),
    ]


@pytest.mark.parametrize("file", ["requirements.txt", "Dockerfile"])
def test_a_folder_with_what_an_image_is_built_from_has_its_own(tmp_path: Path, file: str) -> None:
    """But not the folder of all flows."""
    make(tmp_path, orders=FLOW, people__rows=FLOW, team__deep__a=FLOW)
    write(tmp_path, {PurePosixPath("flows", place, file): "" for place in ("", "people", "team")})
    found = {each.module: each.own_image for each in find_flows(tmp_path).flows}
    assert found == {
        "flows.orders": None,
        "flows.people.rows": PurePosixPath("flows/people"),
        "flows.team.deep.a": None,
    }


def test_a_file_that_is_not_python_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    """One broken flow hides no other."""
    make(tmp_path, broken="# a prefect flow\ndef run(:\n", fine=FLOW, later=FLOW)
    (tmp_path / "flows/null.py").write_bytes(b"# prefect flow \0\n")
    catalog = find_flows(tmp_path)
    assert [each.module for each in catalog.flows] == ["flows.fine", "flows.later"]
    assert catalog.unreadable[0] == Unreadable(
        PurePosixPath("flows/broken.py"), 2, "invalid syntax", "flows.broken"
    )
    assert [str(each.file) for each in catalog.unreadable] == ["flows/broken.py", "flows/null.py"]
    guessed = catalog.by_entrypoint("flows/broken.py:run")
    assert guessed is not None and not guessed.is_known


@pytest.mark.parametrize(
    "options", ["name=make_name()", "name=UNKNOWN", "**OPTIONS", "name=f'{1}'"]
)
def test_a_name_that_only_a_run_knows_is_told(tmp_path: Path, options: str) -> None:
    """With what to write instead."""
    make(tmp_path, orders=f"from prefect import flow\n@flow({options})\ndef run(): ...\n")
    catalog = find_flows(tmp_path)
    assert catalog.flows == ()
    assert catalog.unreadable == (
        Unreadable(
            PurePosixPath("flows/orders.py"),
            3,
            "the name of flow run is not written out, so nobody can tell it without running the "
            'file: give the decorator name="..."',
        ),
    )


def test_a_file_that_cannot_be_a_module_is_told(tmp_path: Path) -> None:
    """A dot in its name would be read as a package."""
    write(tmp_path, {PurePosixPath("flows/orders.v2.py"): FLOW})
    assert find_flows(tmp_path).unreadable == (
        Unreadable(
            PurePosixPath("flows/orders.v2.py"),
            1,
            "no module can have a dot in its name: rename the file or its folder",
        ),
    )


def test_only_files_that_git_would_track_have_flows(tmp_path: Path) -> None:
    """A scratch file that .gitignore names is no flow of the repository."""
    made = make_repository(tmp_path)
    made.write(".gitignore", "scratch_*.py\n")
    make(tmp_path, scratch_a=FLOW, new=FLOW)
    (tmp_path / "flows/reports.py").unlink()
    assert [each.module for each in find_flows(tmp_path).flows] == [
        "flows.new",
        "flows.orders",
        "flows.people",
    ]


def test_a_repository_without_flows_has_an_empty_catalog(tmp_path: Path) -> None:
    """Nothing is not an error."""
    assert find_flows(tmp_path).flows == ()
