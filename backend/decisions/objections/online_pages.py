"""The public site's form for an objection, and what its receipt tells: the only door there that takes anything in."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.core.errors import Refusal
from backend.decisions.objections.online import Application, lodge_online, published_result
from backend.decisions.objections.queries import (
    CHIPS,
    STATUS_WORDS,
    lodge_deadline,
    objection_with_receipt,
    with_deadlines,
)
from backend.decisions.objections.rules import STANDINGS
from backend.decisions.objections.schemas import OnlineForm
from backend.decisions.results.codes import result_codes
from backend.foundation.accounts.queries import agency
from backend.foundation.permissions.access import anyone
from backend.planning.tasks.queries import rules_of_task
from backend.plumbing.randomness import new_id
from backend.plumbing.web.requests import validated

blueprint = Blueprint("objection_online", __name__, url_prefix="/objection", template_folder="templates")

Answer = str | Response | tuple[str, int]


@blueprint.get("/new")
@anyone
def new() -> str:
    """The form for one published result (`no`)."""
    return _form(request.args.get("no", ""), None)


@blueprint.post("")
@anyone
def lodge() -> Answer:
    """Take it in, and give the receipt."""
    number = request.form.get("publication_no", "")
    try:
        form = validated(OnlineForm(), request.form.to_dict())
        if form["website"]:
            return redirect(url_for("public_front.home"), 303)
        objection = lodge_online(
            Application(
                str(form["form_id"]),
                form["publication_no"],
                form["lodged_as"],
                form["lodged_by"],
                form["contact"],
                form["grounds"],
                request.remote_addr or "",
            )
        )
    except Refusal as refusal:
        if refusal.problem.status == 404:
            raise
        return _form(number, refusal), refusal.problem.status
    return redirect(url_for("objection_online.receipt", receipt_no=objection.receipt_no, sent=1), 303)


@blueprint.get("/receipts")
@anyone
def receipts() -> Response:
    """From the field where a receipt is typed in to what it tells."""
    typed = request.args.get("receipt_no", "").strip().upper()
    return redirect(url_for("objection_online.receipt", receipt_no=typed or "-"), 303)


@blueprint.get("/receipts/<receipt_no>")
@anyone
def receipt(receipt_no: str) -> str:
    """How far the objection is: no name, no contact, no grounds."""
    objection = objection_with_receipt(receipt_no)
    (line,) = with_deadlines(objection.agency_id, [objection])
    return render_template(
        "objections_online/receipt.html",
        section="objection",
        objection=objection,
        result=objection.result,
        line=line,
        agency=agency(objection.agency_id),
        chip_kind=CHIPS[objection.status],
        status_words=STATUS_WORDS[objection.status],
        profile=rules_of_task(objection.result.task_id),
        codes=result_codes(),
        sent=bool(request.args.get("sent")),
    )


def _form(publication_no: str, refusal: Refusal | None) -> str:
    result = published_result(publication_no)
    return render_template(
        "objections_online/new.html",
        section="objection",
        refusal=refusal,
        result=result,
        agency=agency(result.agency_id),
        lodge=lodge_deadline(result),
        standings=STANDINGS,
        profile=rules_of_task(result.task_id),
        codes=result_codes(),
        entered=request.form,
        form_id=request.form.get("form_id") or new_id(),
    )
