"""Which names stand for rows where a column is mentioned: tables, subqueries, unnested lists."""

from collections.abc import Iterator

from sqlglot import exp

SCOPES = (exp.Select, exp.Update, exp.Delete, exp.Merge)

Names = dict[str, bool]
"""Alias, in lower case, to whether it stands for the elements of a list."""


def visible_names(node: exp.Expr) -> Names:
    """The aliases that a column may be qualified with, the inner ones first."""
    names: Names = {}
    scope: exp.Expr | None = node.find_ancestor(*SCOPES)
    while scope is not None:
        outer = scope.find_ancestor(*SCOPES)
        names = _own_names(scope, visible_names(scope) if outer is not None else {}) | names
        scope = outer
    return names


def elements(scope: exp.Expr) -> Iterator[exp.Column | exp.Table]:
    """The sources of a query that are lists inside of an earlier source."""
    outer = visible_names(scope)
    for source in _sources(scope):
        before = _own_names(scope, outer, until=source)
        inner = _unnested(source, outer | before)
        if inner is not None:
            yield inner


def parts_of(node: exp.Expr) -> list[exp.Identifier]:
    """The identifiers of a dotted name, from the left."""
    found = (node.args.get(name) for name in ("catalog", "db", "table", "this"))
    return [part for part in found if isinstance(part, exp.Identifier)]


def _own_names(scope: exp.Expr, outer: Names, until: exp.Expr | None = None) -> Names:
    names: Names = {}
    for source in _sources(scope):
        if source is until:
            break
        alias = _alias(source)
        if alias:
            names[alias.lower()] = _unnested(source, outer | names) is not None
    return names


def _sources(scope: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(scope, (exp.Update, exp.Delete, exp.Merge)) and scope.this is not None:
        yield from _with_joins(scope.this)
    origin = scope.args.get("from_")
    if origin is not None:
        yield from _with_joins(origin.this)
    using = scope.args.get("using") or []
    for source in using if isinstance(using, list) else [using]:
        yield from _with_joins(source)
    for join in scope.args.get("joins") or []:
        yield from _with_joins(join.this)


def _with_joins(source: exp.Expr) -> Iterator[exp.Expr]:
    yield source
    for join in source.args.get("joins") or []:
        yield from _with_joins(join.this)


def _alias(source: exp.Expr) -> str:
    if isinstance(source, exp.AtIndex):
        return str(source.this.alias)
    if isinstance(source, exp.Unnest):
        return next((str(column.name) for column in source.args["alias"].columns), "")
    return str(source.alias_or_name)


def _unnested(source: exp.Expr, names: Names) -> exp.Column | exp.Table | None:
    """The list that a source goes through; None when the source is a table."""
    if isinstance(source, exp.AtIndex):
        source = source.this.this
    elif isinstance(source, exp.Unnest) and len(source.expressions) == 1:
        source = source.expressions[0]
    if not isinstance(source, (exp.Column, exp.Table)):
        return None
    parts = parts_of(source)
    return source if len(parts) > 1 and parts[0].name.lower() in names else None
