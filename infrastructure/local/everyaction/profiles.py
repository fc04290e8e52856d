"""Who the API says that we are, and its echo.

Source: https://docs.everyaction.com/reference/apikeyprofiles, .../echoes
"""

from infrastructure.local.everyaction.clock import iso
from infrastructure.local.everyaction.endpoints import Endpoint
from infrastructure.local.everyaction.exchange import Answer, Call
from infrastructure.local.everyaction.paging import page

REFERENCE = "LOCAL"
INTEGRATION = "Custom Integration"
PROFILE = {
    "databaseName": "EveryAction on a laptop",
    "hasMyVoters": False,
    "hasMyCampaign": True,
    "committeeName": "Invented Committee",
    "committeeId": "EA0001",
    "keyReference": REFERENCE,
    "apiKeyTypeName": INTEGRATION,
    "username": "local.api",
    "userId": 900,
    "userFirstName": "Local",
    "userLastName": "Interface",
}


def api_key_profiles(call: Call) -> Answer:
    """Describe the key that was used."""
    return page(call, [PROFILE], in_every_mode=True)


def echo(call: Call) -> Answer:
    """Answer what was sent, and when."""
    message = call.content().get("message")
    return Answer(200, {"message": message, "dateCreated": iso(call.service.clock.now())})


ENDPOINTS = (
    Endpoint("GET", "/apiKeyProfiles", api_key_profiles),
    Endpoint("POST", "/echoes", echo),
)
