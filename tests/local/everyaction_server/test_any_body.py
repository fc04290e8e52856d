"""Whatever is sent, the API answers."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.local.everyaction_server.server import Server

PATHS = (
    "changedEntityExportJobs",
    "people/find",
    "people/findOrCreate",
    "people/5",
    "people/5/codes",
    "people/5/canvassResponses",
    "exportJobs",
    "bulkImportJobs",
    "echoes",
)
NAMES = (
    "resourceType dateChangedFrom dateChangedTo requestedFields requestedCustomFieldIds requestedIds"
    " fileSizeKbLimit contactMode firstName lastName emails phones addresses customFieldValues codeId"
    " canvassContext contactTypeId dateCanvassed resultCodeId responses type activistCodeId action"
    " surveyQuestionId savedListId webhookUrl description file sourceUrl columns name columnDelimiter"
    " actions mappingTypes email phoneNumber message customFieldId"
).split()
WORDS = ("Contacts", "2026-11-01", "ActivistCode", "SurveyResponse", "Apply", "9" * 40, "\ud800")

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=12,
)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(path=st.sampled_from(PATHS), body=VALUES)
def test_any_body_is_answered(server: Server, path: str, body: object) -> None:
    """It is accepted, or refused in the API's form; the server never breaks."""
    answer = server.send("POST", path, body)
    if answer.status >= 400:
        assert answer.status in (400, 404), (answer.status, json.dumps(body))
        assert answer.json["errors"][0]["code"]


def test_bodies_that_are_no_json_are_refused(server: Server) -> None:
    """Nested too deep is refused like broken."""
    deep: list[object] = []
    for _ in range(900):
        deep = [deep]
    assert server.send("POST", "echoes", deep).status == 400
