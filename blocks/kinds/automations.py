"""Automations: an alarm each, with a message as its action.

https://docs.prefect.io/v3/concepts/automations
"""

from collections.abc import Mapping, Sequence
from typing import Any

from blocks.alarms import alarms_of
from blocks.kinds.documents import document_names, notification_block
from blocks.marks import marked_tags, owner_by_tags
from blocks.objects import Api, Live, Wanted, pages
from blocks.scope import Scope
from utilities.errors import SourceNotFound

SETS = ("after", "expect", "for_each")
SPECIFICATIONS = ("match", "match_related")
MESSAGE = "send-notification"
LISTS = ("actions", "actions_on_trigger", "actions_on_resolve")


class Automations:
    """Those of an environment."""

    noun = "automation"

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def wanted(self) -> Sequence[Wanted]:
        """Return one for each alarm; none where nobody would be told."""
        platform = self._scope.platform
        if not platform.automations or platform.notifications is None:
            return []
        block = notification_block(self._scope, platform.notifications.type)
        return [
            Wanted(
                f"{self._scope.owner}: {alarm.name}",
                {
                    "description": alarm.description,
                    "trigger": normal_trigger(alarm.trigger),
                    "actions": [
                        {
                            "type": MESSAGE,
                            "block": block,
                            "subject": alarm.subject,
                            "body": alarm.body,
                        }
                    ],
                    "actions_on_trigger": [],
                    "actions_on_resolve": [],
                },
            )
            for alarm in alarms_of(self._scope)
        ]

    def live(self, api: Api) -> Sequence[Live]:
        """Return those that bear the environment's mark, or that are called as one of its own."""
        blocks = document_names(api, self._scope)
        names = {each.name for each in self.wanted()}
        found = [_live(item, blocks) for item in pages(api, "/automations/filter")]
        return [each for each in found if each.name in names or each.owner == self._scope.owner]

    def refusal(self, live: Live, wanted: Wanted) -> str | None:
        """Any can become any."""
        return None

    def create(self, api: Api, wanted: Wanted) -> None:
        """Make one, switched on."""
        tags = marked_tags((), self._scope.owner)
        api.request("POST", "/automations/", self._content(api, wanted, tags))

    def update(self, api: Api, live: Live, wanted: Wanted) -> None:
        """Replace it; one that somebody has switched off stays so, and keeps its tags."""
        now = api.request("GET", f"/automations/{live.id}")
        tags = marked_tags(now["tags"], self._scope.owner)
        content = self._content(api, wanted, tags) | {"enabled": now["enabled"]}
        api.request("PUT", f"/automations/{live.id}", content)

    def delete(self, api: Api, live: Live) -> None:
        """Remove one."""
        api.request("DELETE", f"/automations/{live.id}")

    def _content(self, api: Api, wanted: Wanted, tags: list[str]) -> dict[str, Any]:
        ids = {name: id for id, name in document_names(api, self._scope).items()}
        actions = [_with_id(action, ids) for action in wanted.fields["actions"]]
        return {"name": wanted.name, "tags": tags, **wanted.fields, "actions": actions}


def normal_trigger(trigger: Mapping[str, Any]) -> dict[str, Any]:
    """Return a trigger in the one form that equal ones share; what is no event stays as it is."""
    content = {key: value for key, value in trigger.items() if key != "id"}
    if content.get("type") != "event":
        return content
    for key in SETS:
        content[key] = sorted(content[key])
    content["match"] = _specification(content["match"])
    related = content["match_related"]
    many = related if isinstance(related, list) else [related] if related else []
    content["match_related"] = [_specification(each) for each in many]
    content["within"] = float(content["within"])
    return content


def _specification(labels: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return labels with a list of values each: one value alone means the same."""
    return {
        label: sorted([values] if isinstance(values, str) else values)
        for label, values in sorted(labels.items())
    }


def _live(item: Mapping[str, Any], blocks: Mapping[str, str]) -> Live:
    fields: dict[str, Any] = {
        "description": item["description"],
        "trigger": normal_trigger(item["trigger"]),
    }
    for key in LISTS:
        fields[key] = [_with_name(action, blocks) for action in item.get(key, ())]
    return Live(item["name"], item["id"], fields, owner_by_tags(item["tags"]))


def _with_name(action: Mapping[str, Any], blocks: Mapping[str, str]) -> dict[str, Any]:
    """Return an action with the name of its block; a block of others shows as its id."""
    content = dict(action)
    if content["type"] == MESSAGE:
        block = content.pop("block_document_id")
        content["block"] = blocks.get(block, block)
    return content


def _with_id(action: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    content = dict(action)
    block = content.pop("block")
    if block not in ids:
        raise SourceNotFound(
            f"{block}: the block that messages go through is not at Prefect. Mend what stopped it "
            "from being made, then run apply again."
        )
    return {**content, "block_document_id": ids[block]}
