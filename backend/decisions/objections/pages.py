"""The office's pages of objections and corrections."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.core.errors import Refusal
from backend.decisions.objections.actions import (
    answer,
    dismiss,
    draft_correction,
    lodge,
    sign_correction,
    turn_away,
    uphold,
)
from backend.decisions.objections.queries import (
    CHIPS,
    STATUS_WORDS,
    correction_of,
    lodge_deadline,
    objection_lines,
    objection_of,
    unsigned_corrections,
    with_deadlines,
)
from backend.decisions.objections.rules import STANDINGS
from backend.decisions.objections.schemas import CorrectionForm, DecisionForm, ObjectionForm
from backend.decisions.results.actions import Wording
from backend.decisions.results.codes import disposals, result_codes
from backend.decisions.results.queries import result_of
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.signatories import may_sign
from backend.planning.tasks.queries import rules_of_task
from backend.plumbing.randomness import new_id
from backend.plumbing.web.requests import validated

blueprint = Blueprint("objections", __name__, url_prefix="/office/objections", template_folder="templates")

Answer = str | Response | tuple[str, int]


@blueprint.get("")
@may(Capability.SEE_RESULTS)
def objections() -> str:
    """Every objection with its running clock, and the corrections that wait for a signature."""
    agency_id = current_actor().agency_id
    return render_template(
        "objections/list.html",
        lines=objection_lines(agency_id),
        corrections=unsigned_corrections(agency_id),
        status_words=STATUS_WORDS,
        chips=CHIPS,
        codes=result_codes(),
    )


@blueprint.get("/new")
@may(Capability.HANDLE_OBJECTIONS)
def new_objection() -> str:
    """The form to register an objection to one result."""
    return _objection_form(request.args.get("result", 0, type=int), None)


@blueprint.post("")
@may(Capability.HANDLE_OBJECTIONS)
def register_objection() -> Answer:
    """Register it."""
    try:
        form = validated(ObjectionForm(), request.form.to_dict())
        objection = lodge(
            current_actor(),
            str(form["form_id"]),
            form["result_id"],
            form["lodged_by"],
            form["contact"],
            form["grounds"],
            form["received"],
        )
    except Refusal as refusal:
        _let_not_found_pass(refusal)
        page = _objection_form(request.form.get("result_id", 0, type=int), refusal)
        return page, refusal.problem.status
    return redirect(url_for("objections.objection", objection_id=objection.id), 303)


@blueprint.get("/<int:objection_id>")
@may(Capability.SEE_RESULTS)
def objection(objection_id: int) -> str:
    """One objection: what was objected, what the review came to, what the party was told."""
    return _objection_page(objection_id, None)


@blueprint.post("/<int:objection_id>/decisions")
@may(Capability.HANDLE_OBJECTIONS)
def decide(objection_id: int) -> Answer:
    """Uphold, dismiss or turn away."""
    try:
        form = validated(DecisionForm(), request.form.to_dict())
        if form["outcome"] == "upheld":
            wording = Wording(form["code"], form["text"], form["disposal"])
            uphold(current_actor(), str(form["form_id"]), objection_id, form["opinion"], wording)
        elif form["outcome"] == "turned_away":
            turn_away(current_actor(), objection_id, form["opinion"])
        else:
            dismiss(current_actor(), objection_id, form["opinion"])
    except Refusal as refusal:
        _let_not_found_pass(refusal)
        return _objection_page(objection_id, refusal), refusal.problem.status
    return redirect(url_for("objections.objection", objection_id=objection_id), 303)


@blueprint.post("/<int:objection_id>/answers")
@may(Capability.HANDLE_OBJECTIONS)
def answer_party(objection_id: int) -> Answer:
    """Keep that the party was told."""
    try:
        answer(current_actor(), objection_id, request.form.get("how", ""))
    except Refusal as refusal:
        _let_not_found_pass(refusal)
        return _objection_page(objection_id, refusal), refusal.problem.status
    return redirect(url_for("objections.objection", objection_id=objection_id), 303)


@blueprint.get("/corrections/new")
@may(Capability.HANDLE_OBJECTIONS)
def new_correction() -> str:
    """The form to correct one published result."""
    return _correction_form(request.args.get("result", 0, type=int), None)


@blueprint.post("/corrections")
@may(Capability.HANDLE_OBJECTIONS)
def propose_correction() -> Answer:
    """Draft it for the head's signature."""
    try:
        form = validated(CorrectionForm(), request.form.to_dict())
        wording = Wording(form["code"], form["text"], form["disposal"])
        correction = draft_correction(
            current_actor(), str(form["form_id"]), form["result_id"], wording, form["reason"]
        )
    except Refusal as refusal:
        _let_not_found_pass(refusal)
        page = _correction_form(request.form.get("result_id", 0, type=int), refusal)
        return page, refusal.problem.status
    return redirect(url_for("objections.correction", correction_id=correction.id), 303)


@blueprint.get("/corrections/<int:correction_id>")
@may(Capability.SEE_RESULTS)
def correction(correction_id: int) -> str:
    """One correction, old words and new side by side."""
    actor = current_actor()
    found = correction_of(actor.agency_id, correction_id)
    return render_template(
        "objections/correction.html",
        correction=found,
        codes=result_codes(),
        profile=rules_of_task(found.result.task_id),
        may_sign=actor.may(Capability.SIGN_CORRECTIONS)
        and may_sign(actor, rules_of_task(found.result.task_id), "correction.signatories"),
    )


@blueprint.post("/corrections/<int:correction_id>/signatures")
@may(Capability.SIGN_CORRECTIONS)
def sign(correction_id: int) -> Response:
    """The head signs."""
    sign_correction(current_actor(), correction_id)
    return redirect(url_for("objections.correction", correction_id=correction_id), 303)


def _objection_form(result_id: int, refusal: Refusal | None) -> str:
    result = result_of(current_actor().agency_id, result_id)
    return render_template(
        "objections/new.html",
        refusal=refusal,
        result=result,
        codes=result_codes(),
        limit=lodge_deadline(result) if result.published_at else None,
        entered=request.form,
        form_id=request.form.get("form_id") or new_id(),
    )


def _objection_page(objection_id: int, refusal: Refusal | None) -> str:
    actor = current_actor()
    found = objection_of(actor.agency_id, objection_id)
    (line,) = with_deadlines(actor.agency_id, [found])
    return render_template(
        "objections/objection.html",
        refusal=refusal,
        line=line,
        objection=found,
        result=found.result,
        codes=result_codes(),
        disposals=disposals(),
        status_words=STATUS_WORDS,
        chips=CHIPS,
        standings=STANDINGS,
        profile=rules_of_task(found.result.task_id),
        may_handle=actor.may(Capability.HANDLE_OBJECTIONS),
        entered=request.form,
        form_id=request.form.get("form_id") or new_id(),
    )


def _correction_form(result_id: int, refusal: Refusal | None) -> str:
    result = result_of(current_actor().agency_id, result_id)
    return render_template(
        "objections/new_correction.html",
        refusal=refusal,
        result=result,
        codes=result_codes(),
        disposals=disposals(),
        profile=rules_of_task(result.task_id),
        entered=request.form,
        form_id=request.form.get("form_id") or new_id(),
    )


def _let_not_found_pass(refusal: Refusal) -> None:
    if refusal.problem.status == 404:
        raise refusal
