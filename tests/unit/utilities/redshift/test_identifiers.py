"""Names that become part of SQL text."""

import pytest

from utilities.errors import ParameterInvalid
from utilities.redshift.identifiers import identifier, parse_table_name
from utilities.references import TableName


def test_a_table_name_is_folded_like_redshift_does() -> None:
    """Upper and lower case mean the same table."""
    assert parse_table_name(" Van.Contacts ") == TableName("van", "contacts")


@pytest.mark.parametrize("text", ["contacts", "a.b.c", "a.b c", 'a."b"', "a.1b", "", "a.b;drop"])
def test_what_is_no_table_name_is_refused(text: str) -> None:
    """Nothing but two plain names reaches SQL as a table."""
    with pytest.raises(ParameterInvalid, match="is not a table name; expected schema.table"):
        parse_table_name(text)


def test_a_name_that_redshift_would_cut_is_refused() -> None:
    """127 bytes are stored, the 128th is not cut off silently; characters are counted in bytes."""
    identifier("a" * 127)
    with pytest.raises(ParameterInvalid, match="128 bytes, Redshift stores 127"):
        identifier("ä" * 64)
