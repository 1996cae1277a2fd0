"""Somebody at the desk, as in the tests of the desk."""

from tests.desk.conftest import agent, desk

__all__ = ["agent", "desk"]
