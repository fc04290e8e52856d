"""How tasks of the shelf are retried: only what waiting can cure, with growing, uneven pauses."""

from typing import Any, TypedDict

from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task

from utilities.errors import TryAgain


class RetryOptions(TypedDict):
    retries: int
    retry_delay_seconds: list[float]
    retry_jitter_factor: float
    retry_condition_fn: Any


def may_succeed_later(task: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:
    """Say whether a failed task failed for a reason that passes by itself."""
    return isinstance(state.result(raise_on_failure=False), TryAgain)


PATIENTLY = RetryOptions(
    retries=3,
    retry_delay_seconds=[2, 10, 60],
    retry_jitter_factor=0.5,
    retry_condition_fn=may_succeed_later,
)
