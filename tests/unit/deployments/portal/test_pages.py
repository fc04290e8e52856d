"""Where a deployment's page is, without asking Prefect."""

from pathlib import Path

import pytest

from deployments.live.address import Address
from deployments.portal.pages import find_pages, page_of

CLOUD = "https://api.prefect.cloud/api/accounts/1a/workspaces/2b"


@pytest.mark.parametrize(
    ("api", "pages"),
    [
        ("http://127.0.0.1:4200/api", "http://127.0.0.1:4200"),
        ("https://prefect.example.org/flows/api", "https://prefect.example.org/flows"),
        (CLOUD, "https://app.prefect.cloud/account/1a/workspace/2b"),
    ],
)
def test_pages_follow_from_the_api(
    api: str, pages: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server's are beside its API, those of Prefect Cloud at an address of their own."""
    monkeypatch.delenv("PREFECT_UI_URL", raising=False)
    found = find_pages(tmp_path, Address(api))
    assert page_of(found, "3c") == f"{pages}/deployments/deployment/3c"


def test_pages_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PREFECT_UI_URL goes before what would follow."""
    monkeypatch.setenv("PREFECT_UI_URL", "https://ui.example.org/")
    assert find_pages(tmp_path, Address(CLOUD)) == "https://ui.example.org"
