"""Long names are shortened for PostgreSQL without two becoming one, and restored."""

import struct

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from infrastructure.local.redshift import names, protocol
from infrastructure.local.redshift.errors import FrontError

NAME = st.text(st.characters(exclude_characters='\0"', exclude_categories=["Cs"]), min_size=1)


@given(NAME, st.integers(1, 127))
def test_a_name_fits_and_comes_back(name: str, repeat: int) -> None:
    """At most 63 bytes go to PostgreSQL; the client sees the whole name."""
    whole = (name * repeat).encode()[:127].decode(errors="ignore")
    assume(whole)
    short = names.shorten(whole)
    assert len(short.encode()) <= 63
    assert names.shorten(whole) == short
    if len(whole.encode()) <= 63:
        assert short == whole
    described = struct.pack(">H", 1) + short.encode() + b"\0" + b"\1" * 18
    restored = names.restore_in_columns(protocol.message(b"T", described))
    assert restored[7:].startswith(whole.encode() + b"\0")


@given(st.text("ab", min_size=20, max_size=20), st.text("ab", min_size=20, max_size=20))
def test_names_stay_apart(one: str, other: str) -> None:
    """Names that differ only behind the 63rd byte differ for PostgreSQL as well."""
    assume(one != other)
    assert names.shorten("x" * 64 + one) != names.shorten("x" * 64 + other)


def test_too_long() -> None:
    """127 bytes are the most."""
    with pytest.raises(FrontError, match="is 128 bytes, the maximum is 127"):
        names.shorten("ü" * 64)
