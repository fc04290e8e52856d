"""Contacts, which cannot be looked up, and people, who can be sent twice."""

import json
from collections.abc import Callable

import pytest

from tests.local.deliveries.jobs import OPTIONS, PATIENCE
from tests.local.deliveries.orders import EveryAction
from tests.local.warehouse import Ask
from utilities.deliveries import Channel, Delivered, Target, Wanted, deliver
from utilities.everyaction import connect
from utilities.everyaction.writes import canvass_responses, people
from utilities.settings import Settings

Deliver = Callable[[str], Delivered]


@pytest.fixture
def record(settings: Settings, channel: str) -> Deliver:
    """Record the contacts of a query."""
    van = connect(settings, lambda: None, PATIENCE)
    kind = Channel(
        channel, canvass_responses.COLUMNS, canvass_responses.KEY, canvass_responses.REQUIRED
    )

    def send(row: object) -> None:
        assert isinstance(row, dict)
        canvass_responses.record_canvass_response(van, row)

    target = Target(send, None, "the contact history")
    return lambda query: deliver(kind, Wanted(query), target, settings, OPTIONS)


@pytest.fixture
def upsert(settings: Settings, channel: str) -> Deliver:
    """Create or change the people of a query."""
    van = connect(settings, lambda: None, PATIENCE)
    kind = Channel(channel, people.COLUMNS, people.KEY, people.KEY)
    target = Target(
        lambda row: people.upsert_person(van, row), None, "the person", is_repeatable=True
    )
    return lambda query: deliver(kind, Wanted(query), target, settings, OPTIONS)


def test_a_contact_without_an_answer_is_left_to_a_person(
    everyaction: EveryAction,
    record: Deliver,
    reasons: Callable[[], dict[str, tuple[str, str]]],
) -> None:
    """It is set aside as unknown, with what to look at, and never sent again; the rest goes on."""
    query = """
        SELECT 'call ' || n AS response_key, n AS van_id, 1 AS contact_type_id, 11 AS input_type_id,
            TIMESTAMP '2026-11-01 12:00:00' AS date_canvassed, 14 AS result_code_id
        FROM generate_series(1, 5) AS g (n)
    """
    everyaction.fault("lost_answer", r"^POST /v4/people/3/canvassResponses$")
    before = everyaction.last_call()
    delivered = record(query)
    assert (delivered.done, delivered.unknown, delivered.left) == (4, 1, 0)
    assert reasons() == {
        "call 3": (
            "unknown",
            "It was sent, and no answer came: it may have arrived. Look at the contact history.",
        )
    }
    assert record(query).done == 0
    calls = everyaction.calls(before)
    assert len(calls) == 5
    contents = [json.loads(call["body"]) for call in calls]
    assert {content["canvassContext"]["dateCanvassed"] for content in contents} == {
        "2026-11-01T12:00:00Z"
    }


def test_answers_to_questions_come_as_json(
    everyaction: EveryAction,
    record: Deliver,
    reasons: Callable[[], dict[str, tuple[str, str]]],
) -> None:
    """A row whose list cannot be read, and one that the API refuses, are set aside."""
    answer = '[{"type": "SurveyResponse", "surveyQuestionId": 3001, "surveyResponseId": 30011}]'
    wrong = answer.replace("30011", "1")
    query = f"""
        SELECT 'a' AS response_key, 1 AS van_id, '{answer}' AS responses
        UNION ALL SELECT 'b', 2, 'yes' UNION ALL SELECT 'c', 3, '{wrong}'
    """
    delivered = record(query)
    assert (delivered.done, delivered.refused) == (1, 2)
    assert reasons()["b"][1].startswith("responses is not a JSON list")
    assert reasons()["c"][0] == "refused"


def test_people_are_created_once_and_their_numbers_are_kept(
    everyaction: EveryAction, upsert: Deliver, ask: Ask, channel: str
) -> None:
    """Also when an answer is lost; the VanID is in the table; a row that would make two people
    is set aside."""
    query = """
        SELECT 'signup ' || n AS person_key, 'Ada' AS first_name, 'Invented' AS last_name,
            'ada' || n || '@deliveries.example' AS email, '0' || n || '501' AS zip_or_postal,
            CAST(NULL AS VARCHAR) AS phone
        FROM generate_series(1, 4) AS g (n)
        UNION ALL SELECT 'a name alone', 'Ada', 'Nameless', NULL, NULL, NULL
    """
    people_before = everyaction.ask("health")["people"]
    everyaction.fault("lost_answer", r"^POST /v4/people/findOrCreate$", times=2)
    delivered = upsert(query)
    assert (delivered.done, delivered.refused, delivered.left) == (4, 1, 0)
    assert everyaction.ask("health")["people"] == people_before + 4
    answers = ask(f"SELECT answer FROM prefect_flows.deliveries WHERE channel = '{channel}'")
    van_ids = {int(answer) for (answer,) in answers if answer}
    assert len(van_ids) == 4
    assert min(van_ids) > 2_000


def test_a_lapsed_claim_on_a_person_is_simply_sent_again(
    everyaction: EveryAction, upsert: Deliver, ask: Ask, channel: str
) -> None:
    """The second request finds whom the first one created."""
    query = "SELECT 'x' AS person_key, 'lapsed@deliveries.example' AS email, 'Lee' AS first_name"
    upsert(query)
    before = everyaction.ask("health")["people"]
    ask(
        "UPDATE prefect_flows.deliveries SET state = 'claimed', owner = 'gone', "
        f"claimed_until = GETDATE() - INTERVAL '1 day' WHERE channel = '{channel}'"
    )
    assert upsert(query).done == 1
    assert everyaction.ask("health")["people"] == before
