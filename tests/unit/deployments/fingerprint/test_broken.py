"""A file that is not Python breaks the flows that reach it, and no others."""

from pathlib import Path

import pytest

from tests.unit.deployments.fingerprint.made_flow import depend, names

GOOD = {"flows/orders.py": "import shelf.good\n", "shelf/good.py": "import shelf.deeper\n"}
BROKEN = {"shelf/bad.py": "import shelf.lost\ndef oops(:\n", "shelf/worse.py": "x = '\n"}
FILES = GOOD | BROKEN | {"shelf/deeper.py": "", "shelf/lost.py": "", "flows/people.py": ""}


def test_a_flow_that_does_not_reach_it_is_whole(tmp_path: Path) -> None:
    """Broken modules beside it change nothing, however many there are."""
    depends = depend(tmp_path, FILES | {f"shelf/bad_{number}.py": "(" for number in range(20)})
    assert depends.broken == ()
    assert names(depends) == ["flows/orders.py", "shelf/deeper.py", "shelf/good.py"]


def test_a_flow_that_reaches_it_is_told_where(tmp_path: Path) -> None:
    """File, line and what stands there; the rest of its imports is known all the same."""
    files = FILES | {"shelf/good.py": "import shelf.deeper, shelf.bad, shelf.worse\n"}
    depends = depend(tmp_path, files)
    told = [(str(each.file), each.line, each.reason) for each in depends.broken]
    assert told == [
        ("shelf/bad.py", 2, "it is not Python: invalid syntax"),
        ("shelf/worse.py", 1, "it is not Python: unterminated string literal (detected at line 1)"),
    ]
    assert names(depends) == [
        "flows/orders.py",
        "shelf/bad.py",
        "shelf/deeper.py",
        "shelf/good.py",
        "shelf/worse.py",
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"x = '\xff'\n", "its bytes are not text in its encoding"),
        (b"x = 1\0\n", "it is not Python: source code string cannot contain null bytes"),
        (b"(" * 2000 + b")" * 2000, "it is not Python: too many nested parentheses"),
        (b"# coding: no-such-encoding\n", "its bytes are not text in its encoding"),
    ],
)
def test_bytes_that_are_no_text_are_a_broken_file(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    """Whatever the bytes are, one file is named and the others are read."""
    depend(tmp_path, GOOD | {"shelf/deeper.py": ""})
    (tmp_path / "shelf/deeper.py").write_bytes(content)
    depends = depend(tmp_path, {})
    assert [str(each.file) for each in depends.broken] == ["shelf/deeper.py"]
    assert depends.broken[0].reason.startswith(reason)


def test_another_encoding_is_read_as_python_reads_it(tmp_path: Path) -> None:
    """A declared encoding and a byte order mark are no fault."""
    depend(tmp_path, GOOD | {"shelf/deeper.py": "", "shelf/last.py": ""})
    (tmp_path / "shelf/good.py").write_bytes(
        b"# -*- coding: latin-1 -*-\nx = '\xe9'\nimport shelf.deeper\n"
    )
    (tmp_path / "shelf/deeper.py").write_bytes(b"\xef\xbb\xbfimport shelf.last\n")
    depends = depend(tmp_path, {})
    assert depends.broken == ()
    assert "shelf/last.py" in names(depends)


def test_mending_a_file_changes_the_fingerprint(tmp_path: Path) -> None:
    """So a deployment that failed because of it is deployed then."""
    before = depend(tmp_path, GOOD | {"shelf/deeper.py": "def oops(:\n"})
    after = depend(tmp_path, {"shelf/deeper.py": "def oops() -> None: ...\n"})
    assert before.broken and not after.broken
    assert before.fingerprint != after.fingerprint
