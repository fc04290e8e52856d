"""RSS, Atom and JSON feeds as records."""
