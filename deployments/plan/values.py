"""One value of a deployment in a few characters."""

import json
from typing import Any

LONGEST = 80
HASH_LENGTH = 40
SHORT_HASH = 12


def short(value: Any, longest: int = LONGEST) -> str:
    """Return a value as a person reads it: long texts cut in the middle, nothing as a dash."""
    if value is None:
        return "–"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = " ".join(text.split()) if text.strip() else json.dumps(text)
    if len(text) <= longest:
        return text
    head = (longest - 1) * 2 // 3
    return f"{text[:head]}…{text[head + 1 - longest:]}"


def short_commit(commit: str) -> str:
    """Return the beginning of a commit's hash; what follows the hash stays."""
    return commit[:SHORT_HASH] + commit[HASH_LENGTH:]
