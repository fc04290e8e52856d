"""Make what Prefect holds for the flows: `python -m blocks`."""

import sys

import httpx

from blocks.limits import ensure_limits
from utilities.errors import FlowError
from utilities.settings import load_settings


def main() -> None:
    """Create, change or leave each object, and say which."""
    try:
        for ensured in ensure_limits(load_settings()):
            print(f"limit {ensured.name}: {ensured.outcome} ({ensured.description})")
    except FlowError as error:
        sys.exit(f"{type(error).__name__}: {error}")
    except httpx.HTTPError as error:
        sys.exit(
            f"Prefect's server did not take it ({type(error).__name__}: {error}). Check "
            "PREFECT_API_URL and PREFECT_API_KEY."
        )


if __name__ == "__main__":
    main()
