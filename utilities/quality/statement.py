"""One SELECT that measures every rule of a table while the table is read once.

The inner query reads the table and gives each row what its rules need beside its own columns:

- for `Unique`, how many rows share the key: a window count, which leaves the rows in place, where
  GROUP BY would need a query of its own for each key, and COUNT(DISTINCT) takes only one column;
- for `References`, a mark from a left join with the distinct keys of the other table. Distinct, so
  that the join never multiplies a row.

The outer query counts the rows that break each rule, and computes maxima and sums.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from psycopg2 import sql

from utilities.quality.conditions import broken, filled, literal
from utilities.quality.rules import (
    Fresh,
    References,
    RowCount,
    RowRule,
    Rule,
    SumEquals,
    Unique,
    as_names,
    rule_columns,
)
from utilities.redshift.identifiers import identifier, parse_table_name, qualified
from utilities.references import TableName

_AS_TEXT = ("DATE", "TIMESTAMP", "TIMESTAMPTZ", "TIME", "TIMETZ")
"""Read as text: the warehouse has years that Python's dates cannot hold."""


class Source:
    """The rows of a table with what some rules need of them; all names are its own.

    Args:
        table: the table to read.
        types: its columns, name to type.
        rules: what is measured, in order.
        now: the time that freshness is measured against.
        shown: columns of sample rows, in order.
    """

    def __init__(
        self,
        table: TableName,
        types: Mapping[str, str],
        rules: Sequence[Rule],
        now: datetime,
        shown: Sequence[str] = (),
    ) -> None:
        self._table = table
        self._types = types
        self._rules = rules
        self._now = now
        self._shown = shown
        names = [name for rule in rules for name in rule_columns(rule)]
        self._columns = {
            name: sql.SQL(f"c{place}")
            for place, name in enumerate(dict.fromkeys([*names, *self._shown]))
        }

    def measuring(self) -> sql.Composable:
        """Return the statement whose one row holds the count and each rule's figures in turn."""
        figures = [figure for place in range(len(self._rules)) for figure in self.figures(place)]
        return sql.SQL("SELECT {} FROM ({}) AS judged").format(
            _listed([sql.SQL("COUNT(*)"), *figures]), self._rows()
        )

    def figures(self, place: int) -> list[sql.Composable]:
        """Return what the statement computes for one rule."""
        match self._rules[place]:
            case Fresh(column=str() as name):
                column, now = self._columns[name], literal(self._now, self._types[name])
                newest = sql.SQL("MAX(CASE WHEN {0} <= {1} THEN {0} END)").format(column, now)
                return [newest, _count_where(sql.SQL("{} > {}").format(column, now))]
            case SumEquals(column=name):
                exact = "SUM(CAST({} AS DOUBLE PRECISION))"
                form = exact if self._types[name] == "REAL" else "SUM({})"
                return [sql.SQL(form).format(self._columns[name])]
            case RowCount() | Fresh():
                return []
            case rule:
                return [_count_where(self._broken(rule, place))]

    def sampling(self, rule: RowRule, limit: int) -> sql.Composable:
        """Return the statement that reads some of the rows that break the only rule.

        Sorted by all that is shown, so equal tables give equal samples.
        """
        nothing = [sql.SQL("1")]
        return sql.SQL("SELECT {} FROM ({}) AS judged WHERE {} ORDER BY {} LIMIT {}").format(
            _listed([self._as_shown(name) for name in self._shown] or nothing),
            self._rows(),
            self._broken(rule, self._rules.index(rule)),
            _listed([self._columns[name] for name in self._shown] or nothing),
            sql.Literal(limit),
        )

    def _rows(self) -> sql.Composable:
        """Return the inner query: columns, counts of equal keys, and marks of found references."""
        items: list[sql.Composable] = [
            sql.SQL("t.{} AS {}").format(identifier(name), alias)
            for name, alias in self._columns.items()
        ]
        joins: list[sql.Composable] = []
        for place, rule in enumerate(self._rules):
            if isinstance(rule, Unique):
                key = _listed([_of_table(name) for name in as_names(rule.columns)])
                counted = sql.SQL("COUNT(*) OVER (PARTITION BY {}) AS {}")
                items.append(counted.format(key, _mark(place)))
            if isinstance(rule, References):
                items.append(sql.SQL("r{}.found AS {}").format(sql.SQL(str(place)), _mark(place)))
                joins.append(_join(rule, sql.SQL(f"r{place}")))
        return sql.SQL("SELECT {} FROM {} AS t{}").format(
            _listed(items or [sql.SQL("1 AS one")]), qualified(self._table), sql.Composed(joins)
        )

    def _broken(self, rule: RowRule, place: int) -> sql.Composable:
        names = rule_columns(rule)
        columns = [self._columns[name] for name in names]
        return broken(rule, columns, self._types[names[0]], _mark(place))

    def _as_shown(self, name: str) -> sql.Composable:
        """Return a column as text where Python could not hold it, under a name of its own:
        ORDER BY would take the text for the column otherwise."""
        form = "CAST({0} AS VARCHAR(64)) AS {0}_text" if self._types[name] in _AS_TEXT else "{0}"
        return sql.SQL(form).format(self._columns[name])


def _join(rule: References, alias: sql.SQL) -> sql.Composable:
    """Return the left join with the distinct keys of the other table."""
    others = [identifier(name) for name in as_names(rule.other_columns)]
    keys = [sql.SQL(f"k{place}") for place in range(len(others))]
    named = [sql.SQL("{} AS {}").format(*pair) for pair in zip(others, keys, strict=True)]
    matches = [
        sql.SQL("{} = {}.{}").format(_of_table(name), alias, key)
        for name, key in zip(as_names(rule.columns), keys, strict=True)
    ]
    return sql.SQL(
        " LEFT JOIN (SELECT DISTINCT {}, 1 AS found FROM {} WHERE {}) AS {} ON {}"
    ).format(
        _listed(named),
        qualified(parse_table_name(rule.other_table)),
        filled(others),
        alias,
        sql.SQL(" AND ").join(matches),
    )


def _of_table(name: str) -> sql.Composable:
    return sql.SQL("t.{}").format(identifier(name))


def _mark(place: int) -> sql.SQL:
    return sql.SQL(f"m{place}")


def _count_where(condition: sql.Composable) -> sql.Composable:
    return sql.SQL("COALESCE(SUM(CASE WHEN {} THEN 1 ELSE 0 END), 0)").format(condition)


def _listed(parts: Sequence[sql.Composable]) -> sql.Composable:
    return sql.SQL(", ").join(parts)
