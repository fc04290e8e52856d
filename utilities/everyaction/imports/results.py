"""Read what EveryAction says of each row of an import."""

import csv
import io
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from utilities.objects import ObjectStore

FIXED_COLUMNS = {"bulkuploaddataid", "ulfileid", "primarykey", "primarykeytype"}
"""Of every result file, in lower case: https://docs.everyaction.com/reference/bulk-import-workflow"""

FINE = {"", "processed"}
"""What stands, in lower case, where there is nothing to say of a row."""

MOST_EXAMPLES = 5


@dataclass(frozen=True)
class RowResults:
    """What became of the rows.

    Attributes:
        rows: that EveryAction has processed.
        rows_with_messages: those of them with a message: something of the row was not taken.
        examples: the first few messages, each as a sentence for a person.
    """

    rows: int
    rows_with_messages: int
    examples: tuple[str, ...]


def read_results(files: Iterable[str], repeated: Collection[str], store: ObjectStore) -> RowResults:
    """Count the rows of result files, and those with messages.

    Args:
        files: addresses of all result files.
        repeated: columns of the import that the files repeat; what is in them is no message.
        store: reads the files.
    """
    known = FIXED_COLUMNS | {name.lower() for name in repeated}
    rows, noted = 0, 0
    examples: list[str] = []
    for uri in files:
        with store.open(uri) as raw, io.TextIOWrapper(raw, "utf-8-sig", newline="") as text:
            for row in csv.DictReader(text):
                rows += 1
                messages = _messages(row, known)
                noted += bool(messages)
                if messages and len(examples) < MOST_EXAMPLES:
                    examples.append(f"row {_number(row)}: {'; '.join(messages)}")
    return RowResults(rows, noted, tuple(examples))


def _messages(row: dict[str, str], known: set[str]) -> list[str]:
    return [
        f"{name}: {value}"
        for name, value in row.items()
        if name and name.lower() not in known and (value or "").strip().lower() not in FINE
    ]


def _number(row: dict[str, str]) -> str:
    return next((row[name] for name in row if name and name.lower() == "bulkuploaddataid"), "?")
