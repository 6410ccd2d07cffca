"""A matter that no form is made for is named while there is time: in the list, at the task, before the draw."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient

from backend.fieldwork.form_library.rules.choosing import may_have_form
from backend.planning.tasks.models import Task
from backend.planning.tasks.queries import matters_of_task
from backend.plumbing.db import transaction
from tests.people import OFFICER, Person

LogIn = Callable[[Person], FlaskClient]
FORMS: Mapping[str, Mapping[str, Any]] = {
    "a/plain": {},
    "a/fire": {"suits": {"matters": ["消防检查"], "industries": ["旅馆"]}},
    "a/key": {"suits": {"matterClasses": ["key"]}},
}


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("named", "matter", "matter_class", "may"),
    [
        ("plain", "年检", "general", True),
        ("", "消防检查", "general", True),
        ("", "年检", "key", True),
        ("", "年检", "general", False),
        ("unheardOf", "年检", "general", False),
    ],
)
def test_a_form_may_come_by_name_or_by_what_it_suits(
    named: str, matter: str, matter_class: str, may: bool
) -> None:
    assert may_have_form(FORMS, named, "a", matter, matter_class) is may


def test_the_list_and_the_task_name_it_and_lead_to_the_forms(log_in: LogIn, task: Task) -> None:
    office = log_in(OFFICER)
    pages = ("/office/matters", f"/office/tasks/{task.id}")
    assert all("没有检查表。" not in office.get(page).text for page in pages)
    with transaction():
        matter = matters_of_task(task)[0]
        matter.form_key, matter.name, matter.matter_class = None, "没有表的事项", "general"
    for page in pages:
        said = office.get(page).text
        assert "有 1 个事项没有检查表。" in said
        assert "没有表的事项" in said
        assert "/office/forms" in said
