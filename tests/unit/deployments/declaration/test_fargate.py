"""Only sizes that Fargate has are taken."""

from typing import Any

import pytest

from deployments.declaration.fargate import MEMORY_MIB, refusal

OFFERED = [(cpu, memory) for cpu, sizes in MEMORY_MIB.items() for memory in (sizes[0], sizes[-1])]


@pytest.mark.parametrize(("cpu", "memory"), OFFERED)
def test_what_fargate_offers_is_taken(cpu: int, memory: int) -> None:
    """As numbers, as the texts of digits that ECS takes, and each of the two alone."""
    assert refusal({"cpu": cpu, "memory": memory}) is None
    assert refusal({"cpu": str(cpu), "memory": str(memory)}) is None
    assert refusal({"cpu": cpu}) is None
    assert refusal({"memory": memory}) is None


REFUSED: dict[str, dict[str, Any]] = {
    "Fargate has no 500 CPU units, but 256, 512, 1024, 2048, 4096, 8192, 16384. Nearest: 512.": {
        "cpu": 500,
        "memory": 1024,
    },
    "Fargate has no 8192 MiB with 512 CPU units, but 1024 to 4096 MiB. Nearest: memory: 4096, or "
    "cpu: 1024 or 2048 or 4096.": {"cpu": "512", "memory": "8192"},
    "Fargate has no 17408 MiB with 8192 CPU units, but 16384 to 61440 MiB. Nearest: memory: 16384, "
    "or cpu: 4096.": {"cpu": 8192, "memory": 17408},
    "Fargate has no 100 MiB, but other sizes. Nearest: memory: 512.": {"memory": 100},
    "cpu: found '1 vCPU', expected CPU units as a number, such as 1024.": {"cpu": "1 vCPU"},
    "memory: found 2.5, expected MiB as a number, such as 1024.": {"cpu": 256, "memory": 2.5},
    "memory: found True, expected MiB as a number, such as 1024.": {"memory": True},
}


@pytest.mark.parametrize("reason", REFUSED)
def test_another_size_is_refused_with_the_nearest(reason: str) -> None:
    """Before AWS refuses the run."""
    assert refusal(REFUSED[reason]) == reason


def test_other_launch_types_have_any_size() -> None:
    """The table is Fargate's."""
    assert refusal({"launch_type": "EC2", "cpu": 500, "memory": 999}) is None
    assert refusal({"launch_type": "FARGATE_SPOT", "cpu": 500}) is not None
    assert refusal({}) is None
