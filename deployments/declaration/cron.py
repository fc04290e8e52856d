"""Which cron expressions Prefect takes."""

from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

COPY = Path("_vendor", "croniter", "croniter.py")
"""Prefect's own copy of croniter, in its package."""

UNSUPPORTED = frozenset("rRhH")
"""Fields by which croniter draws the time at random or from a name."""


@cache
def is_cron(expression: str) -> bool:
    """Return whether Prefect takes an expression.

    Source: `validate_cron_string` in prefect/_internal/schemas/validators.py of Prefect 3.8.8.
    """
    return bool(_croniter().is_valid(expression)) and not UNSUPPORTED & set(expression.split())


@cache
def _croniter() -> Any:
    """Return the class of Prefect's copy, without importing Prefect, which takes a second.

    The package croniter is no substitute: its version 7 takes `15W` and `* * * * 7 *` and refuses
    `* * 0 * * *`, the copy does the opposite.
    """
    prefect = find_spec("prefect")
    if prefect is None or prefect.origin is None:
        raise ModuleNotFoundError("prefect is not installed: install requirements.txt.")
    spec = spec_from_file_location("prefect_croniter", Path(prefect.origin).parent / COPY)
    assert spec is not None and spec.loader is not None  # of a .py file they never are
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.croniter
