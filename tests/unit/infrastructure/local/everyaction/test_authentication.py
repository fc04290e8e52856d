"""Basic authentication with the mode in the password."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.local.everyaction.authentication import database_mode
from infrastructure.local.everyaction.exchange import Refusal

KEY = "the-key"


def header(text: str) -> str:
    """Return an Authorization header."""
    return "Basic " + b64encode(text.encode()).decode()


def test_the_key_with_a_mode_is_let_in() -> None:
    """Any name will do; the scheme's case does not matter."""
    assert database_mode(header(f"default:{KEY}|1"), KEY) == 1
    assert database_mode(header(f":{KEY}|0"), KEY) == 0
    assert database_mode(header(f"name:{KEY}|1").replace("Basic", "basic"), KEY) == 1


@given(st.none() | st.text() | st.text().map(header) | st.just(header(KEY)))
def test_anything_else_is_refused(value: str | None) -> None:
    """Whatever the header holds, it is refused, not a failure."""
    with pytest.raises(Refusal) as caught:
        database_mode(value, KEY)
    assert caught.value.status == 401
