"""What must be in order before anything is drawn: the rules confirmed for the year, the matter list approved and published."""

from calendar import monthrange
from datetime import date, timedelta

from flask import url_for

from backend.fieldwork.form_library.queries import forms_to_approve
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for, profile_warning, work_calendar
from backend.foundation.rule_profiles.signatories import may_sign
from backend.plumbing.web.parts import has_page
from backend.records.worklist.rules import WorkItem
from backend.registers.conflicts.queries import undecided_conflicts
from backend.registers.entities.transfers import SENT, transfers_with
from backend.registers.first_run.queries import progress_of
from backend.registers.matters.queries import list_step, unread_ratios, versions_of
from backend.registers.training.queries import trainings_of_year

NOTICE_MONTH = 11
MONTHS_LONGEST = 31
REMINDED_BEFORE = timedelta(days=10)
LOGINS = "给检查人员开通账号"
STEPS = {
    "draft": (Capability.APPROVE_MATTERS, "批准", "stamp", "matter.approved_by"),
    "approved": (Capability.PUBLISH_MATTERS, "公布", "megaphone", "matter.published"),
}
"""What a version of the matter list waits for, by its status."""


def share(actor: Actor, today: date) -> list[WorkItem]:
    """The administrator's yearly confirmation; approval and publication of the newest matter list;
    the head's decisions on declared ties."""
    return [
        *_first_run(actor),
        *_rules(actor, today),
        *_notice(actor, today),
        *_reports(actor, today),
        *_trainings(actor, today),
        *_matter_list(actor),
        *_conflicts(actor),
        *_transfers(actor),
        *_forms(actor),
    ]


def _forms(actor: Actor) -> list[WorkItem]:
    """A checklist handed in is in force only once another person of 综合法规科 has approved it."""
    if not actor.may(Capability.APPROVE_FORMS):
        return []
    return [
        WorkItem(
            verb="审定",
            icon="clipboard-list",
            title=f"检查表单：{form.content['title']}第 {form.version} 版",
            detail=f"{form.prepared_by_name}送审；审定后新派发的检查才用",
            href=url_for("form_library.one_version", version_id=form.id),
        )
        for form in forms_to_approve(actor.agency_id, actor.user_id)
    ]


def _first_run(actor: Actor) -> list[WorkItem]:
    """A new agency begins where its administrator sees it first."""
    if not actor.may(Capability.SET_UP_AGENCIES):
        return []
    begun = progress_of(actor.agency_id)
    steps = {
        "选定规则": begun.rules_chosen,
        "人员与岗位": begun.people_enough,
        "抽查事项清单": begun.matters,
        "执法检查人员名录": begun.inspectors,
        "检查对象名录": begun.entities,
        "公布抽查事项清单": begun.list_published,
        LOGINS: begun.logins_given,
    }
    missing = [name for name, is_done in steps.items() if not is_done]
    if missing == [LOGINS]:
        return [_logins(begun.without_login)]
    if not missing:
        return []
    return [
        WorkItem(
            verb="设置",
            icon="landmark",
            title="初次设置",
            detail=f"还差：{'、'.join(missing)}",
            href=url_for("first_run.first_run"),
        )
    ]


def _logins(how_many: int) -> WorkItem:
    return WorkItem(
        verb="开通",
        icon="id-card",
        title=LOGINS,
        detail=f"{how_many} 名在岗检查人员没有登录账号，抽到了也派发不出去",
        href=url_for("inspectors.logins"),
    )


def _conflicts(actor: Actor) -> list[WorkItem]:
    if not actor.may(Capability.DECIDE_CONFLICTS) or not (waiting := undecided_conflicts(actor.agency_id)):
        return []
    return [
        WorkItem(
            verb="决定",
            icon="eye-off",
            title=f"利害关系申报 {waiting} 条",
            detail="决定是否回避；决定前不会把两者匹配到一起",
            href=url_for("conflicts.to_decide"),
            ground=profile_for(actor.agency_id).ground("recusal.required"),
        )
    ]


def _transfers(actor: Actor) -> list[WorkItem]:
    """An entity that moved here stays with its old agency until somebody here answers the notice."""
    if not actor.may(Capability.KEEP_ENTITIES):
        return []
    incoming, _ = transfers_with(actor.agency_id)
    return [
        WorkItem(
            verb="答复",
            icon="send",
            title=f"{transfer.entity.name}迁入",
            detail=f"{transfer.notice_no}，{transfer.sent_by_name}发来；接收后由本单位检查",
            href=url_for("entity_care.transfers"),
            ground=profile_for(actor.agency_id).ground("transfer.moved_away"),
        )
        for transfer in incoming
        if transfer.state == SENT
    ]


def _rules(actor: Actor, today: date) -> list[WorkItem]:
    warning = profile_warning(actor.agency_id, today)
    if warning is None or not actor.may(Capability.MANAGE_RULES):
        return []
    return [
        WorkItem(
            verb="确认",
            icon="book-open-text",
            title=f"{today.year} 年是否继续执行现行规则",
            detail="不确认，不能发起新的摇号；已在进行的不受影响",
            href=url_for("rule_profiles.profile"),
            ground=warning.ground,
        )
    ]


def _notice(actor: Actor, today: date) -> list[WorkItem]:
    """The State Council names the days of a year in the autumn before it."""
    if not actor.may(Capability.MANAGE_RULES):
        return []
    published = work_calendar(actor.agency_id).published_years
    wanted = [today.year] + ([today.year + 1] if today.month >= NOTICE_MONTH else [])
    return [
        WorkItem(
            verb="录入",
            icon="calendar-check",
            title=f"{year} 年放假通知",
            detail="没有录入前，用到这一年的期限都是暂定的",
            href=url_for("workdays.calendar", year=year),
        )
        for year in wanted
        if year not in published
    ]


def _reports(actor: Actor, today: date) -> list[WorkItem]:
    """The monthly report before its day, and the account of a quarter before its month ends (001 三（三）)."""
    profile = profile_for(actor.agency_id)
    if not actor.may(Capability.PREPARE_PLAN):
        return []
    due = {"月报表": _this_month(today, profile.count("monthly_report.due_day"))}
    if str(today.month) in map(str, profile.words("monthly_report.quarter_months")):
        due["季度工作情况"] = _this_month(today, MONTHS_LONGEST)
    keys = {"月报表": "monthly_report.due_day", "季度工作情况": "monthly_report.quarter_months"}
    return [
        WorkItem(
            verb="报送",
            icon="file-spreadsheet",
            title=f"{today.month} 月{name}" if name == "月报表" else name,
            detail="“双随机、一公开”监管工作",
            href=url_for("reports.monthly")
            if has_page("reports.monthly")
            else url_for("rule_profiles.profile", _anchor=keys[name]),
            by=day,
            by_words="报送不晚于",
            ground=profile.ground(keys[name]),
        )
        for name, day in due.items()
        if day is not None and timedelta() <= day - today <= REMINDED_BEFORE
    ]


def _trainings(actor: Actor, today: date) -> list[WorkItem]:
    """A year without any training planned, where the rules want a yearly plan of them (001 二（五）)."""
    rules = profile_for(actor.agency_id)
    if not rules.flag("training.yearly_plan") or not actor.may(Capability.KEEP_INSPECTORS):
        return []
    if trainings_of_year(actor.agency_id, today.year):
        return []
    return [
        WorkItem(
            verb="编制",
            icon="calendar-range",
            title=f"{today.year} 年度培训计划",
            detail="今年还没有一次培训",
            href=url_for("training.trainings"),
            ground=rules.ground("training.yearly_plan"),
        )
    ]


def _this_month(today: date, day: int | None) -> date | None:
    """This day of the month, or its last where the month is shorter."""
    if day is None:
        return None
    return today.replace(day=min(day, monthrange(today.year, today.month)[1]))


def _matter_list(actor: Actor) -> list[WorkItem]:
    if list_step(actor.agency_id) == "submit":
        return _list_to_submit(actor)
    versions = versions_of(actor.agency_id)
    if not versions or versions[0].status not in STEPS:
        return []
    newest = versions[0]
    capability, verb, icon, rule = STEPS[newest.status]
    rules = profile_for(actor.agency_id)
    signs = newest.status != "draft" or may_sign(actor, rules, "matter.signatories")
    if not actor.may(capability) or not signs:
        return []
    return [
        WorkItem(
            verb=verb,
            icon=icon,
            title=f"随机抽查事项清单第 {newest.version} 版",
            detail="公布后生效，清单之外不得检查",
            href=url_for("matters.one_version", version_id=newest.id),
            ground=rules.ground(rule),
        )
    ]


def _list_to_submit(actor: Actor) -> list[WorkItem]:
    """Matters that are on the list but not in force: nothing can be planned or inspected by them yet."""
    if not actor.may(Capability.PREPARE_MATTERS):
        return []
    unread = len(unread_ratios(actor.agency_id))
    detail = f"先说明 {unread} 项比例，再送批" if unread else "送批、批准、公布后才能据此编制计划"
    return [
        WorkItem(
            verb="送批",
            icon="send",
            title="随机抽查事项清单",
            detail=detail,
            href=url_for("matters.matters"),
            ground=profile_for(actor.agency_id).ground("matter.published"),
        )
    ]
