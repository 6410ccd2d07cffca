"""What the rules ask for on a day of their own waits on the work list: next year's notice, the monthly report."""

from collections.abc import Callable
from datetime import date

from flask import Flask

from backend.foundation.permissions.actor import Actor
from backend.foundation.rule_profiles.actions import follow_profile
from backend.foundation.rule_profiles.notices import bring_in_notice
from backend.records.worklist.sources.rules_and_lists import share
from backend.registers.training.actions import plan_training
from tests.people import ADMIN, OFFICER, Person

Acting = Callable[[Person], Actor]


def titles(app: Flask, actor: Actor, day: date) -> list[str]:
    with app.test_request_context():
        return [item.title for item in share(actor, day)]


def test_in_november_the_administrator_is_asked_for_next_years_notice(app: Flask, acting: Acting) -> None:
    admin = acting(ADMIN)
    assert "2027 年放假通知" not in titles(app, admin, date(2026, 10, 31))
    assert "2027 年放假通知" in titles(app, admin, date(2026, 11, 1))
    bring_in_notice(admin, 2027, {date(2027, 1, 1): False}, "示例通知")
    assert "2027 年放假通知" not in titles(app, admin, date(2026, 11, 1))


def test_the_monthly_report_is_due_by_the_21st_where_the_rules_say_so(app: Flask, acting: Acting) -> None:
    officer = acting(OFFICER)
    assert "7 月月报表" not in titles(app, officer, date(2026, 7, 15))
    follow_profile(acting(ADMIN), "shijiazhuang-justice")
    assert "7 月月报表" in titles(app, officer, date(2026, 7, 15))
    assert "7 月月报表" not in titles(app, officer, date(2026, 7, 22))


def test_the_account_of_a_quarter_is_due_by_its_last_day(app: Flask, acting: Acting) -> None:
    follow_profile(acting(ADMIN), "shijiazhuang-justice")
    assert "季度工作情况" in titles(app, acting(OFFICER), date(2026, 9, 25))
    assert "季度工作情况" not in titles(app, acting(OFFICER), date(2026, 8, 25))


def test_a_year_without_trainings_is_said_where_the_rules_want_a_plan_of_them(
    app: Flask, acting: Acting
) -> None:
    officer, day = acting(OFFICER), date(2026, 2, 3)
    assert "2026 年度培训计划" not in titles(app, officer, day)
    follow_profile(acting(ADMIN), "shijiazhuang-justice")
    assert "2026 年度培训计划" in titles(app, officer, day)
    plan_training(officer, "双随机检查业务培训", "yearly", "检查程序和文书", date(2026, 5, 12))
    assert "2026 年度培训计划" not in titles(app, officer, day)
