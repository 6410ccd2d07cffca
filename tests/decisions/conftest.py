"""What the tests of decisions begin with: inspections that have been made."""

import pytest
from flask import Flask

from backend.settings import Settings
from tests.conftest import FixedClock
from tests.inspections import Field


@pytest.fixture
def field(app: Flask, clock: FixedClock, settings: Settings) -> Field:
    return Field(app, clock, settings)
