"""How a run ends when feeds failed: what the reader does next decides."""

import pytest

from utilities.errors import (
    ApiRefused,
    ApiUnavailable,
    FileUnreadable,
    FlowError,
    InvariantBroken,
    WarehouseUnavailable,
)
from utilities.feeds.reads import FeedRead
from utilities.tasks.feeds import FeedOutcome, require_feeds

GOOD = FeedOutcome("good", FeedRead("good", new=1), None)


def failed(*errors: BaseException) -> list[FeedOutcome]:
    """Return a good feed and these bad ones."""
    bad = [FeedOutcome(f"bad{number}", None, error) for number, error in enumerate(errors)]
    return [GOOD, *bad]


def test_nothing_failed() -> None:
    """The run succeeds."""
    require_feeds([GOOD], "news.entries")


@pytest.mark.parametrize(
    ("errors", "kind"),
    [
        ([ApiUnavailable("x"), WarehouseUnavailable("x")], ApiUnavailable),
        ([ApiUnavailable("x"), FileUnreadable("x"), ApiRefused("x")], FileUnreadable),
        ([ApiUnavailable("x"), KeyError("x")], InvariantBroken),
    ],
)
def test_what_does_not_pass_by_itself_comes_first(
    errors: list[Exception], kind: type[FlowError]
) -> None:
    """Only when waiting cures all of them the run says: wait."""
    with pytest.raises(FlowError) as error:
        require_feeds(failed(*errors), "news.entries")
    assert type(error.value) is kind


def test_every_failed_feed_is_named() -> None:
    """With its reason; of an error that is not ours only the kind, its text may hold an address."""
    with pytest.raises(FlowError) as error:
        require_feeds(failed(ApiRefused("bad0: gone."), ValueError("key=hidden")), "news.entries")
    assert str(error.value) == (
        "news.entries: 2 of 3 feeds failed; 1 other loaded.\n"
        "  bad0: gone.\n"
        "  bad1: ValueError, see the log of its task run"
    )
