"""The office's side navigation: which parts there are, in the order of the work.

A part is listed here by its endpoint and shown only where that page exists and the signed-in person may
open it; the access rule is the page's own.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from flask import current_app, request


@dataclass(frozen=True)
class NavItem:
    endpoint: str
    icon: str
    label: str
    also: tuple[str, ...] = ()
    """Further blueprints of the same feature."""

    @property
    def is_current(self) -> bool:
        """Current when the open page belongs to the same feature."""
        blueprint = self.endpoint.rpartition(".")[0]
        return request.blueprint in (blueprint, *self.also)


@dataclass(frozen=True)
class NavGroup:
    label: str
    items: tuple[NavItem, ...]


OFFICE = (
    NavGroup(
        "办理",
        (
            NavItem("worklist.work_list", "layout-dashboard", "工作台"),
            NavItem("annual_plan.plans", "calendar-range", "抽查计划"),
            NavItem("tasks.tasks", "layers", "抽查任务"),
            NavItem("draw.draws", "shuffle", "摇号"),
            NavItem("matching.recusals", "user-round-x", "回避"),
            NavItem("adjustments.adjustments", "git-compare", "替换和换人"),
            NavItem("visits.visits", "clipboard-list", "检查"),
            NavItem("calendar.month", "calendar-days", "检查日历"),
            NavItem("publication.results", "megaphone", "结果与公示"),
            NavItem("objections.objections", "scale", "异议复查"),
            NavItem("referrals.referrals", "send", "移送"),
            NavItem("dossier.dossiers", "folder-open", "档案"),
        ),
    ),
    NavGroup(
        "名录与规则",
        (
            NavItem("entities.entities", "store", "检查对象", also=("entity_care", "entity_exports")),
            NavItem("inspectors.inspectors", "id-card", "执法人员"),
            NavItem("training.trainings", "calendar-check", "培训"),
            NavItem("conflicts.conflicts", "eye-off", "利害关系申报"),
            NavItem("conflicts.to_decide", "eye-off", "利害关系申报"),
            NavItem("matters.matters", "list-checks", "抽查事项"),
            NavItem("form_library.forms", "clipboard-check", "检查表单"),
            NavItem("rule_profiles.profile", "book-open-text", "规则"),
            NavItem("workdays.calendar", "calendar-days", "工作日历"),
        ),
    ),
    NavGroup(
        "统计与留痕",
        (
            NavItem("reports.monthly", "file-spreadsheet", "月报表"),
            NavItem("audit.trail", "footprints", "操作留痕"),
            NavItem("rescues.rescues", "shield-check", "求救文件"),
            NavItem("accounts.people", "users-round", "人员与岗位"),
            NavItem("first_run.first_run", "landmark", "初次设置"),
        ),
    ),
)

PUBLIC_SECTIONS = (
    ("public_results.results", "检查结果", "results"),
    ("public_draws.announcements", "抽查公告", "announcements"),
    ("public_lists.plans", "检查计划", "plans"),
    ("public_lists.matters", "抽查事项", "matters"),
    ("public_lists.inspectors", "执法人员", "inspectors"),
    ("public_draws.verifiable", "核验摇号", "verify"),
    ("public_front.objection", "提出异议", "objection"),
)


class Person(Protocol):
    """Whoever is signed in; plumbing knows no more of them than this question."""

    def may(self, capability: Any) -> bool: ...


def navigation(person: Person | None) -> list[NavGroup]:
    """The groups with only the pages this application has and this person may open."""
    if person is None:
        return []
    groups = (NavGroup(g.label, tuple(i for i in g.items if may_open(person, i.endpoint))) for g in OFFICE)
    return [group for group in groups if group.items]


def may_open(person: Person, endpoint: str) -> bool:
    """Whether the page is there and this person may open it: what a page asks before it links to another."""
    view = current_app.view_functions.get(endpoint)
    if view is None:
        return False
    capability = getattr(getattr(view, "access", None), "capability", None)
    return capability is None or person.may(capability)
