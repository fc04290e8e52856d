"""A schema that is written down beside a flow, instead of being inferred.

CONTACTS = declare(
    {
        "VanID": "BIGINT AS van_id",
        "LastName": "VARCHAR(64)",
        "DateCreated": "TIMESTAMPTZ",
        "Addresses": "SUPER",
    }
)
"""

import re
from collections.abc import Mapping

from utilities.errors import ParameterInvalid
from utilities.references import VARCHAR_LIMIT_BYTES, Column
from utilities.staging.names import Naming
from utilities.staging.redshift_types import (
    NUMERIC_LIMIT_DIGITS,
    VARCHAR,
    numeric_size,
    staged_type,
)

_DECLARATION = re.compile(
    r"\s*(?P<type>[A-Za-z]\w*(?:\s+precision)?(?:\s*\((?:[\d\s,]*|\s*max\s*)\))?)(?:\s+AS\s+(?P<name>\S+))?\s*",
    re.IGNORECASE,
)
# https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html
_OTHER_NAMES = {
    "INT": "INTEGER",
    "INT2": "SMALLINT",
    "INT4": "INTEGER",
    "INT8": "BIGINT",
    "BOOL": "BOOLEAN",
    "FLOAT": "DOUBLE PRECISION",
    "FLOAT4": "REAL",
    "FLOAT8": "DOUBLE PRECISION",
    "TEXT": "VARCHAR",
    "STRING": "VARCHAR",
}
_WIDTH = re.compile(r"VARCHAR\((\d+|MAX)\)")


def declare(columns: Mapping[str, str]) -> tuple[Column, ...]:
    """Return a declared schema.

    Args:
        columns: name in the source to Redshift type, in the order that the table gets them; with
            `AS name` when the table calls the column otherwise. `VARCHAR` without a width follows
            the data, `VARCHAR(64)` refuses longer values. Nested values are SUPER.

    Raises:
        ParameterInvalid: a type is not one that can be staged, or two columns have one name.
    """
    naming = Naming()
    declared = []
    for source_name, text in columns.items():
        match = _DECLARATION.fullmatch(text)
        type_ = _canonical(match["type"]) if match else None
        if match is None or type_ is None:
            raise ParameterInvalid(
                f'column "{source_name}" is declared as {text!r}. Expected a type of Redshift '
                "(SMALLINT, INTEGER, BIGINT, REAL, DOUBLE PRECISION, NUMERIC(p,s), BOOLEAN, DATE, "
                "TIME, TIMESTAMP, TIMESTAMPTZ, VARCHAR, VARCHAR(n), SUPER), optionally followed by "
                "AS and the column's name in the table."
            )
        wanted = match["name"] or source_name
        name = naming.add(wanted)
        if match["name"] and name != match["name"].lower():
            raise ParameterInvalid(
                f'column "{source_name}" cannot be called {wanted!r} in the table: the name is '
                f"taken, or not legal in Redshift. Use another one, such as {name!r}."
            )
        width = _WIDTH.fullmatch(type_)
        width_bytes = None
        if width:
            type_ = VARCHAR
            width_bytes = VARCHAR_LIMIT_BYTES if width[1] == "MAX" else int(width[1])
        declared.append(Column(name, type_, source_name, width_bytes=width_bytes))
    return tuple(declared)


def _canonical(text: str) -> str | None:
    """Return a type as staging spells it, VARCHAR with its width; None when there is none."""
    type_ = re.sub(r"\s*([(),])\s*", r"\1", " ".join(text.upper().split()))
    type_ = re.sub(r"^DECIMAL\b", "NUMERIC", type_)
    type_ = re.sub(r"^(NUMERIC)\((\d+)\)$", r"\1(\2,0)", type_)
    type_ = _OTHER_NAMES.get(type_, type_)
    width = _WIDTH.fullmatch(type_)
    if width:
        is_legal = width[1] == "MAX" or 1 <= int(width[1]) <= VARCHAR_LIMIT_BYTES
        return type_ if is_legal else None
    if type_.startswith("NUMERIC("):
        precision, scale = numeric_size(type_) if type_.count(",") == 1 else (0, 0)
        return type_ if 1 <= precision <= NUMERIC_LIMIT_DIGITS and scale <= precision else None
    return None if type_.startswith("CHAR") else staged_type(type_)
