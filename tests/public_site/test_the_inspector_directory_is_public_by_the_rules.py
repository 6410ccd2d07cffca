"""Where the rules make it public, the directory shows exactly the fields they name, of people in post, without experts."""

from collections.abc import Callable
from datetime import date

from flask.testing import FlaskClient

from backend.foundation.permissions.actor import Actor
from backend.foundation.rule_profiles.actions import follow_profile
from backend.registers.inspectors.models import Inspector
from tests.people import ADMIN, LEADER, OFFICER, Person
from tests.registers.inspectors.conftest import directory, enlist

__all__ = ["directory"]


def test_name_sex_post_and_number_and_nothing_else(
    directory: dict[str, Inspector], acting: Callable[[Person], Actor], public: FlaskClient
) -> None:
    officer = acting(OFFICER)
    enlist(officer, "冯离岗", "SL0000009", date(2028, 1, 1), status="left")
    page = public.get("/inspectors").text
    for shown in (LEADER.name, "SL0000001", "执法证号", "岗位", "性别"):
        assert shown in page
    for hidden in ("郑专家", "冯离岗", "节能监察</td>", "2028"):
        assert hidden not in page


def test_where_the_rules_are_silent_nothing_is_shown(
    directory: dict[str, Inspector], acting: Callable[[Person], Actor], public: FlaskClient
) -> None:
    follow_profile(acting(ADMIN), "yiyuan-police")
    page = public.get("/inspectors").text
    assert LEADER.name not in page
    assert "没有对外公开的执法检查人员名录" in page
