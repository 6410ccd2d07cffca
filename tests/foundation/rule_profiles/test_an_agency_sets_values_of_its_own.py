"""An agency may put a value of its own in the place of its regulation's; every change is a version, and a task keeps its own."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from backend.core.errors import Refusal
from backend.foundation.audit.queries import entries_on
from backend.foundation.permissions.actor import Actor
from backend.foundation.rule_profiles.actions import (
    drop_value,
    follow_profile,
    pinned_version,
    set_value,
)
from backend.foundation.rule_profiles.models import ProfileEdition, RulesVersion
from backend.foundation.rule_profiles.profile_files import load_profile
from backend.foundation.rule_profiles.queries import (
    current_version,
    deadline_for,
    profile_at,
    profile_for,
    versions_of,
)
from backend.plumbing.db import db, transaction
from tests.people import ADMIN, OFFICER, Person

Acting = Callable[[Person], Actor]
LogIn = Callable[[Person], FlaskClient]
REASON = "市局要求结果报告提前一天形成"
SOURCE = "示工信发〔2026〕3号"


def test_the_agencys_value_counts_and_cites_its_document(acting: Acting) -> None:
    admin = acting(ADMIN)
    set_value(admin, "report.deadline_wd", "4", REASON, SOURCE)
    report = deadline_for(admin.agency_id, "report", date(2026, 7, 21))
    assert report is not None
    assert (report.wd, report.due) == (4, date(2026, 7, 27))
    assert report.citation is not None
    assert (report.citation.article, report.citation.source, report.citation.quote) == (
        "本单位",
        SOURCE,
        REASON,
    )
    (kept,) = entries_on(admin.agency_id, "rule", "report.deadline_wd")
    assert kept.detail["reason"] == REASON


def test_work_begun_before_keeps_the_rules_it_was_begun_under(acting: Acting) -> None:
    admin = acting(ADMIN)
    with transaction():
        pinned = pinned_version(admin)
    set_value(admin, "report.deadline_wd", "4", REASON, SOURCE)
    assert profile_at(pinned, admin.agency_id).count("report.deadline_wd") == 5
    follow_profile(admin, "yiyuan-commerce")
    assert profile_at(pinned, admin.agency_id).key == "zibo-industry"
    assert profile_for(admin.agency_id).key == "yiyuan-commerce"
    assert [version.number for version in versions_of(admin.agency_id)] == [3, 2, 1]


def test_work_pins_the_same_version_while_nothing_changes(acting: Acting) -> None:
    with transaction():
        assert pinned_version(acting(ADMIN)) == pinned_version(acting(OFFICER))


def test_a_later_release_changes_nothing_for_work_that_has_begun(acting: Acting) -> None:
    """An older release's edition is read from the database, and new work pins a version with the new one."""
    admin = acting(ADMIN)
    version = current_version(admin.agency_id)
    assert version is not None
    assert version.edition is not None
    with transaction():
        held = db.session.get_one(ProfileEdition, version.edition)
        values = {**held.content["values"]}
        values["report.deadline_wd"] = {**values["report.deadline_wd"], "value": 9}
        older = ProfileEdition(
            digest="0" * 64,
            profile_key=held.profile_key,
            content={**held.content, "values": values},
            kept_at=held.kept_at,
        )
        db.session.add(older)
        db.session.flush()
        db.session.get_one(RulesVersion, version.id).edition = older.digest
    assert profile_at(version.id, admin.agency_id).count("report.deadline_wd") == 9
    with transaction():
        assert pinned_version(admin) != version.id
    assert profile_at(version.id, admin.agency_id).count("report.deadline_wd") == 9
    assert profile_for(admin.agency_id).count("report.deadline_wd") == 5


def test_an_edition_read_again_is_the_profile_it_was(acting: Acting) -> None:
    admin = acting(ADMIN)
    version = current_version(admin.agency_id)
    assert version is not None
    with transaction():
        held = db.session.get_one(ProfileEdition, version.edition)
        copy = ProfileEdition(
            digest="1" * 64, profile_key=held.profile_key, content=held.content, kept_at=held.kept_at
        )
        db.session.add(copy)
        db.session.flush()
        db.session.get_one(RulesVersion, version.id).edition = copy.digest
    assert profile_at(version.id, admin.agency_id) == load_profile("zibo-industry")


def test_a_value_can_be_given_back(acting: Acting) -> None:
    admin = acting(ADMIN)
    set_value(admin, "report.deadline_wd", "4", REASON, SOURCE)
    drop_value(admin, "report.deadline_wd")
    value = profile_for(admin.agency_id).get("report.deadline_wd")
    assert (value.value, value.override) == (5, None)
    with pytest.raises(Refusal, match="没有自定过"):
        drop_value(admin, "report.deadline_wd")


@pytest.mark.parametrize(
    ("key", "written", "said"),
    [
        ("team.min_inspectors", "1", "2 到"),
        ("report.deadline_wd", "0", "1 到"),
        ("report.deadline_wd", "五", "整数"),
        ("expert.counts_in_team", "是", "由法律规定"),
        ("exemption.allowed", "也许", "“是”或“否”"),
        ("cap.scope", "anything", "没有这个选项"),
        ("no.such_rule", "1", "没有这一项"),
        ("report.deadline_wd", "5", "已经是这个内容"),
    ],
)
def test_what_cannot_be_set_is_refused(key: str, written: str, said: str, acting: Acting) -> None:
    with pytest.raises(Refusal, match=said):
        set_value(acting(ADMIN), key, written, REASON, SOURCE)


def test_a_reason_and_a_document_are_needed(acting: Acting) -> None:
    with pytest.raises(Refusal, match="理由太短"):
        set_value(acting(ADMIN), "report.deadline_wd", "4", "改", SOURCE)
    with pytest.raises(Refusal, match="文号"):
        set_value(acting(ADMIN), "report.deadline_wd", "4", REASON, " ")


def test_only_an_administrator_sets_values(acting: Acting, log_in: LogIn) -> None:
    with pytest.raises(Refusal, match="not-allowed"):
        set_value(acting(OFFICER), "report.deadline_wd", "4", REASON, SOURCE)
    page = log_in(OFFICER).get("/office/rules/values/report.deadline_wd").text
    assert "检查任务完成后5个工作日内" in page
    assert "采用这个内容" not in page


def test_in_the_browser_a_value_is_set_and_its_versions_are_read(log_in: LogIn) -> None:
    admin = log_in(ADMIN)
    form = {"value": "4", "reason": REASON, "source": SOURCE}
    assert admin.post("/office/rules/values/report.deadline_wd", data=form).status_code == 303
    assert SOURCE in admin.get("/office/rules").text
    assert "5 个工作日" in admin.get("/office/rules/versions/1").text
    assert admin.get("/office/rules/versions/9").status_code == 404


def test_words_are_ticked_one_by_one(acting: Acting, log_in: LogIn) -> None:
    form = {"value": ["legal", "counsel"], "reason": REASON, "source": SOURCE}
    assert log_in(ADMIN).post("/office/rules/values/draw.witness_kinds", data=form).status_code == 303
    assert profile_for(acting(ADMIN).agency_id).words("draw.witness_kinds") == ("legal", "counsel")
