"""What counts as the same when a person is looked for."""

import pytest

from infrastructure.local.everyaction.matching import can_match, plain


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("LastName", "Pérez", "PEREZ"),
        ("LastName", " Straße", "STRASSE "),
        ("Email", "A@Example.org", "a@example.org"),
        ("Phone", "+1 (555) 555-0123", "5555550123"),
        ("ZipOrPostal", "00501-1234", "00501"),
    ],
)
def test_spelling_does_not_matter(name: str, one: str, other: str) -> None:
    """Case, accents, punctuation of numbers and the end of a ZIP code are passed over."""
    assert plain(name, one) == plain(name, other)


def test_too_little_finds_nobody() -> None:
    """A mail address is enough; a name is not."""
    assert can_match({"Email": "a@example.org"})
    assert can_match({"FirstName": "A", "LastName": "B", "Phone": "5"})
    assert not can_match({"FirstName": "A", "LastName": "B"})
    assert not can_match({"FirstName": "A", "Phone": "5", "Email": ""})
