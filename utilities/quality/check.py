"""Measure declared rules on a table: one statement, and one more for each rule that rows break."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from psycopg2.extensions import cursor as Cursor

from utilities import ledger
from utilities.errors import ParameterInvalid
from utilities.quality.declarations import Types, kind, require_declarations
from utilities.quality.judgement import Measured, Verdict, judge
from utilities.quality.report import CheckReport, Result, Sample
from utilities.quality.rules import (
    Fresh,
    References,
    RowCount,
    RowRule,
    Rule,
    Unique,
    as_names,
    rule_columns,
)
from utilities.quality.statement import Source
from utilities.quality.wording import MASK, describe_rule, is_sensitive, show_value
from utilities.redshift import parse_table_name
from utilities.redshift.connection import connected, transaction
from utilities.redshift.refusals import explained
from utilities.redshift.tables import describe_table
from utilities.references import TableName
from utilities.settings import Settings

SAMPLES = 5


def check(
    table: TableName,
    rules: Sequence[Rule],
    settings: Settings,
    *,
    now: datetime,
    sensitive: str | Sequence[str] = (),
    samples: int = SAMPLES,
) -> CheckReport:
    """Measure all rules of a table.

    One statement reads the table once. Only for a rule that rows break, a second one reads a few
    of them: the rule's columns, and those of the `Unique` rules, which tell the row. Everything
    is read in one transaction, so it all belongs to one state of the table.

    Args:
        table: table or view.
        rules: what must hold.
        settings: where the warehouse is.
        now: the time that freshness is measured against, with its zone.
        sensitive: columns whose values never leave the warehouse: they are `***` in samples, and
            bounds, sums and times that would tell them are left out of the report.
        samples: how many failing rows to show for each rule.

    Returns:
        What was found, also when rules are broken; `require_passed` raises then.

    Raises:
        ParameterInvalid: a rule cannot be measured; nothing was read from the table.
        AccessDenied, WarehouseUnavailable: as for any work in the warehouse.
    """
    if now.tzinfo is None:
        raise ParameterInvalid(
            f"{table}: the time of the check is {now}, without a zone. Give datetime.now(UTC)."
        )
    now = now.astimezone(UTC)
    with connected(settings) as connection, explained(str(table), settings):
        with transaction(connection), connection.cursor() as cursor:
            types = describe_table(cursor, table)
            others = _describe_others(cursor, rules)
            hidden = as_names(sensitive)
            require_declarations(table, types, rules, hidden, others)
            return _Check(cursor, table, types, rules, now, hidden).run(samples)


class _Check:
    """One check of one table, inside its transaction."""

    def __init__(
        self,
        cursor: Cursor,
        table: TableName,
        types: Types,
        rules: Sequence[Rule],
        now: datetime,
        sensitive: Collection[str],
    ) -> None:
        self._cursor = cursor
        self._table = table
        self._types = types
        self._rules = rules
        self._now = now
        self._sensitive = sensitive

    def run(self, samples: int) -> CheckReport:
        source = Source(self._table, self._types, self._rules, self._now)
        self._cursor.execute(source.measuring())
        (row,) = self._cursor.fetchall()
        measured = self._measured(row[0])
        results, start = [], 1
        for place, rule in enumerate(self._rules):
            end = start + len(source.figures(place))
            hidden = is_sensitive(rule, self._sensitive)
            verdict = judge(rule, row[start:end], measured, hidden)
            results.append(self._result(rule, verdict, samples))
            start = end
        return CheckReport(str(self._table), measured.rows, self._now, tuple(results))

    def _measured(self, rows: int) -> Measured:
        """Add what the ledger knows, when a rule asks for it and there is a ledger."""
        wanted = [rule.last_loads or 0 for rule in self._rules if isinstance(rule, RowCount)]
        wanted += [0 for rule in self._rules if isinstance(rule, Fresh) and rule.column is None]
        if not wanted or not describe_table(self._cursor, ledger.LEDGER):
            return Measured(rows, self._now)
        loads = ledger.recent_loads(self._cursor, self._table, max(wanted) + 1)
        return Measured(
            rows,
            self._now,
            tuple(load.rows_staged for load in loads),
            loads[0].loaded_at if loads else None,
        )

    def _result(self, rule: Rule, verdict: Verdict, limit: int) -> Result:
        samples: tuple[Sample, ...] = ()
        if isinstance(rule, RowRule) and verdict.failing_rows and limit:
            samples = self._samples(rule, limit)
        return Result(
            rule=describe_rule(rule, self._sensitive),
            severity=rule.severity,
            passed=verdict.passed,
            failing_rows=verdict.failing_rows,
            detail=verdict.detail,
            samples=samples,
        )

    def _samples(self, rule: RowRule, limit: int) -> tuple[Sample, ...]:
        names = dict.fromkeys(rule_columns(rule))
        for other in self._rules:
            if isinstance(other, Unique):
                names.update(dict.fromkeys(as_names(other.columns)))
        read = [name for name in names if name not in self._sensitive and kind(self._types[name])]
        source = Source(self._table, self._types, [rule], self._now, shown=read)
        self._cursor.execute(source.sampling(rule, limit))
        return tuple(
            tuple((name, self._shown(name, dict(zip(read, row)))) for name in names)
            for row in self._cursor.fetchall()
        )

    def _shown(self, name: str, row: dict[str, object]) -> str | None:
        """Return a value of a sample; what was not read is sensitive, or a null that cannot be
        compared."""
        return MASK if name in self._sensitive else show_value(row.get(name))


def _describe_others(cursor: Cursor, rules: Sequence[Rule]) -> dict[str, Types]:
    names = {rule.other_table for rule in rules if isinstance(rule, References)}
    return {name: describe_table(cursor, parse_table_name(name)) for name in names}
