"""Inspections to be found."""

from tests.decisions.conftest import field

__all__ = ["field"]
