"""Values are converted alike, one by one and by the column, and as Redshift accepts them."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.local.redshift.copy_from_s3.columns import convert_column
from infrastructure.local.redshift.copy_from_s3.options import CopyOptions
from infrastructure.local.redshift.copy_from_s3.refusal import Refusal
from infrastructure.local.redshift.copy_from_s3.target import TargetColumn
from infrastructure.local.redshift.copy_from_s3.values import convert

KINDS = [
    TargetColumn("i", "int2"),
    TargetColumn("i", "int4"),
    TargetColumn("i", "int8"),
    TargetColumn("r", "float4"),
    TargetColumn("f", "float8"),
    TargetColumn("n", "numeric", 6, 2),
    TargetColumn("n", "numeric", 4, 4),
    TargetColumn("n", "numeric", 5),
    TargetColumn("o", "bool"),
    TargetColumn("d", "date"),
    TargetColumn("s", "timestamp"),
    TargetColumn("z", "timestamptz"),
    TargetColumn("t", "time"),
    TargetColumn("v", "varchar", 5),
    TargetColumn("c", "char", 5),
    TargetColumn("j", "super"),
]
OPTIONS = [
    CopyOptions(date_format="YYYYMMDD", time_format="epochmillisecs"),
    CopyOptions(),
    CopyOptions(date_format="auto", time_format="auto"),
    CopyOptions(trim_blanks=True, truncate_columns=True, accept_any_date=True),
]

fields = st.one_of(
    st.integers(-(2**65), 2**65).map(str),
    st.integers(-200, 200).map(str),
    st.decimals(-10000, 10000, places=3).map(str),
    st.floats().map(repr),
    st.dates().map(str),
    st.datetimes().map(str),
    st.datetimes().map(lambda moment: moment.isoformat() + "+02"),
    st.times().map(str),
    st.sampled_from(
        "t f true FALSE yes 0 1 2 nan -inf 0x1F +5 007 1. .5 - . 1e3 0000-01-01".split()
    ),
    st.text(alphabet="aé 1-:.", min_size=1, max_size=8),
    st.sampled_from(['{"a": 1}', "[1, 2", '"x"', "null", "1e999", '"\\u0000"']),
)


def one_by_one(texts: list[str], column: TargetColumn, options: CopyOptions) -> list[object]:
    """What the exact conversion makes of each value: the text, or the code of its refusal."""
    found: list[object] = []
    for text in texts:
        try:
            found.append(convert(text, column, options))
        except Refusal as refusal:
            found.append(refusal.code)
    return found


def meaning(value: object, column: TargetColumn) -> object:
    """Spellings that PostgreSQL reads as the same value are the same."""
    if not isinstance(value, str):
        return value
    if column.kind in ("int2", "int4", "int8"):
        return int(value)
    if column.kind in ("float4", "float8"):
        return repr(float(value))
    if column.kind == "numeric":
        return float(value)
    if column.kind == "bool":
        return value[0].lower() in "ty1"
    if column.kind in ("timestamp", "timestamptz", "time"):
        return value.replace("T", " ").replace("Z", "+00").replace(" 00:00:00", "").rstrip("0")
    return value


@given(
    texts=st.lists(fields, min_size=1, max_size=6),
    column=st.sampled_from(KINDS),
    options=st.sampled_from(OPTIONS),
)
def test_columns_are_converted_like_single_values(
    texts: list[str], column: TargetColumn, options: CopyOptions
) -> None:
    """The fast tests let nothing pass, and refuse nothing, that the exact conversion would not."""
    converted, faults = convert_column(pa.array(texts), column, options)
    found: list[object] = converted.to_pylist()
    for fault in faults:
        found[fault.row] = fault.refusal.code
    expected = one_by_one(texts, column, options)
    assert [meaning(v, column) for v in found] == [meaning(v, column) for v in expected]


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("2024-03-02", {}, "2024-03-02"),
        ("2024-03-02 04:05:06", {}, "2024-03-02"),
        ("03/02/2024", {"date_format": "auto"}, "2024-03-02"),
        ("02.03.2024", {"date_format": "auto"}, "2024-03-02"),
        ("2024/3/2", {"date_format": "auto"}, "2024-03-02"),
        ("Mar 2, 2024", {"date_format": "auto"}, "2024-03-02"),
        ("2024.062", {"date_format": "auto"}, "2024-03-02"),
        ("02-MAR-24", {"date_format": "DD-MON-YY"}, "2024-03-02"),
        ("March 2 99", {"date_format": "MONTH DD YY"}, "1999-03-02"),
        ("00/00/00", {"accept_any_date": True}, None),
    ],
)
def test_dates(text: str, options: dict[str, object], expected: str | None) -> None:
    """Forms of dates that Redshift documents."""
    column = TargetColumn("d", "date")
    assert convert(text, column, CopyOptions(**options)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("2024-03-02 04:05:06.5", None, "2024-03-02 04:05:06.500000"),
        ("2024-03-02T04:05:06Z", "auto", "2024-03-02 04:05:06+00"),
        ("03/02/2024 4:05 pm -0500", "auto", "2024-03-02 16:05:00-0500"),
        ("20240302 040506", "YYYYMMDD HHMISS", "2024-03-02 04:05:06"),
        ("1709352306.5", "epochsecs", "2024-03-02 04:05:06.500000+00"),
    ],
)
def test_times(text: str, form: str | None, expected: str) -> None:
    """Forms of times that Redshift documents; a zone stays with the value."""
    column = TargetColumn("z", "timestamptz")
    assert convert(text, column, CopyOptions(time_format=form)) == expected
