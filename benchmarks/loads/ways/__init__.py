"""Each way of doing the works, in a module of its own: it alone imports what it needs."""
