"""A real agency's first day: one command founds it, its administrator logs in and goes on, agencies below are founded by form."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.core.errors import AGENCY_EXISTS, FOUNDING_WRONG, Refusal
from backend.foundation.accounts.actions import log_in
from backend.foundation.accounts.queries import agency_by_code, line_above
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Role
from backend.foundation.rule_profiles.queries import profile_for
from backend.plumbing.db import db, transaction
from backend.registers.first_run.actions import found_below, found_first
from backend.registers.first_run.queries import progress_of
from backend.registers.first_run.rules import Founding, founding_fault
from backend.registers.matters.models import Matter
from tests.people import ADMIN, OFFICER, Person
from tests.planning.directories import add_inspectors, add_matters

Acting = Callable[[Person], Actor]
LogIn = Callable[[Person], FlaskClient]
COUNTY = Founding(
    "示例县工业和信息化局", "slx", "县工信", "", ["综合科"], "zibo-industry", "xian.admin", "县主管"
)
FORM = {
    "name": COUNTY.name,
    "code": COUNTY.code,
    "doc_prefix": COUNTY.doc_prefix,
    "profile": COUNTY.profile_key,
    "departments": "综合科\n节能科",
    "admin_login": COUNTY.admin_login,
    "admin_name": COUNTY.admin_name,
}


@pytest.mark.one_database
def test_one_command_founds_an_agency_once(tmp_path: Path) -> None:
    def init(code: str, *more: str) -> subprocess.CompletedProcess[str]:
        options = [
            "--name",
            "示例市局",
            "--code",
            code,
            "--prefix",
            "示",
            "--admin",
            "boss",
            "--admin-name",
            "李主管",
        ]
        environment = {**os.environ, "YAOHAO_DATA_DIR": str(tmp_path)}
        command = [sys.executable, "-m", "backend", "init", *options, *more]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    wrong = init("SLSJ")
    assert wrong.returncode == 1
    chinese, in_english = wrong.stderr.strip().splitlines()
    assert "小写字母" in chinese
    assert in_english.isascii(), in_english
    shown = init("slsj", "--help")
    assert "zibo-industry 《" in " ".join(shown.stdout.split())
    first = init("slsj")
    assert first.returncode == 0, first.stderr
    assert re.search(r"口令 [a-z2-7]{16}", first.stdout)
    again = init("other")
    assert again.returncode == 1
    assert "已经有单位（示例市局）" in again.stderr


def test_an_agency_below_follows_its_own_rules_and_its_administrator_logs_in(acting: Acting) -> None:
    above = acting(ADMIN)
    founded = found_below(above, COUNTY)
    assert line_above(founded.agency.id) == [founded.agency.id, above.agency_id]
    assert profile_for(founded.agency.id).key == "zibo-industry"
    actor, _ = log_in("xian.admin", founded.password, "test", to_replace_it=True)
    assert actor.agency_id == founded.agency.id


def test_the_page_shows_the_password_once_and_the_tree_afterwards(log_in: LogIn) -> None:
    admin = log_in(ADMIN)
    answer = admin.post("/office/first-run/agencies", data=FORM)
    assert answer.status_code == 200
    password = re.search(r'<code class="mono">([a-z2-7]{16})</code>', answer.text)
    assert password is not None
    page = admin.get("/office/first-run").text
    assert COUNTY.name in page
    assert password[1] not in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"code": "slgx"}, "已有单位使用"),
        ({"code": "X"}, "小写字母"),
        ({"admin_login": ADMIN.login}, "已有人使用"),
    ],
)
def test_a_wrong_form_founds_nothing_and_keeps_what_was_written(
    changed: dict[str, str], said: str, log_in: LogIn
) -> None:
    admin = log_in(ADMIN)
    answer = admin.post("/office/first-run/agencies", data={**FORM, **changed})
    assert answer.status_code == 422
    assert said in answer.text
    assert "县工信" in answer.text
    assert COUNTY.name not in admin.get("/office/first-run").text


def test_the_first_agency_is_founded_only_where_there_is_none(acting: Acting) -> None:
    acting(ADMIN)
    with pytest.raises(Refusal) as refused:
        found_first(COUNTY)
    assert refused.value.problem is AGENCY_EXISTS
    with pytest.raises(Refusal):
        agency_by_code("slx")


def test_a_founding_that_cannot_be_is_told_in_words(acting: Acting) -> None:
    assert founding_fault(COUNTY) is None
    with pytest.raises(Refusal) as refused:
        found_below(acting(ADMIN), Founding("", "slx", "县", "", [], "zibo-industry", "abc", "某"))
    assert refused.value.problem is FOUNDING_WRONG


def test_only_an_administrator_sets_up(log_in: LogIn) -> None:
    assert log_in(OFFICER).get("/office/first-run").status_code == 403


def test_a_new_agency_finds_its_first_steps_on_the_administrators_work_list(log_in: LogIn) -> None:
    page = log_in(ADMIN).get("/office/").text
    assert "初次设置" in page
    assert "检查对象名录" in page
    assert "初次设置" not in log_in(OFFICER).get("/office/").text


def test_the_posts_that_are_needed_and_missing_are_named(acting: Acting, app: Flask) -> None:
    founded = found_below(acting(ADMIN), COUNTY)
    progress = progress_of(founded.agency.id)
    assert progress.posts_missing == (Role.OFFICER, Role.HEAD, Role.OVERSIGHT)
    assert not progress.people_enough
    browser = app.test_client()
    chosen = {"login": COUNTY.admin_login, "password": founded.password, "chosen": "管理员自己选的一个口令"}
    browser.post("/api/v1/session/passwords", json=chosen)
    assert (
        "清单导入后，由业务科室送批、单位负责人批准、综合法规科公布" in browser.get("/office/first-run").text
    )
    assert "还差：<b>业务科室、单位负责人、综合法规科</b>" in browser.get("/office/first-run").text


def test_a_list_that_nobody_put_forward_and_inspectors_without_logins_are_still_to_do(
    log_in: LogIn, acting: Acting
) -> None:
    agency_id = acting(OFFICER).agency_id
    matters = add_matters(agency_id)
    with transaction():
        for number in matters:
            db.session.get_one(Matter, number).status = "draft"
    add_inspectors(agency_id, extra=3)
    admin, preparer = log_in(ADMIN), log_in(OFFICER)
    page = admin.get("/office/first-run").text
    assert "清单还没有送批" in page
    assert "名在岗检查人员没有登录账号" in page
    assert "送批、批准、公布后才能据此编制计划" in preparer.get("/office/").text
    assert preparer.post("/office/matters/versions").status_code == 303
    assert "清单已送批，在等单位负责人批准" in admin.get("/office/first-run").text
    assert "送批、批准、公布后才能据此编制计划" not in preparer.get("/office/").text
