"""SUPER navigation."""


def navigate(sql: str) -> str:
    """The statement."""
    return sql
