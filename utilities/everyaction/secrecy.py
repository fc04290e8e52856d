"""Keep the API key out of everything that a person or a log may see."""

import base64

HIDDEN = "***"


class Secret:
    """A key, in each of the forms in which it travels."""

    def __init__(self, user: str, password: str) -> None:
        """Know the key and its mode.

        Args:
            user, password: of HTTP's Basic authentication; the password is `key|mode`.
        """
        key = password.partition("|")[0]
        pair = base64.b64encode(f"{user}:{password}".encode()).decode()
        alone = base64.b64encode(password.encode()).decode()
        self._forms = tuple(form for form in (pair, alone, password, key) if form)

    def __repr__(self) -> str:
        return f"Secret({HIDDEN})"

    def removed_from(self, text: str) -> str:
        """Return a text without the key."""
        for form in self._forms:
            text = text.replace(form, HIDDEN)
        return text
