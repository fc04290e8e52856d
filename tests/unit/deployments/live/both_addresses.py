"""For each set-up that comes in as JSON: Prefect's own settings, and what we find.

Run as a script of its own, with a home folder made for it, because Prefect looks for its home
when it is imported.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from prefect.settings import Settings

from deployments.live.address import find_address
from utilities.errors import SettingsInvalid

WITHOUT = dict(os.environ)


def main() -> None:
    """Answer for each line."""
    for number, line in enumerate(sys.stdin):
        setup = json.loads(line)
        folder = Path(f"setup-{number}")
        folder.mkdir()
        os.chdir(folder)
        for name, text in setup["files"].items():
            path = Path(name).expanduser()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        os.environ.clear()
        os.environ.update(WITHOUT | setup["environ"])
        print(json.dumps([_of_prefect(), _ours()]))
        os.chdir("..")


def _of_prefect() -> dict[str, Any] | None:
    settings = Settings()
    api = settings.api
    if not api.url:
        return None
    return {
        "url": api.url,
        "key": api.key.get_secret_value() if api.key else None,
        "auth_string": api.auth_string.get_secret_value() if api.auth_string else None,
        "headers": settings.client.custom_headers,
        "certificate_file": api.ssl_cert_file,
        "is_verified": not api.tls_insecure_skip_verify,
    }


def _ours() -> dict[str, Any] | None:
    try:
        return vars(find_address())
    except SettingsInvalid:
        return None


main()
