"""Exports one after another lose nothing."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.local.everyaction_server.exports import days_ago, read_files, request_export
from tests.local.everyaction_server.server import Server

FIELDS = ["Employer", "Occupation", "PreferredName", "CountryCode"]

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("export"), st.just(0)),
        st.tuples(st.sampled_from(["changed", "created", "suppressed"]), st.integers(1, 9)),
        st.tuples(st.sampled_from(["edit", "delete"]), st.integers(1, 50)),
        st.tuples(st.just("field"), st.sampled_from([0, 1, 2])),
        st.tuples(st.just("clock"), st.integers(1, 90_000)),
    ),
    max_size=12,
)


def carry_out(server: Server, step: str, number: int, offset_seconds: int) -> None:
    """Let something happen to the people."""
    if step == "edit":
        server.send("POST", f"people/{number}", {"lastName": f"Edited, {offset_seconds}"})
    elif step == "delete":
        server.send("DELETE", f"people/{number}")
    elif step == "field":
        fields = server.send("GET", "customFields").json["count"]
        server.order("POST", "customFields", {"name": f"Field {fields}", "type": "TNM"[number]})
    elif step == "clock":
        server.order("PUT", "clock", {"offset_seconds": offset_seconds})
    else:
        server.order("POST", "changes", {step: number})


def sync(server: Server, table: dict[str, dict[str, str]], start: str) -> str:
    """Bring what changed into a table, as a sync does, and return where the next one starts."""
    fields = server.send("GET", "customFields").json["items"]
    job: dict[str, Any] = request_export(
        server,
        dateChangedFrom=start,
        includeInactive=True,
        requestedFields=FIELDS,
        requestedCustomFieldIds=[field["customFieldId"] for field in fields],
    )
    for row in read_files(server, job):
        if row["IsSuppressed"] == "true":
            table.pop(row["VanID"], None)
        else:
            table[row["VanID"]] = row
    end: str = job["dateChangedTo"]
    return end


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_a_table_that_follows_equals_the_people(
    server: Server, steps: list[tuple[str, int]]
) -> None:
    """Whatever happens between exports, changed rows by key and without overlap are enough."""
    server.order("PUT", "clock", {"offset_seconds": 0})
    server.order("PUT", "people", {"count": 50})
    table: dict[str, dict[str, str]] = {}
    start, offset_seconds = days_ago(70), 0
    for step, number in [*steps, ("export", 0)]:
        offset_seconds += number if step == "clock" else 0
        if step == "export":
            start = sync(server, table, start)
        else:
            carry_out(server, step, number, offset_seconds)
    columns = list(server.table()[0]) if server.table() else []
    found = [{name: table[key].get(name, "") for name in columns} for key in sorted(table, key=int)]
    assert found == server.table()
