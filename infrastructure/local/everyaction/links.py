"""Signed addresses of files, which expire: as blob stores give them out."""

import hashlib
import hmac
import secrets

from infrastructure.local.everyaction.store import Store


class Links:
    """Makes and checks the addresses of exported files; the secret outlives the process."""

    def __init__(self, store: Store) -> None:
        kept = store.setting("link_secret")
        if kept is None:
            kept = secrets.token_hex(32)
            with store.transaction():
                store.keep("link_secret", kept)
        self._secret = bytes.fromhex(kept)

    def sign(self, base: str, name: str, expires_ms: int) -> str:
        """Return the address of a file, which is refused after a time.

        Args:
            base: address of the server, such as `http://127.0.0.1:1234`.
            name: of the file, below the folder of files.
            expires_ms: in milliseconds since 1970.
        """
        return f"{base}/files/{name}?se={expires_ms}&sig={self._signature(name, str(expires_ms))}"

    def is_valid(self, name: str, expires: str, signature: str) -> bool:
        """Whether this server has signed just this."""
        return hmac.compare_digest(self._signature(name, expires).encode(), signature.encode())

    def _signature(self, name: str, expires: str) -> str:
        text = f"{name}\n{expires}".encode()
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest()
