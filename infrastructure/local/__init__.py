"""The local stack: Redshift, AWS and Prefect on loopback, speaking the protocols of the real ones.

It imports nothing of the rest of the repository, so that production code cannot come to depend
on it; only `utilities.command_line` and the tests start it.
"""
