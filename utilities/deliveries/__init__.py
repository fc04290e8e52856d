"""Deliver rows to another system, each at most once, whatever dies on the way."""
