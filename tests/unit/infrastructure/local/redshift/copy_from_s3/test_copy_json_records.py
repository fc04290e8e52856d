"""JSON files are cut into objects wherever their lines end."""

import json
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from infrastructure.local.redshift.copy_from_s3.json_lines import cut_json_blocks, parse_json
from infrastructure.local.redshift.copy_from_s3.options import CopyOptions
from infrastructure.local.redshift.copy_from_s3.target import TargetColumn

COLUMNS = (TargetColumn("a", "varchar"), TargetColumn("b", "super"))
OPTIONS = CopyOptions(format="json")

scalars = st.none() | st.booleans() | st.integers() | st.text(alphabet='{}[]"\\é\n', max_size=5)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner)
)
objects = st.fixed_dictionaries(
    {"a": st.text(alphabet='{}[]"\\é\n', max_size=5) | st.none(), "b": values}
)


def pieces(content: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


@given(
    rows=st.lists(objects, min_size=1, max_size=5),
    indent=st.none() | st.integers(0, 2),
    size=st.integers(1, 60),
)
def test_objects_survive(rows: list[dict[str, object]], indent: int | None, size: int) -> None:
    """Compact or pretty-printed, in pieces of any size: every value comes back."""
    content = "\n".join(json.dumps(row, indent=indent) for row in rows).encode() + b"\n"
    found: list[dict[str, object]] = []
    for block in cut_json_blocks("s3://b/k", pieces(content, size), 0):
        arrays, _, rejects = parse_json(block, COLUMNS, OPTIONS)
        assert not rejects
        for text, document in zip(*(array.to_pylist() for array in arrays), strict=True):
            found.append({"a": text, "b": None if document is None else json.loads(document)})
    assert found == rows


def test_the_last_line_of_an_object_is_its_number() -> None:
    """A refused object is named by the line on which it ends, as Redshift does."""
    content = b'{"a": "x"}\n{\n"a": x\n}\n{"a": "y"}\n{"a"'
    refused: list[int] = []
    kept: list[int] = []
    for block in cut_json_blocks("s3://b/k", pieces(content, 9), 0):
        _, items, rejects = parse_json(block, COLUMNS, OPTIONS)
        kept += [item.line for item in items]
        refused += [reject.line for reject in rejects]
    assert (kept, refused) == ([1, 5], [4, 6])
