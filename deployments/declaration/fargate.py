"""Which memory Fargate offers for which CPU.

Source: "Troubleshoot Amazon ECS task definition invalid CPU or memory errors",
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
"""

from collections.abc import Mapping
from typing import Any

MEMORY_MIB: Mapping[int, tuple[int, ...]] = {
    256: (512, 1024, 2048),
    512: tuple(range(1024, 4096 + 1, 1024)),
    1024: tuple(range(2048, 8192 + 1, 1024)),
    2048: tuple(range(4096, 16384 + 1, 1024)),
    4096: tuple(range(8192, 30720 + 1, 1024)),
    8192: tuple(range(16384, 61440 + 1, 4096)),
    16384: tuple(range(32768, 122880 + 1, 8192)),
}
"""MiB by CPU units (1024 are one vCPU)."""

ALL_MEMORY_MIB = tuple(sorted({size for sizes in MEMORY_MIB.values() for size in sizes}))


def refusal(job_variables: Mapping[str, Any]) -> str | None:
    """Return why Fargate does not run these `cpu` and `memory`; None when it does.

    One of them alone is judged alone: the work pool's template gives the other.
    """
    if job_variables.get("launch_type") in ("EC2", "EXTERNAL"):
        return None
    cpu, memory = job_variables.get("cpu"), job_variables.get("memory")
    for name, value in (("cpu", cpu), ("memory", memory)):
        if value is not None and _number(value) is None:
            unit = "CPU units" if name == "cpu" else "MiB"
            return f"{name}: found {value!r}, expected {unit} as a number, such as 1024."
    return _combination(_number(cpu), _number(memory))


def _combination(cpu: int | None, memory: int | None) -> str | None:
    if cpu is not None and cpu not in MEMORY_MIB:
        nearest = min(MEMORY_MIB, key=lambda offered: abs(offered - cpu))
        offers = ", ".join(map(str, MEMORY_MIB))
        return f"Fargate has no {cpu} CPU units, but {offers}. Nearest: {nearest}."
    if memory is None:
        return None
    offered = ALL_MEMORY_MIB if cpu is None else MEMORY_MIB[cpu]
    if memory in offered:
        return None
    nearest = min(offered, key=lambda size: abs(size - memory))
    of_cpu = f" with {cpu} CPU units" if cpu is not None else ""
    fitting = [str(size) for size, offers in MEMORY_MIB.items() if memory in offers]
    other = f", or cpu: {' or '.join(fitting)}" if fitting else ""
    between = f"{offered[0]} to {offered[-1]} MiB" if cpu else "other sizes"
    return f"Fargate has no {memory} MiB{of_cpu}, but {between}. Nearest: memory: {nearest}{other}."


def _number(value: Any) -> int | None:
    """Return a size; ECS takes texts of digits as well."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.isdecimal() else None
