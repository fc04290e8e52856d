"""Times that are too short for something that may still be needed are refused."""

import pytest

from utilities.errors import ParameterInvalid
from utilities.maintenance import Retention


@pytest.mark.parametrize(
    ("name", "days", "least"),
    [
        ("staging_days", 2, 3),
        ("images_days", 6, 7),
        ("ledger_days", 29, 30),
        ("results_days", -1, 1),
    ],
)
def test_a_short_time_is_refused(name: str, days: int, least: int) -> None:
    """With what would be long enough; nothing is removed."""
    with pytest.raises(ParameterInvalid) as caught:
        Retention(**{name: days})
    assert str(caught.value) == (
        f"{name} is {days}; expected at least {least}, or 0 to keep everything. Nothing was removed."
    )
    assert Retention(**{name: least}) != Retention(**{name: 0})
