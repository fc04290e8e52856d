"""A declared schema is read as it is meant, or refused."""

import pytest

from utilities.errors import ParameterInvalid
from utilities.staging import declare


def test_types_and_names() -> None:
    """Types may be spelled as Redshift allows; names become legal; AS gives another one."""
    columns = declare(
        {
            "VanID": "bigint as van_id",
            "First Name": "varchar",
            "zip": "VARCHAR(7)",
            "notes": "varchar(max)",
            "amount": "decimal(12, 2)",
            "n": "int",
            "x": "double  precision",
            "at": "timestamptz",
            "extra": "super",
        }
    )
    assert [(c.source_name, c.name, c.type, c.width_bytes) for c in columns] == [
        ("VanID", "van_id", "BIGINT", None),
        ("First Name", "first_name", "VARCHAR", None),
        ("zip", "zip", "VARCHAR", 7),
        ("notes", "notes", "VARCHAR", 65_535),
        ("amount", "amount", "NUMERIC(12,2)", None),
        ("n", "n", "INTEGER", None),
        ("x", "x", "DOUBLE PRECISION", None),
        ("at", "at", "TIMESTAMPTZ", None),
        ("extra", "extra", "SUPER", None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "uuid",
        "varchar(0)",
        "varchar(65536)",
        "numeric(39,0)",
        "numeric(2,3)",
        "char(5)",
        "a b c",
    ],
)
def test_what_is_no_type(text: str) -> None:
    """The column, the text and the types that exist are named."""
    with pytest.raises(
        ParameterInvalid, match='column "a" is declared as .* Expected a type of Red'
    ):
        declare({"a": text})


def test_names_that_cannot_be() -> None:
    """A name that is taken or not legal is refused, not changed in silence."""
    with pytest.raises(ParameterInvalid, match="cannot be called 'a' in the table"):
        declare({"a": "bigint", "b": "bigint AS a"})
    with pytest.raises(ParameterInvalid, match="cannot be called 'a-b' in the table"):
        declare({"b": "bigint AS a-b"})
