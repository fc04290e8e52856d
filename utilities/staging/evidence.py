"""What is known of a column so far: the types that fit every value that was seen."""

from dataclasses import dataclass

from utilities.staging.redshift_types import VARCHAR, preference


@dataclass(frozen=True)
class Evidence:
    """The types that hold every value seen so far without loss.

    Evidence from several batches or files is combined by keeping what fits all of them, so the
    order in which they are read does not matter.

    Attributes:
        types: types that fit; None when only nulls were seen, which fit any type.
    """

    types: frozenset[str] | None = None

    def __and__(self, other: "Evidence") -> "Evidence":
        if self.types is None:
            return other
        if other.types is None:
            return self
        return Evidence(self.types & other.types)

    def best(self) -> str | None:
        """Return the tightest type that fits; None when no single type does."""
        if self.types is None:
            return VARCHAR
        return min(self.types, key=preference, default=None)
