"""Legal Redshift column names out of whatever a source calls its columns.

Redshift folds names to lower case, allows letters of any alphabet, and at most 127 bytes.
https://docs.aws.amazon.com/redshift/latest/dg/r_names.html
"""

import re
from collections.abc import Iterable

from utilities.errors import SchemaMismatch
from utilities.references import IDENTIFIER_LIMIT_BYTES
from utilities.staging.reserved_words import RESERVED

COLUMN_LIMIT = 1600
"""https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_usage.html"""

_NOT_A_NAME = re.compile(r"\W+")


class Naming:
    """Gives each column of one source a legal name that no other column of it has.

    Attributes:
        source_names: legal name to the name in the source, in order.
    """

    def __init__(
        self,
        taken: Iterable[tuple[str, str]] = (),
        wanted: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Start from names that are given.

        Args:
            taken: pairs of legal name and source name of columns that exist already.
            wanted: the same for columns that are to have these names when they are added.
        """
        self.source_names: dict[str, str] = dict(taken)
        self._by_source = {source: name for name, source in reversed(self.source_names.items())}
        self._wanted = {source: name for name, source in wanted}

    def add(self, source_name: str) -> str:
        """Return a new legal name for the next column of a source."""
        wanted = (
            self._wanted.get(source_name)
            or _legal(source_name)
            or f"column_{len(self.source_names) + 1}"
        )
        name, number = wanted, 2
        while name in self.source_names or self._is_kept(name, source_name):
            suffix = f"_{number}"
            name = _cut(wanted, IDENTIFIER_LIMIT_BYTES - len(suffix)) + suffix
            number += 1
        self.source_names[name] = source_name
        self._by_source.setdefault(source_name, name)
        return name

    def _is_kept(self, name: str, source_name: str) -> bool:
        """Say whether a name is kept for another column."""
        return any(name == kept and source != source_name for source, kept in self._wanted.items())

    def find(self, source_name: str) -> str | None:
        """Return the legal name of a column; None when it was not seen before."""
        return self._by_source.get(source_name)

    def find_or_add(self, source_name: str) -> str:
        """Return the legal name of a column that may have been seen before."""
        return self._by_source.get(source_name) or self.add(source_name)

    def notes(self, names: Iterable[str]) -> tuple[str, ...]:
        """Say which of the columns have another name than in the source."""
        changed = [
            f'"{self.source_names[name]}" is {name}'
            for name in names
            if self.source_names[name] != name
        ]
        return (f"renamed columns: {', '.join(changed)}",) if changed else ()


def check_column_count(source: str, count: int) -> None:
    """Raise SchemaMismatch when a source has more columns than a table can have."""
    if count > COLUMN_LIMIT:
        raise SchemaMismatch(
            f"{source}: {count:,} columns; a Redshift table has at most {COLUMN_LIMIT:,}. Nothing "
            "was loaded. Split the file, or keep the rarer values in one JSON column."
        )


def _legal(source_name: str) -> str:
    """Return a legal name, or nothing when no character of the source's name can stay."""
    name = _NOT_A_NAME.sub("_", source_name.strip().lower())
    if not name.strip("_"):
        return ""
    if name[0].isdigit():
        name = f"_{name}"
    if name in RESERVED:
        name = f"{name}_"
    return _cut(name, IDENTIFIER_LIMIT_BYTES)


def _cut(name: str, limit_bytes: int) -> str:
    """Shorten a name to a number of bytes without cutting a character in two."""
    return name.encode()[:limit_bytes].decode(errors="ignore")
