"""What becomes of one resource, and whether that may happen without being named."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from infrastructure.cloud.kinds import ADDRESSES, CONTENTS, kind, words
from infrastructure.cloud.resolving import Resource

Fate = Literal["create", "change", "perhaps replace", "replace", "remove", "import"]

FATES: Mapping[str, Fate] = {"Add": "create", "Remove": "remove", "Import": "import"}
REPLACEMENTS: Mapping[str, Fate] = {"True": "replace", "False": "change"}
LOSING = ("perhaps replace", "replace", "remove")


@dataclass(frozen=True)
class Change:
    """What becomes of one resource.

    Attributes:
        name: logical id in the template.
        type: AWS::EC2::EIP and so on.
        fate: what becomes of it.
        properties: that differ, those that cause a replacement first; empty when nobody told.
        is_kept: it leaves the stack and stays at AWS.
    """

    name: str
    type: str
    fate: Fate
    properties: tuple[str, ...] = ()
    is_kept: bool = False

    @property
    def loses_address(self) -> bool:
        """Whether runs may leave by another address than before."""
        return self.type in ADDRESSES and self.fate in LOSING

    @property
    def moves_runs(self) -> bool:
        """Whether runs leave by another of the addresses from then on."""
        is_route = self.type == "AWS::EC2::Route" and "NatGatewayId" in self.properties
        return is_route and self.fate != "create"

    @property
    def is_grave(self) -> bool:
        """Whether it takes away what cannot be made again, or moves runs to another address."""
        is_lost = self.type in CONTENTS and self.fate in LOSING
        return self.loses_address or self.moves_runs or is_lost

    @property
    def consequence(self) -> str:
        """What a person has to know of it; empty when there is nothing."""
        if self.loses_address:
            return ADDRESSES[self.type]
        if self.moves_runs:
            return "runs behind it leave by another address; have that one allowed before"
        if self.is_grave:
            return "stays at AWS, outside of the stack" if self.is_kept else CONTENTS[self.type]
        if self.fate == "create" and self.type == "AWS::EC2::EIP":
            return "a new address; have it allowed before runs leave by it"
        return ", ".join(words(name) for name in self.properties)

    def told(self) -> str:
        """Return it in words: `REPLACE EgressIpA (Elastic IP): its address would be lost`."""
        fate = self.fate.upper() if self.is_grave else self.fate
        after = f": {self.consequence}" if self.consequence else ""
        return f"{fate} {self.name} ({kind(self.type)}){after}"


def from_change_set(answer: Mapping[str, Any]) -> Change:
    """Return a change as AWS tells it.

    A change without a word on replacement counts as one that may replace, where an address is at
    stake: AWS always says it, and others must not be trusted to mean no.

    Args:
        answer: a ResourceChange,
            https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
    """
    type_name = answer["ResourceType"]
    fate = FATES.get(answer["Action"])
    if fate is None:
        is_known = "Replacement" in answer or type_name not in ADDRESSES
        said = answer.get("Replacement", "False" if is_known else "")
        fate = REPLACEMENTS.get(said, "perhaps replace")
        if answer["Action"] == "Dynamic":
            fate = "perhaps replace"
    return Change(
        name=answer["LogicalResourceId"],
        type=type_name,
        fate=fate,
        properties=_properties(answer.get("Details", ())),
        is_kept="Retain" in answer.get("PolicyAction", ""),
    )


def _properties(details: Any) -> tuple[str, ...]:
    targets = [each["Target"] for each in details if "Target" in each]
    targets.sort(key=lambda target: target.get("RequiresRecreation", "Never") == "Never")
    names = [target.get("Name") or target.get("Attribute", "") for target in targets]
    return tuple(dict.fromkeys(filter(None, names)))


def compare(before: Mapping[str, Resource], after: Mapping[str, Resource]) -> Iterator[Change]:
    """Yield what differs between two templates; only AWS knows what it would replace.

    Args:
        before, after: resources by logical id, as `resolving.resolve` returns them.
    """
    for name, resource in after.items():
        old = before.get(name)
        if old is None:
            yield Change(name, resource.type, "create")
        elif old != resource:
            is_other = old.type != resource.type
            risks = is_other or resource.type in ADDRESSES
            fate: Fate = "perhaps replace" if risks else "change"
            yield Change(name, resource.type, fate, tuple(_different(old, resource)))
    for name, resource in before.items():
        if name not in after:
            is_kept = resource.rest.get("DeletionPolicy", "").startswith("Retain")
            yield Change(name, resource.type, "remove", is_kept=is_kept)


def _different(old: Resource, new: Resource) -> Iterator[str]:
    for ours, theirs in ((new.properties, old.properties), (new.rest, old.rest)):
        for key in {**theirs, **ours}:
            if ours.get(key) != theirs.get(key):
                yield key
