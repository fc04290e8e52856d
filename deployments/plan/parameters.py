"""Whether parameters fit the flow, told before anything is written."""

from collections.abc import Iterator, Mapping
from typing import Any

from deployments.wanted import Wanted
from utilities.errors import DeclarationInvalid

DYNAMIC = "__prefect_kind"
"""Marks a value that the server makes when a run starts, so that nobody knows it before:
https://github.com/PrefectHQ/prefect/blob/3.8.8/src/prefect/utilities/schema_tools/hydration.py"""


def check_parameters(wanted: Wanted, schema: Mapping[str, Any]) -> None:
    """Compare the parameters of a deployment, and those of its schedules, with its flow's.

    Parameters without a value are no error: a run may be given them.

    Raises:
        DeclarationInvalid: a value is not of the type that the flow declares; lists all.
    """
    configuration = wanted.configuration
    if not configuration.enforce_parameter_schema:
        return
    given = {"parameters": configuration.parameters} | {
        f"schedules: {each.slug}: parameters": each.parameters for each in configuration.schedules
    }
    problems = [
        f"prefect.yaml:{configuration.line}: {configuration.name}: {place}: {problem}"
        for place, parameters in given.items()
        if parameters
        for problem in _problems(parameters, schema)
    ]
    if problems:
        raise DeclarationInvalid("\n".join(problems))


def _problems(parameters: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[str]:
    # Only where something is written: it takes 60 ms.
    from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # has no types

    known = {name: value for name, value in parameters.items() if not _is_dynamic(value)}
    validator = Draft202012Validator(_without_required(schema))
    for error in sorted(validator.iter_errors(known), key=lambda each: each.json_path):
        path = error.json_path.removeprefix("$").removeprefix(".")
        yield f"{path}: {error.message}" if path else error.message


def _without_required(schema: Any) -> Any:
    if isinstance(schema, Mapping):
        return {
            key: _without_required(value)
            for key, value in schema.items()
            if not (key == "required" and isinstance(value, list))
        }
    return [_without_required(each) for each in schema] if isinstance(schema, list) else schema


def _is_dynamic(value: Any) -> bool:
    if isinstance(value, Mapping):
        return DYNAMIC in value or any(map(_is_dynamic, value.values()))
    return isinstance(value, list) and any(map(_is_dynamic, value))
