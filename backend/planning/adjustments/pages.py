"""Adjustments in the office: asked and decided for one drawn entity, the list with its rates, the paper behind each."""

from collections.abc import Callable
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request, url_for

from backend.core.errors import INVALID_INPUT, NOT_FOUND, Ground, Refusal
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability, Role
from backend.foundation.rule_profiles.queries import profile_for
from backend.foundation.rule_profiles.rules import RuleProfile
from backend.foundation.rule_profiles.signatories import signatories
from backend.planning.adjustments.asking import LARGEST_PAPER, Paper, ask
from backend.planning.adjustments.deciding import appoint, grant, may_decide, redraw_seat, refuse, replace
from backend.planning.adjustments.models import Adjustment
from backend.planning.adjustments.places import days_left, seat_behind, to_appoint, to_swap_with
from backend.planning.adjustments.queries import (
    adjustment_of,
    rates_by_department,
    rates_by_officer,
    told_adjustments,
)
from backend.planning.adjustments.rules import KINDS, STATUSES, WAYS, signed_by
from backend.planning.draw.queries import draw_of, tasks_of_draw
from backend.planning.draw.undertakings import require_promise
from backend.planning.draw.views import named_teams
from backend.planning.matching.models import Seat
from backend.planning.received.models import ReceivedSeat
from backend.planning.tasks.queries import rules_of_task, task_of
from backend.plumbing.db import db
from backend.plumbing.files import store
from backend.plumbing.web.stepping import Answer, stepped
from backend.registers.entities.models import Entity
from backend.registers.inspectors.models import Inspector
from backend.registers.inspectors.queries import absences_between
from backend.registers.inspectors.rules import absence_words

blueprint = Blueprint("adjustments", __name__, url_prefix="/office", template_folder="templates")

CHIPS = {"asked": "waiting", "granted": "ok", "refused": "returned"}


@blueprint.get("/adjustments")
@may(Capability.SEE_ADJUSTMENTS)
def adjustments() -> str:
    """What waits for a decision, everything that was decided, and the rates."""
    agency_id = current_actor().agency_id
    return render_template(
        "adjustments/list.html",
        waiting=told_adjustments(agency_id, ("asked",)),
        decided=told_adjustments(agency_id, ("granted", "refused")),
        by_officer=rates_by_officer(agency_id),
        by_department=rates_by_department(agency_id),
        kinds=KINDS,
        statuses=STATUSES,
        chips=CHIPS,
        profile=profile_for(agency_id),
    )


@blueprint.get("/adjustments/<int:adjustment_id>")
@may(Capability.SEE_ADJUSTMENTS)
def one(adjustment_id: int) -> str:
    """One adjustment; undecided, its decision is made here."""
    return _one_page(adjustment_id, None)


@blueprint.post("/adjustments/<int:adjustment_id>/grants")
@may(Capability.DECIDE_ADJUSTMENTS)
def grant_here(adjustment_id: int) -> Answer:
    """Agree, and carry it out."""
    form = request.form
    return _decided(
        adjustment_id,
        lambda: grant(
            current_actor(),
            adjustment_id,
            form.get("note", ""),
            form.get("way", "stand_down"),
            form.get("other_seat_id", type=int),
            form.get("inspector_id", type=int) if form.get("way", "appoint") == "appoint" else None,
        ),
    )


@blueprint.post("/adjustments/<int:adjustment_id>/refusals")
@may(Capability.DECIDE_ADJUSTMENTS)
def refuse_here(adjustment_id: int) -> Answer:
    """Say no."""
    note = request.form.get("reason", "")
    return _decided(adjustment_id, lambda: refuse(current_actor(), adjustment_id, note))


@blueprint.get("/adjustments/<int:adjustment_id>/evidence")
@may(Capability.SEE_ADJUSTMENTS)
def evidence(adjustment_id: int) -> Response:
    """The paper behind an adjustment, as it was handed in."""
    found = adjustment_of(current_actor().agency_id, adjustment_id)
    if found.evidence_sha256 is None:
        raise Refusal(NOT_FOUND, what="书面说明")
    return Response(
        store().read(f"adjustments/{found.evidence_sha256}"),
        mimetype="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.evidence_name or 'evidence')}"
        },
    )


@blueprint.get("/draws/<int:draw_id>/picks/<int:pick_id>")
@may(Capability.ASK_ADJUSTMENT)
def adjust(draw_id: int, pick_id: int) -> str:
    """One drawn entity and its team: what may be changed, and what was."""
    return _adjust_page(draw_id, pick_id, None)


@blueprint.post("/draws/<int:draw_id>/picks/<int:pick_id>/requests")
@may(Capability.ASK_ADJUSTMENT)
def ask_here(draw_id: int, pick_id: int) -> Answer:
    """Ask the unit's leader."""
    form = request.form
    kind = form.get("kind", "")
    if kind not in ("replace", "redraw", "appoint"):
        raise Refusal(NOT_FOUND, what="这种调整")
    seat_id = form.get("seat_id", type=int)
    return _adjusted(
        draw_id,
        pick_id,
        lambda: ask(current_actor(), kind, draw_id, pick_id, seat_id, form.get("reason", ""), paper_sent()),
    )


@blueprint.post("/draws/<int:draw_id>/picks/<int:pick_id>/replacements")
@may(Capability.DECIDE_ON_DRAW)
def replace_here(draw_id: int, pick_id: int) -> Answer:
    """Replace a drawn entity by the next in line."""
    reason = request.form.get("reason", "")
    return _adjusted(
        draw_id, pick_id, lambda: replace(current_actor(), draw_id, pick_id, reason, paper_sent())
    )


@blueprint.post("/draws/<int:draw_id>/seats/<int:seat_id>/replacements")
@may(Capability.DECIDE_ON_DRAW)
def redraw_seat_here(draw_id: int, seat_id: int) -> Answer:
    """Redraw one seat."""
    reason = request.form.get("reason", "")
    return _adjusted(
        draw_id,
        _pick_of(draw_id, seat_id),
        lambda: redraw_seat(current_actor(), draw_id, seat_id, reason, paper_sent()),
    )


@blueprint.post("/draws/<int:draw_id>/seats/<int:seat_id>/appointments")
@may(Capability.DECIDE_ON_DRAW)
def appoint_here(draw_id: int, seat_id: int) -> Answer:
    """Appoint an inspector to a seat."""
    inspector_id, reason = request.form.get("inspector_id", 0, type=int), request.form.get("reason", "")
    return _adjusted(
        draw_id,
        _pick_of(draw_id, seat_id),
        lambda: appoint(current_actor(), draw_id, seat_id, inspector_id, reason, paper_sent()),
    )


def _pick_of(draw_id: int, seat_id: int) -> int:
    draw_of(current_actor().agency_id, draw_id)
    seat = db.session.get(Seat, seat_id)
    if seat is None or seat.draw_id != draw_id:
        raise Refusal(NOT_FOUND, what="要调整的席位")
    return seat.pick_id


def paper_sent() -> Paper | None:
    """The paper that came with the form; one that is too large is refused, never cut."""
    sent = request.files.get("paper")
    content = sent.read(LARGEST_PAPER + 1) if sent and sent.filename else b""
    if len(content) > LARGEST_PAPER:
        raise Refusal(
            INVALID_INPUT, detail=f"书面说明超过 {LARGEST_PAPER // 1_000_000} MB，没有收下，请压缩后再交"
        )
    return Paper(sent.filename or "", content) if sent and content else None


def _adjusted(draw_id: int, pick_id: int, step: Callable[[], object]) -> Answer:
    then = url_for("draw.one", draw_id=draw_id)
    return stepped(step, lambda refusal: _adjust_page(draw_id, pick_id, refusal), then)


def _decided(adjustment_id: int, step: Callable[[], object]) -> Answer:
    then = url_for("adjustments.one", adjustment_id=adjustment_id)
    return stepped(step, lambda refusal: _one_page(adjustment_id, refusal), then)


def _adjust_page(draw_id: int, pick_id: int, refusal: Refusal | None) -> str:
    actor = current_actor()
    draw = draw_of(actor.agency_id, draw_id)
    require_promise(actor, draw)
    team = next(iter(named_teams(draw, pick_id=pick_id)), None)
    if team is None:
        raise Refusal(NOT_FOUND, what="这个检查对象")
    profile = rules_of_task(team.pick.task_id)
    by_appointment = profile.text("replacement.inspector") == "appoint"
    return render_template(
        "adjustments/adjust.html",
        draw=draw,
        team=team,
        is_out=any(task.status == "dispatched" for task in tasks_of_draw(draw)),
        to_appoint={
            named.seat.id: appointees(actor.agency_id, named.seat)
            for named in team.seats
            if named.inspector is None or by_appointment
        },
        by_appointment=by_appointment,
        reasons="、".join(profile.words("replacement.reasons")),
        earlier=told_adjustments(actor.agency_id, tuple(STATUSES), team.pick.task_id, team.entity.id),
        decides=actor.may(Capability.DECIDE_ON_DRAW),
        kinds=KINDS,
        statuses=STATUSES,
        chips=CHIPS,
        profile=profile,
        refusal=refusal,
        entered=request.form,
    )


def _one_page(adjustment_id: int, refusal: Refusal | None) -> str:
    actor = current_actor()
    adjustment = adjustment_of(actor.agency_id, adjustment_id)
    profile = rules_of_task(adjustment.task_id)
    seat = seat_behind(adjustment)
    open_seat = seat if seat and seat.status == "seated" and adjustment.status == "asked" else None
    return render_template(
        "adjustments/one.html",
        adjustment=adjustment,
        task=task_of(actor.agency_id, adjustment.task_id),
        draw=draw_of(actor.agency_id, adjustment.draw_id) if adjustment.draw_id else None,
        entity=db.session.get_one(Entity, adjustment.entity_id),
        inspector=db.session.get(Inspector, adjustment.inspector_id) if adjustment.inspector_id else None,
        seat=seat,
        ways=_ways(adjustment, profile.words("recusal.ways"), profile.text("replacement.inspector")),
        to_swap=_to_swap(open_seat) if open_seat and adjustment.kind == "recusal" else [],
        to_appoint=appointees(actor.agency_id, open_seat) if open_seat else [],
        kinds=KINDS,
        statuses=STATUSES,
        chips=CHIPS,
        profile=profile,
        decides=may_decide(actor, adjustment),
        signatories=_signatories(adjustment, profile),
        refusal=refusal,
        entered=request.form,
    )


def _signatories(adjustment: Adjustment, rules: RuleProfile) -> tuple[str, Ground | None]:
    """Who decides, in words, and the article that says so."""
    key = signed_by(adjustment.kind, adjustment.inspector_id is None)
    return (signatories(rules, key), rules.ground(key)) if key else (Role.HEAD.label, None)


def appointees(agency_id: int, seat: Seat | ReceivedSeat) -> list[tuple[int, str]]:
    """Who could be appointed, those free on every day first; of the others the days on which they are away are said."""
    away = absences_between(agency_id, *days_left(agency_id, seat))
    people = sorted(to_appoint(agency_id, seat), key=lambda person: person.id in away)
    return [
        (i.id, f"{i.name}（{absence_words(away[i.id])}不在）" if i.id in away else i.name) for i in people
    ]


def _ways(adjustment: Adjustment, allowed: tuple[str, ...], replaced_by: str) -> list[tuple[str, str]]:
    if adjustment.kind != "recusal":
        return []
    found = [(way, WAYS[way]) for way in allowed if way == "swap" or replaced_by != "appoint"]
    return [*found, ("appoint", WAYS["appoint"])]


def _to_swap(seat: Seat | ReceivedSeat) -> list[tuple[int, str]]:
    names = db.session.get_one
    return [
        (other_id, f"{names(Inspector, inspector_id).name}（{names(Entity, entity_id).name}）")
        for other_id, inspector_id, entity_id in to_swap_with(current_actor().agency_id, seat)
    ]
