"""Check tables against declared rules, and tell people and automations how they fared."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from prefect import get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.events import emit_event

from utilities.quality import CheckReport, Result, Rule, check, require_passed
from utilities.redshift import parse_table_name
from utilities.settings import load_settings
from utilities.tasks.retries import PATIENTLY

__all__ = [
    "CheckReport",
    "check_table",
]

EVENT = "prefect_flows.table.checked"
"""Its resource is `prefect_flows.table.<schema.table>`, with the label `prefect_flows.outcome`:
passed, warned or failed. An automation's trigger matches labels, not the payload."""


@task(task_run_name="check_table {table}", cache_policy=NO_CACHE, **PATIENTLY)
def check_table(
    table: str, rules: Sequence[Rule], sensitive: str | Sequence[str] = (), samples: int = 5
) -> CheckReport:
    """Measure all rules of a table in one scan, publish what was found, then fail if one failed.

    Args:
        table: table or view as schema.table.
        rules: what must hold; a rule of severity `warn` is logged and does not fail the task.
        sensitive: columns whose values are shown to nobody.
        samples: how many failing rows to show for each rule.
    """
    name = parse_table_name(table)
    report = check(
        name,
        rules,
        load_settings(),
        now=datetime.now(UTC),
        sensitive=sensitive,
        samples=samples,
    )
    _publish(report)
    _announce(report)
    logger = get_run_logger()
    for result in report.warned:
        logger.warning("%s: %s: %s", report.table, result.rule, result.detail)
    for result in report.failed:
        logger.error("%s: %s: %s", report.table, result.rule, result.detail)
    require_passed(report)
    logger.info("%s: %s", report.table, _summary(report))
    return report


def _publish(report: CheckReport) -> None:
    """Show the rules as a table artifact, and failing rows as text."""
    key = re.sub(r"[^a-z0-9]+", "-", report.table.lower()).strip("-")
    description = f"{report.table}: {_summary(report)}"
    rows = [_row(result, report.rows) for result in report.results]
    create_table_artifact(rows, key=f"checks-{key}", description=description)
    sampled = [result for result in report.results if result.samples]
    if sampled:
        markdown = "\n\n".join([f"# {_cell(report.table)}", *map(_as_markdown, sampled)])
        create_markdown_artifact(markdown, key=f"check-samples-{key}", description=description)


def _announce(report: CheckReport) -> None:
    emit_event(
        EVENT,
        resource={
            "prefect.resource.id": f"prefect_flows.table.{report.table}",
            "prefect.resource.name": report.table,
            "prefect_flows.outcome": _outcome(report),
        },
        payload={
            "rows": report.rows,
            "rules": len(report.results),
            "failed": len(report.failed),
            "warned": len(report.warned),
        },
    )


def _outcome(report: CheckReport) -> str:
    if report.failed:
        return "failed"
    return "warned" if report.warned else "passed"


def _row(result: Result, rows: int) -> dict[str, Any]:
    failing = result.failing_rows
    return {
        "rule": result.rule,
        "severity": result.severity,
        "result": "kept" if result.passed else "broken",
        "failing rows": "-" if failing is None else f"{failing:,}",
        "share": "-" if failing is None or not rows else f"{failing / rows:.2%}",
        "detail": result.detail,
    }


def _as_markdown(result: Result) -> str:
    """Return the sample rows of a rule as a table."""
    names = [name for name, _ in result.samples[0]]
    lines = [names, ["---"] * len(names)]
    lines += [
        ["*null*" if value is None else _cell(value) for _, value in sample]
        for sample in result.samples
    ]
    lines[0] = [_cell(name) for name in names]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"## {_cell(result.rule)}\n\n{_cell(result.detail)}\n\n{table}"


def _cell(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    return re.sub(r"([\\`*_{}\[\]<>#|!&~$])", r"\\\1", " ".join(text.split()))


def _summary(report: CheckReport) -> str:
    rules = "1 rule" if len(report.results) == 1 else f"{len(report.results)} rules"
    rows = "1 row" if report.rows == 1 else f"{report.rows:,} rows"
    broken = len(report.failed) + len(report.warned)
    return f"{broken} of {rules} broken, {rows}" if broken else f"{rules} kept, {rows}"
