"""What stands in the table, value by value."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from tests.local.feeds.conftest import Reader
from tests.local.feeds.documents import guid, json_feed, rss
from tests.local.feeds.publisher import Publisher, Sent
from utilities.errors import ApiRefused, FileUnreadable
from utilities.feeds import Limits


def test_values_arrive_as_they_were_written(publisher: Publisher, reader: Reader) -> None:
    """Times in UTC, an unreadable time as text, HTML untouched, categories as a list."""
    item = {
        "id": "1",
        "url": "https://a.example/1",
        "title": "100 % \"quoted\", 'quoted' \\ \N{PILE OF POO}",
        "content_html": '<p onclick="x()">\n</p>',
        "date_published": "2026-11-21T10:00:00-05:00",
        "date_modified": "soon",
        "tags": ["a,b", 'c"d'],
    }
    reader.run(publisher.put("/values", json_feed([item])))
    columns = (
        "title, link, author, published, updated, updated_text, content, categories, shortened"
    )
    assert reader.rows(columns) == [
        (
            item["title"],
            item["url"],
            None,
            datetime(2026, 11, 21, 15, tzinfo=UTC),
            None,
            "soon",
            item["content_html"],
            '["a,b","c\\"d"]',
            None,
        )
    ]


def test_texts_grow(publisher: Publisher, reader: Reader) -> None:
    """A column is widened for a longer text; one that fits no column is cut, and says so."""
    lengths = 10, 3_000, 70_000
    address = publisher.put("/long", *(rss(guid("a", "x" * length)) for length in lengths))
    found = []
    for _ in lengths:
        read = reader.run(address)
        found += [(*reader.rows("LENGTH(title), shortened")[0], len(read.notes))]
    assert found == [(10, None, 0), (3_000, None, 0), (65_535, "title", 1)]
    assert reader.run(address).changed == 0


def test_many_entries(publisher: Publisher, reader: Reader) -> None:
    """More than are looked up at once, twice, over two pages, with one edit."""
    items = [{"id": str(number), "title": "x"} for number in range(2_300)]
    publisher.put("/many/2", json_feed(items[2_000:]))
    address = publisher.put("/many", json_feed(items[:2_000], "/many/2"))
    assert reader.run(address).new == 2_300
    publisher.put("/many/2", json_feed([*items[2_000:-1], {"id": "2299", "title": "y"}]))
    again = reader.run(address)
    assert (again.new, again.changed) == (0, 1)


@pytest.mark.parametrize("second", [Sent(status=404), Sent(b"{}")])
def test_a_broken_page_leaves_the_table_as_it_was(
    publisher: Publisher, reader: Reader, second: Sent
) -> None:
    """All pages are one load: the first page is not loaded without the second."""
    publisher.put("/broken/2", second)
    headers = {"ETag": '"1"'}
    first = Sent(json_feed([{"id": "a"}], "/broken/2"), headers=headers)
    address = publisher.put("/broken", first)
    with pytest.raises((ApiRefused, FileUnreadable), match="page 2"):
        reader.run(address)
    assert reader.loads() == 0
    publisher.put("/broken/2", json_feed([{"id": "b"}]))
    assert reader.run(address).new == 2


def test_a_faulty_document_is_read_again(publisher: Publisher, reader: Reader) -> None:
    """What could be read is loaded; its version is not taken for seen."""
    headers = {"ETag": '"1"'}
    broken = rss(guid("a")).replace(b"A title", b"Tea & cake")
    address = publisher.put("/faulty", Sent(broken, headers=headers))
    assert reader.run(address).notes == (
        "not well-formed XML, read as far as possible; read again next time",
    )
    assert reader.rows() == [("a", "Tea & cake")]
    assert reader.run(address).is_modified


def test_runs_at_the_same_time(publisher: Publisher, reader: Reader) -> None:
    """Two readers of one feed do not disturb each other: every entry is there once."""
    address = publisher.put("/busy", rss(*(guid(str(number)) for number in range(50))))
    reader.run(publisher.put("/first", rss(guid("first"))), name="first")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: reader.load(address), range(2)))
    assert len(reader.rows("entry_id")) == 51
    assert len({row for row in reader.rows("entry_id")}) == 51


def test_a_feed_that_is_too_long_loads_nothing(publisher: Publisher, reader: Reader) -> None:
    """A page too many stops the load before it is committed."""
    for number in range(4):
        publisher.put(f"/p/{number}", json_feed([{"id": str(number)}], f"/p/{number + 1}"))
    with pytest.raises(ApiRefused, match="more than 3 pages"):
        reader.run(f"{publisher.address}/p/0", Limits(pages=3))
    assert reader.loads() == 0
