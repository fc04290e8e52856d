"""What a bulk import may ask for.

Source: https://docs.everyaction.com/reference/bulkimportjobs
"""

from typing import Any

from infrastructure.local.everyaction.exchange import invalid, is_one_of, list_of, object_of
from infrastructure.local.everyaction.import_actions import MAPPING_TYPES
from infrastructure.local.everyaction.import_files import read_source

RESOURCES = ("Contacts", "ContactsActivistCodes")
SMALLEST_KB, LARGEST_KB = 5_000, 100_000
MOST_COLUMNS = 50


def check_import(content: dict[str, Any]) -> None:
    """Check a request.

    Raises:
        Refusal: it cannot be carried out.
    """
    if not content.get("description"):
        raise invalid("description is required", "description")
    try:
        source = read_source(object_of(content, "file"))
    except ValueError as error:
        raise invalid(f"file.{error} is missing or not valid", f"file.{error}") from None
    if len(source.columns) > MOST_COLUMNS:
        raise invalid(f"A file has {MOST_COLUMNS} columns at most", "file.columns")
    actions = list_of(content, "actions")
    if len(actions) != 1 or not isinstance(actions[0], dict):
        raise invalid("Exactly one action is supported", "actions")
    _check_action(actions[0])


def _check_action(action: dict[str, Any]) -> None:
    resource = action.get("resourceType")
    if not is_one_of(resource, RESOURCES):
        raise invalid(f"'{resource}' is not a valid resourceType", "actions[0].resourceType")
    if str(action.get("actionType", "")).lower() != "loadmappedfile":
        raise invalid("actionType has to be LoadMappedFile", "actions[0].actionType")
    limit_kb = action.get("resultFileSizeKbLimit", LARGEST_KB)
    if type(limit_kb) is not int or not SMALLEST_KB <= limit_kb <= LARGEST_KB:
        raise invalid(
            f"resultFileSizeKbLimit lies between {SMALLEST_KB} and {LARGEST_KB}",
            "actions[0].resultFileSizeKbLimit",
        )
    _objects(action, "columnsToIncludeInResultsFile")
    mappings = _objects(action, "mappingTypes")
    names: list[Any] = [mapping.get("name") for mapping in mappings]
    for name in names or [""]:
        if not is_one_of(name, MAPPING_TYPES) or resource not in MAPPING_TYPES[name].resources:
            raise invalid(f"'{name}' is not a valid mapping type here", "actions[0].mappingTypes")
    for mapping in mappings:
        for entry in _objects(mapping, "fieldValueMappings"):
            _objects(entry, "values")


def _objects(content: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = list_of(content, name)
    if not all(isinstance(entry, dict) for entry in found):
        raise invalid(f"{name} has to be a list of objects", name)
    return found
