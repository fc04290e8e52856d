"""What the tests of reading share."""

from tests.local.warehouse import ask, settings

__all__ = ["ask", "settings"]
