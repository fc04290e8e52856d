"""Bound how many calls run at once, and how many begin in a second."""
