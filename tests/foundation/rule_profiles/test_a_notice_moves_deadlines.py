"""A year's holiday notice: read, looked at with what it moves, confirmed, for one tree of agencies and nobody else."""

import io
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.core.errors import Refusal
from backend.foundation.accounts.models import Agency
from backend.foundation.audit.queries import entries_on
from backend.foundation.permissions.actor import Actor
from backend.foundation.rule_profiles.notice_text import lines_of_notice, read_notice
from backend.foundation.rule_profiles.notices import bring_in_notice, moves_of_notice
from backend.foundation.rule_profiles.queries import deadline_for, notice_of, work_calendar
from backend.plumbing.db import db, transaction
from backend.settings import Settings
from tests.conftest import FixedClock
from tests.inspections import Field
from tests.people import ADMIN, OUTSIDER, Person

Acting = Callable[[Person], Actor]
LogIn = Callable[[Person], FlaskClient]
NOTICE = {date(2027, 1, 1): False, date(2027, 1, 4): False, date(2027, 1, 9): True}
SENTENCES = """国务院办公厅关于2027年部分节假日安排的通知
一、元旦：1月1日（周五）至3日（周日）放假调休，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月13日（周六）上班。
2026年11月4日"""


def test_a_provisional_deadline_becomes_final(acting: Acting) -> None:
    admin = acting(ADMIN)
    before = deadline_for(admin.agency_id, "archive", date(2026, 12, 15))
    bring_in_notice(admin, 2027, NOTICE, "示例通知")
    after = deadline_for(admin.agency_id, "archive", date(2026, 12, 15))
    assert before is not None
    assert after is not None
    assert (before.provisional, after.provisional) == (True, False)
    assert after.calendar.is_workday(date(2027, 1, 9))
    assert not after.calendar.is_workday(date(2027, 1, 4))


def test_another_agency_keeps_its_own_days(acting: Acting) -> None:
    bring_in_notice(acting(ADMIN), 2027, NOTICE, "示例通知")
    elsewhere = work_calendar(acting(OUTSIDER).agency_id)
    assert 2027 not in elsewhere.published_years
    assert elsewhere.is_workday(date(2027, 1, 4))


def test_an_agency_below_follows_unless_it_has_a_notice_of_its_own(acting: Acting) -> None:
    above, below = acting(ADMIN), acting(OUTSIDER)
    with transaction():
        db.session.get_one(Agency, below.agency_id).parent_id = above.agency_id
    bring_in_notice(above, 2027, NOTICE, "上级通知")
    assert not work_calendar(below.agency_id).is_workday(date(2027, 1, 4))
    bring_in_notice(below, 2027, {date(2027, 1, 4): True}, "本地通知")
    assert work_calendar(below.agency_id).is_workday(date(2027, 1, 4))
    assert not work_calendar(above.agency_id).is_workday(date(2027, 1, 4))
    assert notice_of(below.agency_id, 2027) == "本地通知；上级通知"


def test_a_newer_notice_of_the_year_replaces_the_older(acting: Acting) -> None:
    admin = acting(ADMIN)
    bring_in_notice(admin, 2027, NOTICE, "示例通知")
    bring_in_notice(admin, 2027, {date(2027, 1, 5): False}, "更正通知")
    calendar = work_calendar(admin.agency_id)
    assert calendar.is_workday(date(2027, 1, 4))
    assert not calendar.is_workday(date(2027, 1, 5))


def test_the_moved_deadline_is_seen_before_and_its_old_day_kept_in_the_trail(
    app: Flask, clock: FixedClock, settings: Settings
) -> None:
    field = Field(app, clock, settings)
    field.go_to(2026, 12, 30)
    visit_id = field.approved(window_to=date(2026, 12, 30))
    (moves,) = field.act(ADMIN, moves_of_notice, 2027, NOTICE)
    report = next(each for each in moves.deadlines if each.after.deadline.kind == "report")
    assert (report.before.deadline.due, report.before.deadline.provisional) == (date(2027, 1, 7), True)
    assert (report.after.deadline.due, report.after.deadline.provisional) == (date(2027, 1, 8), False)

    field.act(ADMIN, bring_in_notice, 2027, NOTICE, "示例通知")
    kept = field.see(entries_on, moves.agency.id, "report", visit_id)
    told = next(entry.detail for entry in kept if entry.detail["kind"] == "report")
    assert (told["was"], told["due"], told["wasProvisional"]) == ("2027-01-07", "2027-01-08", True)
    assert field.act(ADMIN, moves_of_notice, 2027, NOTICE) == []


def test_the_state_councils_own_sentences_are_read() -> None:
    notice = read_notice(2027, SENTENCES)
    off = [day for day, worked in notice.days.items() if not worked]
    assert off == [
        date(2027, 1, 1),
        date(2027, 1, 2),
        date(2027, 1, 3),
        *(date(2027, 2, n) for n in range(5, 12)),
    ]
    assert [day for day, worked in notice.days.items() if worked] == [date(2027, 1, 31), date(2027, 2, 13)]
    assert notice.unread == ("国务院办公厅关于2027年部分节假日安排的通知", "2026年11月4日")
    assert read_notice(2027, lines_of_notice(notice.days)).days == notice.days


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "没有任何一天"),
        ("2027-01-01 休\n2027-02-30 休", "第 2 行"),
        ("2026-01-01 休", "不在 2027 年"),
        ("2027-01-01", "“休”或“班”"),
        ("2027-01-01 休\n2027-01-01 班", "写了两次"),
        ("2月9日至2月3日放假", "起止不对"),
    ],
)
def test_a_wrong_notice_is_refused(text: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        read_notice(2027, text)


def test_in_the_browser_a_notice_is_looked_at_before_it_counts(log_in: LogIn) -> None:
    admin = log_in(ADMIN)
    form = {"year": "2027", "source": "示例通知", "days": SENTENCES}
    looked_at = admin.post("/office/rules/workdays/previews", data=form)
    assert "2 月" in looked_at.text
    assert "已按放假通知" not in admin.get("/office/rules/workdays?year=2027").text
    lines = lines_of_notice(read_notice(2027, SENTENCES).days)
    done = admin.post("/office/rules/workdays/notices", data={**form, "days": lines})
    assert done.status_code == 303
    assert "已按放假通知" in admin.get("/office/rules/workdays?year=2027").text


def test_the_downloaded_template_can_be_sent_back(log_in: LogIn) -> None:
    admin = log_in(ADMIN)
    template = admin.get("/office/rules/workdays/template.xlsx").data
    form = {"year": "2027", "source": "示例通知", "file": (io.BytesIO(template), "通知.xlsx")}
    page = admin.post("/office/rules/workdays/previews", data=form)
    assert page.status_code == 200
    assert "2027-02-07 班" in page.text
