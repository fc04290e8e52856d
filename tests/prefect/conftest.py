"""A clone of the repository for the tests that ask for one."""

from tests.prefect.copied import copy

__all__ = ["copy"]
