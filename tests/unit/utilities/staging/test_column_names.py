"""Column names: legal in Redshift, unique in their table, and every change is said."""

from hypothesis import given
from hypothesis import strategies as st

from utilities.staging.names import Naming
from utilities.staging.reserved_words import RESERVED


def names_for(*source_names: str) -> list[str]:
    """Return the legal names of a header."""
    naming = Naming()
    return [naming.add(name) for name in source_names]


def test_legal_names_stay() -> None:
    """Lower-case letters of any alphabet, digits and underscores are kept."""
    assert names_for("id", "_id", "año", "名前", "a_1") == ["id", "_id", "año", "名前", "a_1"]


def test_illegal_characters_become_underscores() -> None:
    """Names are folded to lower case as Redshift does; what is no letter or digit is replaced."""
    assert names_for("First Name", "% change", "a.b-c", " id ") == [
        "first_name",
        "_change",
        "a_b_c",
        "id",
    ]


def test_a_name_does_not_begin_with_a_digit() -> None:
    """An underscore goes before it."""
    assert names_for("2016") == ["_2016"]


def test_reserved_words_get_an_underscore() -> None:
    """SQL's words and the columns that every table has already."""
    assert names_for("User", "group", "oid", "xmin") == ["user_", "group_", "oid_", "xmin_"]


def test_empty_names_get_their_position() -> None:
    """Also those of which no character can stay."""
    assert names_for("a", "", "c", "!?") == ["a", "column_2", "c", "column_4"]


def test_duplicates_are_numbered() -> None:
    """Names that are the same after folding, too; a number that is taken is left out."""
    assert names_for("a", "A", "a_2", "a") == ["a", "a_2", "a_2_2", "a_3"]


def test_long_names_are_cut_at_a_character() -> None:
    """127 bytes, counted in UTF-8; numbering a cut name keeps it within the limit."""
    assert names_for("é" * 100, "é" * 101) == ["é" * 63, "é" * 62 + "_2"]


def test_every_change_is_said() -> None:
    """And nothing else."""
    naming = Naming()
    names = [naming.add(name) for name in ("id", "First Name", "user")]
    assert naming.notes(names) == ('renamed columns: "First Name" is first_name, "user" is user_',)
    assert naming.notes(["id"]) == ()


def test_a_key_keeps_its_name() -> None:
    """In formats without a header the same key is the same column at every row."""
    naming = Naming([("a_2", "A")])
    assert [naming.find_or_add(name) for name in ("A", "a", "A", "a")] == ["a_2", "a", "a_2", "a"]


@given(st.lists(st.one_of(st.text(max_size=8), st.text(min_size=60)), max_size=12))
def test_any_header_becomes_legal(header: list[str]) -> None:
    """Whatever a header holds: unique, at most 127 bytes, no reserved word, no leading digit."""
    names = names_for(*header)
    assert len(set(names)) == len(header)
    for name in names:
        assert 0 < len(name.encode()) <= 127
        assert not name[0].isdigit()
        assert name not in RESERVED
        assert all(character.isalnum() or character == "_" for character in name)
