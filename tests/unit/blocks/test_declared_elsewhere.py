"""What a work pool of type ecs decides is refused where deployments are declared."""

from blocks.ecs.judged import CHOSEN, FIXED
from deployments.declaration.job_variables import NOT_CHOSEN


def test_both_sides_know_the_same_variables() -> None:
    """A variable that the pool's template lacks is refused in the files, and no other is."""
    assert NOT_CHOSEN.keys() == {*FIXED, "image"}
    assert NOT_CHOSEN.keys() & CHOSEN.keys() == {"image"}
