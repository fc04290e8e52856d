"""Whether a flow takes the parameters that it is to be given."""

from collections.abc import Iterable, Mapping
from typing import Any

from deployments.catalog import CatalogFlow, Parameter
from deployments.declaration import annotations
from deployments.declaration.located import Section
from deployments.declaration.problems import Problems, Where, shown, suggestion


def check_parameters(values: Section, flow: CatalogFlow, where: Where, problems: Problems) -> None:
    """Report parameters that a flow does not have, and values that do not fit."""
    known = {parameter.name: parameter for parameter in flow.parameters}
    for name, value in values.items():
        place = where.child(name, values.lines[name])
        if name in known:
            check_value(known[name], value, flow, place, problems)
        elif not flow.takes_any_parameter:
            problems.add(
                place,
                f"the flow {flow.name} ({flow.file}:{flow.line}) has no such parameter."
                f"{suggestion(name, known, 'It has')}",
            )


def check_value(
    parameter: Parameter, value: Any, flow: CatalogFlow, where: Where, problems: Problems
) -> None:
    """Report a value that certainly does not fit its parameter."""
    annotation = parameter.annotation
    if annotation is None or annotations.fits(annotation, value):
        return
    choices = annotations.choices(annotation)
    hint = suggestion(value, choices, "It takes") if choices and isinstance(value, str) else ""
    problems.add(
        where,
        f"found {shown(value)}, expected {annotation}, as {flow.file}:{flow.line} has it.{hint}",
    )


def missing_parameters(flow: CatalogFlow, given: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the parameters without a default that are not among those given."""
    names = set().union(*given)
    return [p.name for p in flow.parameters if p.default is None and p.name not in names]
