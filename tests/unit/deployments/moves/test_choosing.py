"""Which deployments a command is about."""

import pytest

from deployments.moves.choosing import choose_matching, choose_names
from utilities.errors import ParameterInvalid

DECLARED = ["orders", "van-contacts", "van-codes"]


def test_all_without_a_name_and_in_their_order() -> None:
    """The order is that of prefect.yaml, not that of the command line."""
    assert choose_names([], DECLARED) == DECLARED
    assert choose_names(["van-codes", "orders"], DECLARED) == ["orders", "van-codes"]


def test_patterns_match_whole_names() -> None:
    """`van-*` matches both, `van` none; one that matches nothing is an error, others or not."""
    assert choose_matching(["van-c*", "*codes"], DECLARED) == ["van-contacts", "van-codes"]
    with pytest.raises(ParameterInvalid) as unmatched:
        choose_matching(["orders", "van-code"], DECLARED)
    assert str(unmatched.value) == (
        "prefect.yaml has no deployment that 'van-code' matches. Did you mean \"van-codes\"?"
    )
