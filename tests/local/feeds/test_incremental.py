"""What is loaded when a feed is read again, and what is not."""

from tests.local.feeds.conftest import Reader
from tests.local.feeds.documents import atom, guid, rss
from tests.local.feeds.publisher import Publisher, Sent

ETAG = {"ETag": '"one"', "Last-Modified": "Sat, 21 Nov 2026 10:00:00 GMT"}


def test_the_same_feed_again_is_not_read(publisher: Publisher, reader: Reader) -> None:
    """A second run asks with ETag and Last-Modified, is answered 304, and loads nothing."""
    address = publisher.put("/same", Sent(rss(guid("a"), guid("b")), headers=ETAG))
    first, second = reader.run(address), reader.run(address)
    assert (first.new, first.is_modified) == (2, True)
    assert (second.new, second.is_modified) == (0, False)
    asked = publisher.asked[-1][1]
    assert asked["if-none-match"] == ETAG["ETag"]
    assert asked["if-modified-since"] == ETAG["Last-Modified"]
    assert reader.loads() == 1


def test_last_modified_is_enough(publisher: Publisher, reader: Reader) -> None:
    """A server without ETags is asked by time alone."""
    headers = {"Last-Modified": ETAG["Last-Modified"]}
    address = publisher.put("/dated", Sent(rss(guid("a")), headers=headers))
    reader.run(address)
    assert not reader.run(address).is_modified
    assert "if-none-match" not in publisher.asked[-1][1]


def test_known_entries_are_not_loaded_twice(publisher: Publisher, reader: Reader) -> None:
    """Of a server that cannot say 304 only new entries are staged; without any there is no load."""
    address = publisher.put("/plain", rss(guid("a")), rss(guid("a")), rss(guid("b"), guid("a")))
    assert [reader.run(address).new for _ in range(3)] == [1, 0, 1]
    assert reader.rows("entry_id") == [("a",), ("b",)]
    assert reader.loads() == 2


def test_an_edited_entry_updates_its_row(publisher: Publisher, reader: Reader) -> None:
    """The same id with another text is the same row; back to the first text works too."""
    texts = ("Draft", "Final", "Draft")
    address = publisher.put("/edited", *(rss(guid("a", text)) for text in texts))
    found = []
    for _ in texts:
        read = reader.run(address)
        found.append((read.new, read.changed, reader.rows()))
    assert found == [
        (1, 0, [("a", "Draft")]),
        (0, 1, [("a", "Final")]),
        (0, 1, [("a", "Draft")]),
    ]


def test_an_older_copy_changes_nothing(publisher: Publisher, reader: Reader) -> None:
    """A cache that answers with yesterday's feed does not take an edit back."""
    new, old = ("a", "New", "2026-11-21T10:00:00Z"), ("a", "Old", "2026-11-20T10:00:00Z")
    address = publisher.put("/cached", atom([new]), atom([old]))
    assert [reader.run(address).changed for _ in range(2)] == [0, 0]
    assert reader.rows() == [("a", "New")]


def test_an_entry_that_left_the_feed_stays(publisher: Publisher, reader: Reader) -> None:
    """A feed shows its last entries only; the table keeps all."""
    address = publisher.put("/rolling", rss(guid("a")), rss(guid("b")))
    reader.run(address)
    reader.run(address)
    assert reader.rows("entry_id") == [("a",), ("b",)]


def test_a_run_that_died_before_it_remembered_reads_again(
    publisher: Publisher, reader: Reader
) -> None:
    """Entries committed and validators not: the feed is read once more, nothing is doubled."""
    address = publisher.put("/died", Sent(rss(guid("a")), headers=ETAG))
    reader.load(address)
    again = reader.run(address)
    assert (again.is_modified, again.new, again.changed) == (True, 0, 0)
    assert not reader.run(address).is_modified


def test_an_emptied_table_is_filled_again(publisher: Publisher, reader: Reader) -> None:
    """What the validators say counts only while the rows are there."""
    address = publisher.put("/emptied", Sent(rss(guid("a")), headers=ETAG))
    for statement in ("DELETE FROM {table}", "DROP TABLE {table}"):
        assert reader.run(address).new == 1
        reader.do(statement)
    assert reader.run(address).new == 1
    assert reader.rows("entry_id") == [("a",)]


def test_two_feeds_may_use_one_id(publisher: Publisher, reader: Reader) -> None:
    """An id belongs to its feed; each feed remembers its own version."""
    address = publisher.put("/shared", Sent(rss(guid("1")), headers=ETAG))
    for name in ("north", "south"):
        assert reader.run(address, name=name).new == 1
    assert reader.rows("feed, entry_id") == [("north", "1"), ("south", "1")]
    assert len(reader.rows("feed", "entries_feeds")) == 2
    assert not reader.run(address, name="north").is_modified


def test_an_empty_feed_is_no_error(publisher: Publisher, reader: Reader) -> None:
    """No entries, no load, no table; it is read again until it has some."""
    address = publisher.put("/empty", Sent(rss(), headers=ETAG), rss(guid("a")))
    assert reader.run(address).new == 0
    assert reader.loads() == 0
    assert reader.run(address).new == 1


def test_entries_twice_in_one_feed(publisher: Publisher, reader: Reader) -> None:
    """The newest wins; without times the first, which publishers put at the top."""
    items = [
        ("a", "Older", "2026-11-20T10:00:00Z"),
        ("a", "Newer", "2026-11-21T10:00:00Z"),
        ("a", "Oldest", "2026-11-19T10:00:00Z"),
    ]
    reader.run(publisher.put("/twice", atom(items)))
    reader.run(publisher.put("/top", rss(guid("b", "First"), guid("b", "Second"))))
    assert reader.rows() == [("a", "Newer"), ("b", "First")]
    assert reader.run(f"{publisher.address}/twice").changed == 0
