"""One SELECT that measures every rule of a table while the table is read once.

The inner query reads the table and gives each row what its rules need beside its own columns:

- for `Unique`, how many rows share the key: a window count, which leaves the rows in place, where
  GROUP BY would need a query of its own for each key, and COUNT(DISTINCT) takes only one column;
- for `References`, a mark from a left join with the distinct keys of the other table. Distinct, so
  that the join never multiplies a row.

The outer query counts the rows that break each rule, and computes maxima and sums. Values are
quoted by the driver as bound ones are, and set in while the text is composed: psycopg2 would take
a percent sign in a column's name for a place to fill.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from psycopg2 import sql

from utilities.quality.rules import (
    AcceptedValues,
    Fresh,
    InRange,
    NotNull,
    References,
    RowRule,
    Rule,
    SumEquals,
    Unique,
    Value,
    as_names,
    rule_columns,
)
from utilities.redshift.identifiers import identifier, parse_table_name, qualified
from utilities.references import TableName

_AS_TEXT = ("DATE", "TIMESTAMP", "TIMESTAMPTZ", "TIME", "TIMETZ")
"""Read as text: the warehouse has years that Python's dates cannot hold."""


class Source:
    """The rows of a table with what its rules need; all names in it are its own.

    Args:
        table: the table to read.
        types: its columns, name to type.
        rules: what is measured, in order.
        now: the time that freshness is measured against.
        shown: further columns to read.
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
        used = dict.fromkeys(name for rule in rules for name in rule_columns(rule))
        names = [*used, *(name for name in shown if name not in used)]
        self._columns = {name: sql.SQL(f"c{place}") for place, name in enumerate(names)}

    def measuring(self) -> sql.Composable:
        """Return the statement whose one row holds the count and each rule's figures in turn."""
        figures = [figure for place in range(len(self._rules)) for figure in self.figures(place)]
        return sql.SQL("SELECT {} FROM ({}) AS judged").format(
            _listed([sql.SQL("COUNT(*)"), *figures]), self._rows()
        )

    def sampling(self, place: int, shown: Sequence[str], limit: int) -> sql.Composable:
        """Return the statement that reads some of the rows that break a rule.

        Sorted by all that is shown, so equal tables give equal samples.
        """
        order = _listed([self._columns[name] for name in shown]) if shown else sql.SQL("1")
        return sql.SQL("SELECT {} FROM ({}) AS judged WHERE {} ORDER BY {} LIMIT {}").format(
            _listed([self._as_shown(name) for name in shown] or [sql.SQL("1")]),
            self._rows(),
            self._broken(place),
            order,
            sql.Literal(limit),
        )

    def figures(self, place: int) -> list[sql.Composable]:
        """Return what the statement computes for one rule."""
        match self._rules[place]:
            case Fresh(column=str() as name):
                return [
                    sql.SQL("MAX(CASE WHEN {column} <= {now} THEN {column} END)").format(
                        column=self._columns[name], now=self._value(name, self._now)
                    ),
                    _count_where(
                        sql.SQL("{} > {}").format(self._columns[name], self._value(name, self._now))
                    ),
                ]
            case SumEquals(column=name):
                return [sql.SQL("SUM({})").format(self._summed(name))]
            case Unique() | NotNull() | AcceptedValues() | InRange() | References():
                return [_count_where(self._broken(place))]
        return []

    def _rows(self) -> sql.Composable:
        """Return the inner query: columns, counts of equal keys, and marks of found references."""
        items = [
            sql.SQL("t.{} AS {}").format(identifier(name), alias)
            for name, alias in self._columns.items()
        ]
        joins: list[sql.Composable] = []
        for place, rule in enumerate(self._rules):
            if isinstance(rule, Unique):
                items.append(
                    sql.SQL("COUNT(*) OVER (PARTITION BY {}) AS {}").format(
                        _listed([_of_table(name) for name in as_names(rule.columns)]),
                        sql.SQL(f"m{place}"),
                    )
                )
            if isinstance(rule, References):
                items.append(sql.SQL("r{0}.found AS m{0}").format(sql.SQL(str(place))))
                joins.append(_join(rule, f"r{place}"))
        return sql.SQL("SELECT {} FROM {} AS t{}").format(
            _listed(items or [sql.SQL("1 AS one")]), qualified(self._table), sql.SQL("").join(joins)
        )

    def _broken(self, place: int) -> sql.Composable:
        """Return the condition that is true for a row that breaks a rule."""
        rule = self._rules[place]
        columns = [self._columns[name] for name in rule_columns(rule)]
        match rule:
            case Unique():
                return sql.SQL("{} AND m{} > 1").format(_filled(columns), sql.SQL(str(place)))
            case References():
                return sql.SQL("{} AND m{} IS NULL").format(_filled(columns), sql.SQL(str(place)))
            case NotNull():
                return sql.SQL("{} IS NULL").format(columns[0])
            case AcceptedValues():
                values = [self._value(rule.column, value) for value in rule.values]
                return sql.SQL("{} NOT IN ({})").format(columns[0], _listed(values))
            case InRange():
                return sql.SQL("NOT ({})").format(self._inside(rule, columns[0]))
        raise TypeError(f"{rule} is not about rows")

    def _inside(self, rule: InRange, column: sql.Composable) -> sql.Composable:
        bounds = [("{} >= {}", rule.minimum), ("{} <= {}", rule.maximum)]
        return sql.SQL(" AND ").join(
            sql.SQL(form).format(column, self._value(rule.column, bound))
            for form, bound in bounds
            if bound is not None
        )

    def _value(self, name: str, value: Value) -> sql.Composable:
        """Return a value in the type of the column that it is compared with."""
        type_ = self._types[name]
        if isinstance(value, datetime):
            value = _in_utc(value)
            if type_ == "DATE":
                value = value.date()
            elif type_ == "TIMESTAMP":
                value = value.replace(tzinfo=None)
        if type_ in ("REAL", "DOUBLE PRECISION"):
            return sql.SQL("CAST({} AS {})").format(sql.Literal(value), sql.SQL(type_))
        return sql.Literal(value)

    def _summed(self, name: str) -> sql.Composable:
        if self._types[name] == "REAL":
            return sql.SQL("CAST({} AS DOUBLE PRECISION)").format(self._columns[name])
        return self._columns[name]

    def _as_shown(self, name: str) -> sql.Composable:
        """Return a column as text where Python could not hold it, under a name of its own:
        ORDER BY would take the text for the column otherwise."""
        column = self._columns[name]
        form = "CAST({0} AS VARCHAR(64)) AS {0}_text" if self._types[name] in _AS_TEXT else "{0}"
        return sql.SQL(form).format(column)


def _join(rule: References, alias: str) -> sql.Composable:
    """Return the left join with the distinct keys of the other table."""
    others = [identifier(name) for name in as_names(rule.other_columns)]
    keys = [sql.SQL(f"k{place}") for place in range(len(others))]
    named = [sql.SQL("{} AS {}").format(*pair) for pair in zip(others, keys, strict=True)]
    matches = [
        sql.SQL("{} = {}.{}").format(_of_table(name), sql.SQL(alias), key)
        for name, key in zip(as_names(rule.columns), keys, strict=True)
    ]
    return sql.SQL(
        " LEFT JOIN (SELECT DISTINCT {}, 1 AS found FROM {} WHERE {}) AS {} ON {}"
    ).format(
        _listed(named),
        qualified(parse_table_name(rule.other_table)),
        _filled(others),
        sql.SQL(alias),
        sql.SQL(" AND ").join(matches),
    )


def _of_table(name: str) -> sql.Composable:
    return sql.SQL("t.{}").format(identifier(name))


def _filled(columns: Sequence[sql.Composable]) -> sql.Composable:
    return sql.SQL(" AND ").join(sql.SQL("{} IS NOT NULL").format(column) for column in columns)


def _count_where(condition: sql.Composable) -> sql.Composable:
    return sql.SQL("COALESCE(SUM(CASE WHEN {} THEN 1 ELSE 0 END), 0)").format(condition)


def _listed(parts: Sequence[sql.Composable]) -> sql.Composable:
    return sql.SQL(", ").join(parts)


def _in_utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
