"""Which feeds are read, and what they are called."""

import pytest

from utilities.errors import ParameterInvalid
from utilities.feeds import Feed, choose_feeds
from utilities.feeds.addresses import shown
from utilities.settings import Settings

LOGIN = "reader:secret"


def settings(news_feeds: str = "") -> Settings:
    """Return settings with these feeds."""
    needed = dict.fromkeys(
        ("redshift_host", "redshift_db", "redshift_username", "redshift_password"), "x"
    )
    return Settings.model_validate({**needed, "s3_temp_bucket": "bucket", "news_feeds": news_feeds})


def test_feeds_of_the_settings() -> None:
    """Commas, blanks and repeated addresses; a name goes before its address."""
    chosen = choose_feeds((), settings("https://a.example/x, council=https://b.example/y?k=1,,"))
    assert chosen == (
        Feed("https://a.example/x", "https://a.example/x"),
        Feed("council", "https://b.example/y?k=1"),
    )


def test_parameters_come_before_the_settings() -> None:
    """What a person gives for one run replaces what is configured."""
    chosen = choose_feeds(("https://a.example/",), settings("https://b.example/"))
    assert [feed.name for feed in chosen] == ["https://a.example/"]


def test_no_feed_at_all() -> None:
    """The message says where to put one."""
    with pytest.raises(ParameterInvalid) as error:
        choose_feeds((), settings(" , "))
    assert str(error.value) == (
        "there is no feed to read: feeds is empty, and so is NEWS_FEEDS. Give feeds as "
        "'https://host/feed.xml', or with a name of your own as 'council=https://host/feed.xml': "
        "in NEWS_FEEDS, separated by commas, or with --feeds."
    )


@pytest.mark.parametrize(
    "text",
    [
        "a.example/feed",
        "ftp://a.example/",
        "https://",
        "https://a:b/",
        "https://a b/",
        "x=y",
        "/etc",
    ],
)
def test_what_is_no_address(text: str) -> None:
    """It is named by its place: what it holds may be a password."""
    with pytest.raises(ParameterInvalid, match="^address 2 of NEWS_FEEDS is no http"):
        choose_feeds((), settings(f"https://a.example/,{text}"))


def test_a_name_holds_no_credential() -> None:
    """Neither does the representation of a feed, which a log may show."""
    address = f"https://{LOGIN}@a.example:8443/feed?key=hidden&empty=&token#part"
    (feed,) = choose_feeds((), settings(address))
    assert feed.name == "https://a.example:8443/feed?key=***&***=***&***=***"
    assert feed.address == address
    assert "secret" not in repr(feed) and "hidden" not in repr(feed)


def test_a_password_is_no_parameter() -> None:
    """Parameters of a run are kept, so it is refused there, without repeating it."""
    with pytest.raises(ParameterInvalid, match="^address 1 of feeds holds a password") as error:
        choose_feeds((f"https://{LOGIN}@a.example/",), settings())
    assert "secret" not in str(error.value)


def test_two_feeds_with_one_name() -> None:
    """Addresses that differ only in what is hidden need names, or they would be one feed."""
    both = "https://a.example/rss?q=strike,https://a.example/rss?q=election"
    with pytest.raises(ParameterInvalid, match=r"2 different feeds are called .*rss\?q=\*\*\*, "):
        choose_feeds((), settings(both))
    named = "strike=https://a.example/rss?q=strike,election=https://a.example/rss?q=election"
    assert [feed.name for feed in choose_feeds((), settings(named))] == ["strike", "election"]


def test_a_name_that_is_too_long() -> None:
    """A name is a key of the table."""
    with pytest.raises(ParameterInvalid, match="at most 512 are stored"):
        choose_feeds((), settings(f"https://a.example/{'x' * 600}"))


def test_an_address_without_credentials_stays_as_it_is() -> None:
    """What a person wrote is what the table shows."""
    assert shown("https://a.example/b/c.xml") == "https://a.example/b/c.xml"
