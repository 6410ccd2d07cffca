"""Visits as fieldwork leaves them behind, as the tests of decisions have them."""

from tests.decisions.conftest import field

__all__ = ["field"]
