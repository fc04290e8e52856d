"""Changes to a statement at known places; everything else stays byte for byte."""


class Edits:
    """Collects replacements and carries them out at once."""

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self._edits: list[tuple[int, int, str]] = []

    def replace(self, start: int, end: int, text: str) -> None:
        """Put text in place of sql[start:end]."""
        self._edits.append((start, end, text))

    def insert(self, position: int, text: str) -> None:
        """Put text at a position."""
        self._edits.append((position, position, text))

    def apply(self) -> str:
        """The statement with all changes; an edit inside of an earlier, wider one is dropped."""
        if not self._edits:
            return self.sql
        pieces: list[str] = []
        position = 0
        for start, end, text in sorted(self._edits, key=lambda edit: (edit[0], -edit[1])):
            if start < position:
                continue
            pieces += (self.sql[position:start], text)
            position = end
        return "".join(pieces) + self.sql[position:]
