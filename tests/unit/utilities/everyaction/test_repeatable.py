"""Which requests may be sent twice."""

import pytest

from utilities.everyaction.repeatable import REPEATABLE, is_repeatable


@pytest.mark.parametrize(
    "path",
    ["people/find", "people/findOrCreate", "changedEntityExportJobs", "exportJobs", "echoes"],
)
def test_posts_without_a_second_effect_are_repeatable(path: str) -> None:
    """They are listed one by one, with a reason each."""
    assert is_repeatable("POST", path)
    assert is_repeatable("POST", f"/{path}/")


@pytest.mark.parametrize(
    "path",
    [
        "people",
        "people/1",
        "people/1/codes",
        "people/1/canvassResponses",
        "people/findings",
        "people/find/codes",
        "bulkImportJobs",
        "codes",
        "contributions",
        "",
    ],
)
def test_any_other_post_is_not(path: str) -> None:
    """A path that merely begins or ends like a listed one is not it."""
    assert not is_repeatable("POST", path)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_other_writes_never_are(method: str) -> None:
    """The API promises nothing for them."""
    assert not any(is_repeatable(method, path) for path in ("people/1", "people/find", "echoes"))


def test_every_entry_has_a_reason() -> None:
    """An entry without one would be a guess."""
    assert all(len(reason.split()) > 3 for reason in REPEATABLE.values())
