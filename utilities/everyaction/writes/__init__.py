"""Writes to EveryAction, one item at a time, and how to find out whether one has happened."""
