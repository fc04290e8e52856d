"""Which fields a resource type has, and which of them an export asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from utilities.errors import ParameterInvalid
from utilities.everyaction.exports.resources import (
    INACTIVE_FIELDS,
    KEYS,
    WITH_CUSTOM_FIELDS,
    Resource,
    nearest_first,
)

if TYPE_CHECKING:
    from parsons.ngpvan.van import VAN

BOOLEAN, TEXT, DATE, NUMBER, MONEY = "B", "T", "D", "N", "M"
KINDS = (BOOLEAN, TEXT, DATE, NUMBER, MONEY)
"""What the API says of a field's values."""

SHOWN = 8
"""How many of the most similar names a message offers."""


@dataclass(frozen=True)
class Field:
    """A field of a resource type.

    Attributes:
        name: as the API spells it; also the name of the column in the files.
        kind: one of `KINDS`.
        is_core: it is in every export, asked for or not.
        custom_field_id: what an export asks for a custom field by; None for others.
    """

    name: str
    kind: str
    is_core: bool = False
    custom_field_id: int | None = None


def list_fields(van: "VAN", resource_type: str) -> tuple[Field, ...]:
    """Return the fields of a resource type, with the custom fields that may be exported.

    Raises:
        AccessDenied, ApiRefused, ApiUnavailable: the API did not say.
    """
    answer = van.connection.get_request(f"changedEntityExportJobs/fields/{resource_type}")
    listed = {item["fieldName"]: _standard(item) for item in answer}
    if resource_type in WITH_CUSTOM_FIELDS:
        custom = van.connection.get_request(
            "customFields", params={"customFieldsGroupType": resource_type}
        )
        of_type = [item for item in custom if item.get("customFieldGroupType") == resource_type]
        listed |= {
            item["customFieldName"]: _custom(item, listed.get(item["customFieldName"]))
            for item in of_type
            if item.get("isExportable") is not False
        }
    return tuple(listed.values())


def _standard(item: Mapping[str, Any]) -> Field:
    return Field(item["fieldName"], item["fieldType"], is_core=bool(item["isCoreField"]))


def _custom(item: Mapping[str, Any], listed: Field | None) -> Field:
    """Return a custom field; the list of fields knows its kind better than its own definition."""
    kind = listed.kind if listed else item.get("customFieldTypeId")
    return Field(
        item["customFieldName"],
        kind if kind in KINDS else TEXT,
        custom_field_id=int(item["customFieldId"]),
    )


def describe_resource(
    name: str, fields: Sequence[Field], key: str | None, inactive: str | None
) -> Resource:
    """Return a resource type with its key and the field that marks inactive records.

    Args:
        name: as the API spells it.
        fields: what the type has.
        key, inactive: fields to use instead of the usual ones.

    Raises:
        ParameterInvalid: there is no such field, or the mark is no boolean.
    """
    known = {field.name: field for field in fields}
    key = key or KEYS.get(name)
    if key is None:
        raise ParameterInvalid(
            f"{name}: which field identifies a record of this type is not known here. Give it as "
            f"key_field, one of {', '.join(known)}."
        )
    key = _require(name, key, tuple(known), "key_field")
    if inactive is None:
        marks = [mark for mark in INACTIVE_FIELDS if mark in known and known[mark].kind == BOOLEAN]
        return Resource(name, key, marks[0] if marks else None)
    inactive = _require(name, inactive, tuple(known), "inactive_field")
    if known[inactive].kind != BOOLEAN:
        raise ParameterInvalid(
            f"{name}: inactive_field {inactive!r} is of kind {known[inactive].kind}, expected a "
            "boolean (B) that is true for inactive records. Choose another field."
        )
    return Resource(name, key, inactive)


def choose_fields(
    resource: Resource, fields: Sequence[Field], wanted: Sequence[str]
) -> tuple[Field, ...]:
    """Return the fields that an export has to ask for: core fields come by themselves.

    Args:
        resource: its key and its mark are always among them.
        fields: what the type has.
        wanted: names, in any case; empty for all.

    Raises:
        ParameterInvalid: there is no such field; the message offers similar names.
    """
    names = tuple(field.name for field in fields)
    needed = {_require(resource.name, name, names, "field") for name in wanted} or set(names)
    needed |= {resource.key, *([resource.inactive] if resource.inactive else [])}
    return tuple(field for field in fields if not field.is_core and field.name in needed)


def _require(resource: str, wanted: str, names: tuple[str, ...], role: str) -> str:
    """Return a field's name as the API spells it."""
    for name in names:
        if name.lower() == wanted.lower():
            return name
    similar = ", ".join(nearest_first(wanted, names)[:SHOWN])
    raise ParameterInvalid(
        f"{resource}: {role} {wanted!r} is no field of this type. Nearest of its {len(names)} "
        f"fields: {similar}. Correct the name, or have the field enabled for the API key."
    )
