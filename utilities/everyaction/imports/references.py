"""What goes into a bulk import, and what comes out of its two steps."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from utilities.errors import ParameterInvalid

_DESCRIPTION_LENGTH = 255
_FORBIDDEN = re.compile(r"[<>]|&#")


@dataclass(frozen=True)
class ImportLayout:
    """What is imported, and as what.

    Attributes:
        resource_type: such as Contacts; `bulkImportJobs/resources` lists them.
        mapping_types: as the API takes them, such as `{"name": "CreateOrUpdateContact"}`;
            `bulkImportMappingTypes` lists them with their fields.
        columns: of the file, named as the mapping types' fields are, and as the source's columns.
        description: shown in EveryAction, at most 255 characters.
        repeated: columns that the result files repeat, to know the rows by.
    """

    resource_type: str
    mapping_types: tuple[Mapping[str, Any], ...]
    columns: tuple[str, ...]
    description: str = "Bulk import"
    repeated: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.description) > _DESCRIPTION_LENGTH or _FORBIDDEN.search(self.description):
            raise ParameterInvalid(
                f"the import's description is {self.description!r}; expected at most "
                f"{_DESCRIPTION_LENGTH} characters without '<', '>' and '&#'."
            )


@dataclass(frozen=True)
class StartedImport:
    """An import that EveryAction has taken.

    Attributes:
        job_id: at EveryAction; None when there were no rows, so that nothing was sent.
        rows: that were sent.
        folder: `s3://` address of its files, with a slash at its end.
        repeated: columns that the result files repeat.
    """

    job_id: int | None
    rows: int
    folder: str
    repeated: tuple[str, ...] = ()


@dataclass(frozen=True)
class BulkImported:
    """What became of an import.

    Attributes:
        job_id: at EveryAction; None when there were no rows.
        status: the API's word for it.
        rows: that were sent.
        rows_processed: that EveryAction has processed; the others did not pass its checks.
        rows_with_messages: those processed of which it says that something was not taken.
        result_files: `s3://` addresses of what it says of each row.
        examples: the first few messages.
    """

    job_id: int | None
    status: str
    rows: int
    rows_processed: int
    rows_with_messages: int
    result_files: tuple[str, ...]
    examples: tuple[str, ...] = ()
