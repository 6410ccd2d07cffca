"""The template that the office hands out is itself a good file, and says of every column what its check says."""

import io
import re
from collections.abc import Callable

import pytest
from python_calamine import CalamineWorkbook

from backend.foundation.permissions.actor import Actor
from backend.foundation.rule_profiles.actions import follow_profile
from backend.foundation.rule_profiles.profile_files import profile_files
from backend.registers.imports.actions import upload
from backend.registers.imports.queries import bad_rows, template_sheet
from backend.registers.imports.registers import REGISTERS
from tests.people import ADMIN, Person
from tests.registers.sheets import as_xlsx

Acting = Callable[[Person], Actor]


def _sheets(content: bytes) -> list[list[dict[str, str]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    tables = [book.get_sheet_by_index(place).to_python() for place in range(2)]
    return [[dict(zip(map(str, head), map(str, row), strict=True)) for row in rows] for head, *rows in tables]


@pytest.mark.parametrize("profile", sorted(profile_files()))
def test_the_examples_of_every_template_are_without_fault(acting: Acting, profile: str) -> None:
    admin = acting(ADMIN)
    follow_profile(admin, profile)
    for key, target in REGISTERS.items():
        held = upload(admin, key, "模板.xlsx", template_sheet(target, admin.agency_id))
        said = [str(fault) for row in bad_rows(held) for fault in row.faults]
        assert (said, held.counts["new"]) == ([], len(target.examples)), key


@pytest.mark.parametrize("profile", sorted(profile_files()))
def test_what_a_template_calls_optional_may_stay_empty(acting: Acting, profile: str) -> None:
    admin = acting(ADMIN)
    follow_profile(admin, profile)
    for key, target in REGISTERS.items():
        examples, guide = _sheets(template_sheet(target, admin.agency_id))
        # A grade stays in its row, so that what it rests on is left out where a text fixes its basis.
        optional = {row["列名"] for row in guide if row["是否必填"] == "可不填"} - {"风险等级"}
        rows = [{name: "" if name in optional else text for name, text in row.items()} for row in examples]
        held = upload(admin, key, "填了必填的.xlsx", as_xlsx(rows))
        assert [str(fault) for row in bad_rows(held) for fault in row.faults] == [], key


@pytest.mark.parametrize("key", REGISTERS)
def test_a_closed_list_is_spelled_out_where_the_template_explains_its_column(
    acting: Acting, key: str
) -> None:
    for column in REGISTERS[key].columns(acting(ADMIN).agency_id):
        try:
            column.read("不在单子上的词")
        except ValueError as error:
            if listed := re.search("应为(.+)之一", str(error)):
                assert [word for word in listed[1].split("、") if word not in column.help] == [], (
                    column.heading
                )
