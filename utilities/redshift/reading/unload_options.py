"""How a result is written to S3, and the words for it."""

from dataclasses import dataclass
from typing import Literal

from psycopg2 import sql

from utilities.errors import ParameterInvalid
from utilities.redshift.identifiers import identifiers
from utilities.redshift.reading.choices import require_choice

Format = Literal["parquet", "csv"]
Existing = Literal["refuse", "overwrite", "remove"]

SMALLEST_FILE_MIB, LARGEST_FILE_MIB = 5, 6200
"""https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html#unload-maxfilesize"""


@dataclass(frozen=True)
class UnloadOptions:
    """How a result is written to S3.

    Attributes:
        format: Parquet keeps types; CSV is for programs that read no Parquet.
        partition_by: columns by whose values the files are laid into folders (`year=2026/`), as
            Hive does; the columns themselves are left out of the files.
        keep_partition_columns: keep them in the files too.
        existing: what happens when there are objects under the destination: `refuse` raises,
            `overwrite` replaces those of the same name and leaves the others, `remove` deletes
            them first (with `partition_by`, only in folders that get new files).
        header: names in the first line of each CSV file.
        null_text: what stands for null in CSV; with the default null and empty text are alike.
        gzip: compress CSV files; Parquet is compressed in any case.
        parallel: write a file from each slice. Off, the rows lie in the query's order through
            all files.
        max_file_mib: size at which another file is begun.
    """

    format: Format = "parquet"
    partition_by: tuple[str, ...] = ()
    keep_partition_columns: bool = False
    existing: Existing = "refuse"
    header: bool = True
    null_text: str = ""
    gzip: bool = False
    parallel: bool = True
    max_file_mib: int = 256

    @property
    def has_header(self) -> bool:
        """Whether each file begins with a line of names."""
        return self.format == "csv" and self.header

    def require_sense(self, what: str) -> None:
        """Raise ParameterInvalid unless the options go together."""
        require_choice(what, "format", self.format, Format)
        require_choice(what, "existing", self.existing, Existing)
        if self.format == "parquet" and (self.gzip or self.null_text):
            raise ParameterInvalid(
                f"{what}: gzip and null_text are for CSV; Parquet is compressed and has nulls."
            )
        if not SMALLEST_FILE_MIB <= self.max_file_mib <= LARGEST_FILE_MIB:
            raise ParameterInvalid(
                f"{what}: max_file_mib is {self.max_file_mib}; Redshift takes {SMALLEST_FILE_MIB} "
                f"to {LARGEST_FILE_MIB}."
            )

    def clauses(self) -> sql.Composable:
        """Return what stands behind the destination and the access."""
        clauses: list[sql.Composable] = [
            sql.SQL(f"FORMAT AS {self.format.upper()} MANIFEST VERBOSE")
        ]
        if self.partition_by:
            clauses.append(sql.SQL("PARTITION BY ({})").format(identifiers(self.partition_by)))
            if self.keep_partition_columns:
                clauses.append(sql.SQL("INCLUDE"))
        if self.has_header:
            clauses.append(sql.SQL("HEADER"))
        if self.null_text:
            clauses.append(sql.SQL("NULL AS {}").format(sql.Literal(self.null_text)))
        if self.gzip:
            clauses.append(sql.SQL("GZIP"))
        if self.existing != "refuse":
            words = {"overwrite": "ALLOWOVERWRITE", "remove": "CLEANPATH"}
            clauses.append(sql.SQL(words[self.existing]))
        clauses.append(sql.SQL(f"PARALLEL {'ON' if self.parallel else 'OFF'}"))
        clauses.append(sql.SQL("MAXFILESIZE {} MB").format(sql.Literal(self.max_file_mib)))
        return sql.SQL(" ").join(clauses)
