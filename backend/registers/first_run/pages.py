"""The first day on one page: what is set up, what comes next, and an agency below one's own."""

from collections.abc import Mapping

from flask import Blueprint, render_template, request

from backend.core.errors import Refusal
from backend.foundation.accounts.queries import agencies_below, departments_of
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.profile_files import load_profile, profile_files
from backend.foundation.rule_profiles.queries import profile_for
from backend.registers.first_run.actions import Founded, found_below
from backend.registers.first_run.queries import progress_of
from backend.registers.first_run.rules import Founding

blueprint = Blueprint("first_run", __name__, url_prefix="/office/first-run", template_folder="templates")

REGISTERS = (
    ("matters", "抽查事项清单", "matters"),
    ("inspectors", "执法检查人员名录", "inspectors"),
    ("entities", "检查对象名录", "entities"),
)


@blueprint.get("")
@may(Capability.SET_UP_AGENCIES)
def first_run() -> str:
    """Every step, done or not."""
    return _page(None, None)


@blueprint.post("/agencies")
@may(Capability.SET_UP_AGENCIES)
def found_here() -> tuple[str, int] | str:
    """Found an agency below; its administrator's password is on the answer and nowhere else."""
    try:
        return _page(None, found_below(current_actor(), _founding(request.form)))
    except Refusal as refusal:
        return _page(refusal, None), refusal.problem.status


def _founding(form: Mapping[str, str]) -> Founding:
    return Founding(
        name=form.get("name", ""),
        code=form.get("code", "").strip(),
        doc_prefix=form.get("doc_prefix", ""),
        fonds_no=form.get("fonds_no", ""),
        departments=[line for line in form.get("departments", "").splitlines() if line.strip()],
        profile_key=form.get("profile", ""),
        admin_login=form.get("admin_login", "").strip(),
        admin_name=form.get("admin_name", ""),
    )


def _page(refusal: Refusal | None, founded: Founded | None) -> str:
    agency_id = current_actor().agency_id
    return render_template(
        "first_run/first_run.html",
        progress=progress_of(agency_id),
        agencies=agencies_below(agency_id),
        rules={agency.id: profile_for(agency.id).name for agency in agencies_below(agency_id)},
        departments=departments_of(agency_id),
        profile=profile_for(agency_id),
        profiles=[(key, load_profile(key).name) for key in profile_files()],
        registers=REGISTERS,
        founded=founded,
        refusal=refusal,
        entered=request.form if refusal else {},
    )
