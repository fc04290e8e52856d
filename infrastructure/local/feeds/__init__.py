"""A few made-up newsrooms that publish RSS, Atom and JSON on loopback."""
