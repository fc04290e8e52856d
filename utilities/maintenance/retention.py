"""How long things are kept."""

from dataclasses import dataclass, fields

from utilities.errors import ParameterInvalid

AT_LEAST = {"staging_days": 3, "results_days": 1, "images_days": 7, "ledger_days": 30}
"""No run takes as long as three days, so what was staged before them belongs to none; a new image
may wait a week for somebody to approve its deployment; a person needs time to mend rejected rows."""


@dataclass(frozen=True)
class Retention:
    """How many days something is kept that may still be needed; 0 keeps it for ever.

    Attributes:
        staging_days: files of loads, imports and queries that did not end, since the last was
            written.
        results_days: results of runs, since they were written.
        images_days: images, since they were pushed or pulled.
        ledger_days: rejected rows, and ledger rows of loads that brought no rows.
    """

    staging_days: int = 7
    results_days: int = 90
    images_days: int = 90
    ledger_days: int = 365

    def __post_init__(self) -> None:
        """Refuse times in which something may still be needed.

        Raises:
            ParameterInvalid: one is too short.
        """
        for field in fields(self):
            days, least = getattr(self, field.name), AT_LEAST[field.name]
            if days != 0 and days < least:
                raise ParameterInvalid(
                    f"{field.name} is {days}; expected at least {least}, or 0 to keep everything. "
                    "Nothing was removed."
                )
