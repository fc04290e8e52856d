"""What one measurement is told. Imports nothing: every side pays only for what it imports itself."""

from dataclasses import dataclass

COLUMNS = (
    "van_id",
    "first_name",
    "last_name",
    "email",
    "phone",
    "zip",
    "city",
    "date_of_birth",
    "date_changed",
    "opted_in",
    "total_given",
    "notes",
)
"""Of a contact, in the order of the files."""

KEY = "van_id"


@dataclass(frozen=True)
class Job:
    """One piece of work for one way of doing it.

    Attributes:
        source: the CSV file, or the file of JSON pages (one page, an array of records, a line).
        bucket, prefix: where on S3 this measurement alone may write; the prefix ends in a slash.
        table: name of the target, in `schema`.
        schema: schema of the warehouse for this way alone.
        folder: a local folder for this way alone, which it keeps from round to round.
    """

    source: str
    bucket: str
    prefix: str
    schema: str
    table: str
    folder: str

    @property
    def destination(self) -> str:
        """The `s3://` prefix of what is staged."""
        return f"s3://{self.bucket}/{self.prefix}"
