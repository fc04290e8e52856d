"""Where Prefect's user interface shows a deployment."""

import os
from pathlib import Path

from deployments.live.address import Address
from deployments.live.prefect_settings import PrefectSettings

CLOUD_API = "https://api.prefect.cloud/api"
CLOUD_PAGES = "https://app.prefect.cloud"


def find_pages(root: Path, address: Address) -> str:
    """Return where the pages are: PREFECT_UI_URL, else what follows from the API's address.

    As Prefect finds them: `default_ui_url` in `prefect/settings/models/_defaults.py`.
    """
    told = PrefectSettings(root, os.environ).find("ui", "url")
    return str(told).rstrip("/") if told else _pages_of(address.url)


def page_of(pages: str, deployment_id: str) -> str:
    """Return the page of one deployment: `prefect/utilities/urls.py`."""
    return f"{pages}/deployments/deployment/{deployment_id}"


def _pages_of(api: str) -> str:
    if not api.startswith(CLOUD_API):
        return api.removesuffix("/api")
    workspace = api.removeprefix(CLOUD_API).replace("/accounts/", "/account/")
    return CLOUD_PAGES + workspace.replace("/workspaces/", "/workspace/")
