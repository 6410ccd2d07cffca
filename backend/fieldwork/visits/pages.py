"""Visits in the office: the list by what is to be done, one visit with all that was captured, and closing one that cannot be made."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.core.errors import INVALID_INPUT, Refusal
from backend.fieldwork.checklists.wording import basis_words
from backend.fieldwork.form_library.queries import library
from backend.fieldwork.signatures.queries import refusals_of, signatures_of
from backend.fieldwork.visits.actions import close, reopen
from backend.fieldwork.visits.clocks import visit_deadlines
from backend.fieldwork.visits.completeness import approval_gaps, gaps_of, reasons_not_to_inspect
from backend.fieldwork.visits.form_choice import choose_form
from backend.fieldwork.visits.models import Visit
from backend.fieldwork.visits.queries import (
    companions_of_visit,
    count_by_status,
    page_of_visits,
    rechecks_of,
    recusals_of,
    rules_of,
    visit_for,
)
from backend.fieldwork.visits.rechecks import due_day, recheck
from backend.fieldwork.visits.recusals import decide
from backend.fieldwork.visits.rules import CAPTURING, FINISHED, STATUS_WORDS, VisitStatus
from backend.fieldwork.visits.views import (
    CHIPS,
    candidate_words,
    history_of,
    progress_words,
    record_of,
    reopenable,
    sheets_of,
    shots_of,
    walk_of,
)
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.profile_files import known_keys
from backend.planning.companions.rules import ROLES
from backend.plumbing.clock import today

blueprint = Blueprint("visits", __name__, url_prefix="/office/visits", template_folder="templates")

PAGE = 40
REASONS = "cannot_inspect.reasons"


@blueprint.get("")
@may(Capability.SEE_VISITS)
def visits() -> str:
    """The visits the person may see, newest dispatch first, by status and words."""
    actor = current_actor()
    status, words = request.args.get("status", ""), request.args.get("q", "").strip()
    before = request.args.get("before")
    shown = page_of_visits(actor, status, words, before, PAGE + 1)
    lines = [
        {"visit": visit, "progress": progress_words(visit), "deadlines": visit_deadlines(visit)}
        for visit in shown[:PAGE]
    ]
    later = _address(status, words, shown[PAGE - 1].serial) if len(shown) > PAGE else None
    return render_template(
        "visits/list.html",
        lines=lines,
        counts=count_by_status(actor),
        status=status,
        words=words,
        later=later,
        statuses=STATUS_WORDS,
        chips=CHIPS,
        today=today(),
    )


@blueprint.get("/<visit_id>")
@may(Capability.SEE_VISITS)
def one(visit_id: str) -> str:
    """Everything that was captured on one visit."""
    return _page(visit_id, None)


@blueprint.post("/<visit_id>/closures")
@may(Capability.CLOSE_VISIT)
def close_here(visit_id: str) -> tuple[str, int] | Response:
    """Record that the visit cannot be made, with the profile's reason and the evidence obtained."""
    try:
        close(current_actor(), visit_id, request.form.get("reason", ""), request.form.get("note", ""))
    except Refusal as refusal:
        if refusal.problem.status == 404:
            raise
        return _page(visit_id, refusal), refusal.problem.status
    return redirect(url_for("visits.one", visit_id=visit_id), 303)


@blueprint.post("/<visit_id>/reopenings")
@may(Capability.REOPEN_VISIT)
def reopen_here(visit_id: str) -> tuple[str, int] | Response:
    """Open an approved visit again, for the answers that are ticked."""
    sent = request.form
    return _done(
        visit_id, lambda: reopen(current_actor(), visit_id, sent.get("reason", ""), sent.getlist("path"))
    )


@blueprint.post("/<visit_id>/recusals/<int:request_id>/decisions")
@may(Capability.DECIDE_RECUSAL)
def decide_recusal_here(visit_id: str, request_id: int) -> tuple[str, int] | Response:
    """Decide on a 回避申请 that was made at the door."""
    granted, words = request.form.get("granted") == "yes", request.form.get("words", "")
    return _done(visit_id, lambda: decide(current_actor(), visit_id, request_id, granted, words))


@blueprint.post("/<visit_id>/rechecks")
@may(Capability.RECHECK)
def recheck_here(visit_id: str) -> tuple[str, int] | Response:
    """Keep what a re-check of an order to correct found."""
    sent = request.form
    return _done(
        visit_id,
        lambda: recheck(
            current_actor(),
            visit_id,
            day_entered(sent.get("checked_on", "")),
            sent.get("mended") == "yes",
            sent.get("finding", ""),
        ),
    )


def _done(visit_id: str, act: Callable[[], object]) -> tuple[str, int] | Response:
    """Do it and show the visit; a refusal is shown on the visit's own page."""
    try:
        act()
    except Refusal as refusal:
        if refusal.problem.status == 404:
            raise
        return _page(visit_id, refusal), refusal.problem.status
    return redirect(url_for("visits.one", visit_id=visit_id), 303)


def day_entered(text: str) -> date:
    """The day in a date field; refused with a sentence when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(INVALID_INPUT, detail="请填复查日期，如 2026-08-05") from None


@blueprint.post("/<visit_id>/forms")
@may(Capability.CHOOSE_FORMS)
def choose_form_here(visit_id: str) -> tuple[str, int] | Response:
    """Choose another form for a matter before the visit starts."""
    sent = request.form
    matter_id = sent.get("matter", 0, type=int)
    try:
        choose_form(current_actor(), visit_id, matter_id, sent.get("form", ""), sent.get("reason", ""))
    except Refusal as refusal:
        if refusal.problem.status == 404:
            raise
        return _page(visit_id, refusal), refusal.problem.status
    return redirect(url_for("visits.one", visit_id=visit_id), 303)


def _page(visit_id: str, refusal: Refusal | None) -> str:
    visit = visit_for(current_actor(), visit_id)
    status, shots = VisitStatus(visit.status), shots_of(visit)
    sheets = sheets_of(visit, shots)
    gaps = (
        gaps_of(visit)
        if status in CAPTURING
        else approval_gaps(visit)
        if status == VisitStatus.SUBMITTED
        else ()
    )
    return render_template(
        "visits/visit.html",
        visit=visit,
        status=status,
        chip_kind=CHIPS[status],
        status_words=STATUS_WORDS[status],
        sheets=sheets,
        shots=shots,
        record=record_of(visit),
        signatures=signatures_of(visit.id),
        refusals=refusals_of(visit.id),
        companions=companions_of_visit(visit),
        companion_roles=ROLES,
        gaps=_counted(gaps),
        deadlines=[] if status in FINISHED else visit_deadlines(visit),
        history=history_of(visit),
        numbers=_numbers(visit),
        value_words=candidate_words,
        basis_words=basis_words,
        profile=rules_of(visit),
        reasons=_reasons(visit),
        walk=walk_of(visit),
        recusals=recusals_of(visit.id),
        names={member.user_id: member.name for member in visit.members},
        may_decide=current_actor().may(Capability.DECIDE_RECUSAL),
        to_reopen=reopenable(visit, sheets) if current_actor().may(Capability.REOPEN_VISIT) else [],
        due=due_day(visit),
        rechecks=rechecks_of(visit.id),
        may_recheck=current_actor().may(Capability.RECHECK),
        may_close=current_actor().may(Capability.CLOSE_VISIT) and status in CAPTURING,
        forms=library(visit.agency_id),
        may_choose=current_actor().may(Capability.CHOOSE_FORMS) and status == VisitStatus.DISPATCHED,
        choice_words=CHOICE_WORDS,
        refusal=refusal,
        entered=request.form,
        today=today(),
    )


CHOICE_WORDS = {"matter": "按事项", "suits": "按事项和检查对象", "person": "人工选用", "none": "没有检查表"}
GAP_WORDS = {
    "conflict": "两人答案不同，等人选定",
    "item": "未答",
    "invalid": "答案不合要求",
    "problem": "不合格，没写问题",
    "photo": "缺照片",
    "record": "现场笔录未写完",
    "step": "现场步骤未办",
    "inspector-signature": "缺检查人员签字",
    "party-signature": "缺当事人签字或拒签说明",
    "evidence-bytes": "照片还在手机上",
    "presence": "有人没确认到场",
    "too-few": "到场人数不够",
    "recusal": "回避申请没有写明或没有决定",
    "delivery": "文书没有签收",
    "disposal": "不合格，没定处置",
    "order": "处置文书没写",
    "result": "事项结论没定",
    "method": "检查方式没写全",
    "evidence": "缺证明材料",
    "exception": "无法检查的情形没写全",
}


def _counted(gaps: Any) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for gap in gaps:
        counts[GAP_WORDS[gap.code]] = counts.get(GAP_WORDS[gap.code], 0) + 1
    return list(counts.items())


def _numbers(visit: Visit) -> list[tuple[str, str]]:
    words = {"notice": "检查通知书", "record": "现场笔录", "rectification": "责令改正"}
    return [
        (words[one.kind], one.number + ("（作废）" if one.status == "void" else "")) for one in visit.numbers
    ]


def _reasons(visit: Visit) -> list[tuple[str, str]]:
    words = known_keys()[REASONS].words
    return [(reason, words[reason]) for reason in reasons_not_to_inspect(rules_of(visit))]


def _address(status: str, words: str, before: str) -> str:
    return url_for("visits.visits", status=status or None, q=words or None, before=before)
