"""COPY reads JSON objects into columns by name."""

from tests.local.redshift.bulk import ROLE, Client, Place


def test_keys_are_columns(client: Client, place: Place) -> None:
    """Keys that match columns are loaded, others ignored, missing ones are NULL."""
    client.run("CREATE TABLE t (k integer, v varchar(30), n numeric(6,2), o boolean, j super)")
    uri = place.put(
        "a.jsonl",
        '{"k": 1, "v": "D\\u00f6rte", "n": 1.239, "o": true, "j": {"a": [1.0]}, "x": 9}\n'
        '{"k": "2", "v": {"nested": 1}, "j": "text"}\n\n{"k": null}\n',
    )
    client.run(f"COPY t FROM '{uri}' {ROLE} JSON 'auto'")
    assert client.run("SELECT k, v, n::varchar, o, j.a[0]::varchar FROM t ORDER BY k") == [
        (1, "Dörte", "1.23", True, "1.0"),
        (2, '{"nested": 1}', None, None, None),
        (None, None, None, None, None),
    ]


def test_objects_may_spread_over_lines(client: Client, place: Place) -> None:
    """Pretty-printed objects are read; braces inside texts do not count."""
    client.run("CREATE TABLE t (k integer, v varchar(9))")
    uri = place.put("a.json", '{\n  "k": 1,\n  "v": "}{"\n}\n{\n "k": 2}\n')
    client.run(f"COPY t FROM '{uri}' {ROLE} FORMAT JSON AS 'auto'")
    assert client.run("SELECT k, v FROM t ORDER BY k") == [(1, "}{"), (2, None)]


def test_case_of_keys(client: Client, place: Place) -> None:
    """'auto' wants the column's own spelling, 'auto ignorecase' any."""
    client.run("CREATE TABLE t (k integer)")
    uri = place.put("a.jsonl", '{"K": 1}\n')
    client.run(f"COPY t FROM '{uri}' {ROLE} JSON 'auto'")
    client.run(f"COPY t FROM '{uri}' {ROLE} JSON 'auto ignorecase'")
    assert sorted(client.run("SELECT coalesce(k, 0) FROM t")) == [(0,), (1,)]


def test_whole_objects_go_into_one_column(client: Client, place: Place) -> None:
    """'noshred' keeps each object whole."""
    client.run("CREATE TABLE t (j super)")
    uri = place.put("a.jsonl", '{"a": {"b": 1}}\n{"a": null}\n')
    client.run(f"COPY t FROM '{uri}' {ROLE} JSON 'noshred'")
    assert client.run("SELECT j.a.b::integer FROM t ORDER BY 1") == [(1,), (None,)]


def test_what_is_no_object_is_told_by_line(client: Client, place: Place) -> None:
    """Broken JSON, an array and a value of the wrong kind are refused, line by line."""
    client.run("CREATE TABLE t (k integer)")
    uri = place.put("a.jsonl", '{"k": 1}\n{"k": x}\n[1]\n{"k": "a"}\n{"k": 5\n')
    client.run(f"COPY t FROM '{uri}' {ROLE} JSON 'auto' MAXERROR 9")
    assert [(row[0], row[1], row[4]) for row in client.load_errors()] == [
        (2, "", 1216),
        (3, "", 1216),
        (4, "k", 1207),
        (5, "", 1216),
    ]
    assert client.run("SELECT k FROM t") == [(1,)]
