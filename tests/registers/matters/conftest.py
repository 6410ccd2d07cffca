"""A matter list that was brought in, approved and published."""

from collections.abc import Callable

import pytest

from backend.foundation.permissions.actor import Actor
from backend.registers.demo_matters import MATTERS
from backend.registers.imports.actions import import_rows, upload
from backend.registers.matters.actions import approve_list, publish_list, submit_list
from backend.registers.matters.columns import columns
from tests.people import HEAD, OFFICER, OVERSIGHT, Person
from tests.registers.sheets import as_xlsx

HEADINGS = {column.field: column.heading for column in columns({})}
ROWS = [{HEADINGS[field]: text for field, text in matter.items()} for matter in MATTERS]
Acting = Callable[[Person], Actor]


def bring_in(actor: Actor, rows: list[dict[str, str]]) -> None:
    """Import rows as a file."""
    held = upload(actor, "matters", "清单.xlsx", as_xlsx(rows))
    import_rows(actor, held.id, good_rows_only=False)


def put_in_force(acting: Acting) -> None:
    """Submit, approve and publish the list as it stands."""
    submitted = submit_list(acting(OFFICER))
    approve_list(acting(HEAD), submitted.id)
    publish_list(acting(OVERSIGHT), submitted.id)


@pytest.fixture
def published(acting: Acting) -> Actor:
    """The officer, after version 1 was published."""
    officer = acting(OFFICER)
    bring_in(officer, ROWS)
    put_in_force(acting)
    return officer
