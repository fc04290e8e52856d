"""A check that loses its connection can be run again; it says so."""

import pytest

from tests.faults.statements import BOUND_SECONDS, Moment, statement_proxy
from tests.local.quality.conftest import NOW, Fill
from utilities.errors import WarehouseUnavailable
from utilities.quality import NotNull, check
from utilities.settings import Settings


@pytest.mark.parametrize("statement", ["SELECT COUNT", "SELECT 1 FROM", "COMMIT"])
def test_a_lost_connection_is_worth_another_try(
    fill: Fill, settings: Settings, statement: str
) -> None:
    """While measuring, while reading samples, and at the end: the error that tasks retry."""
    table = fill({"id": "INTEGER"}, [(None,)])
    with statement_proxy(settings, Moment(statement, "before")) as proxy:
        with pytest.raises(WarehouseUnavailable, match=f"^{table}: the connection to Redshift was"):
            check(table, [NotNull("id")], proxy.settings(settings), now=NOW, sensitive="id")
        assert proxy.reached.wait(BOUND_SECONDS)
        assert check(table, [NotNull("id")], settings, now=NOW).failed
