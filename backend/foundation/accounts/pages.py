"""Log in and out of the office, and the page of people with their sessions."""

import re

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from backend.core.errors import NEW_PASSWORD_WRONG, Refusal
from backend.foundation.accounts.actions import (
    assign,
    change_password,
    create_person,
    log_in,
    log_out,
    open_session_for,
    reset_password,
    revoke_sessions,
    set_disabled,
)
from backend.foundation.accounts.models import User
from backend.foundation.accounts.queries import departments_of, people_of, person_of
from backend.foundation.accounts.sessions import COOKIE, current_session_id, give_cookie
from backend.foundation.permissions.access import anyone, current_actor, may
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Capability, Role

blueprint = Blueprint("accounts", __name__, url_prefix="/office", template_folder="templates")

# One slash and no blank or control character: browsers drop those, and `/<tab>/` would lead to another host.
_OWN_ADDRESS = re.compile(r"/(?![/\\])[^\\\s\x00-\x1f\x7f]*")


@blueprint.get("/login")
@anyone
def login_page() -> str | Response:
    """The login form."""
    if current_user.is_authenticated:
        return redirect("/office/", 303)
    return render_template("accounts/login.html", refusal=None, login="", next=_next())


@blueprint.post("/login")
@anyone
def log_in_here() -> tuple[str, int] | Response:
    """Log in and go on to where the person was heading."""
    login = request.form.get("login", "").strip()
    try:
        password, browser = request.form.get("password", ""), request.user_agent.string
        _, secret = log_in(login, password, browser, to_replace_it=True)
    except Refusal as refusal:
        page = render_template("accounts/login.html", refusal=refusal, login=login, next=_next())
        return page, refusal.problem.status
    response = redirect(_next(), 303)
    give_cookie(response, secret)
    return response


@blueprint.post("/logout")
@may(Capability.SEE_OWN_SESSION)
def log_out_here() -> Response:
    """End this session."""
    log_out(current_actor(), current_session_id())
    response = redirect(url_for("accounts.login_page"), 303)
    response.delete_cookie(COOKIE)
    return response


@blueprint.get("/password")
@may(Capability.SEE_OWN_SESSION)
def password_page() -> str:
    """The form to replace one's own password."""
    return render_template("accounts/password.html", refusal=None, given=current_user.password_is_initial)


@blueprint.post("/password")
@may(Capability.SEE_OWN_SESSION)
def change_password_here() -> tuple[str, int] | Response:
    """Replace it, and go on with a session that only the new one opened."""
    actor, form = current_actor(), request.form
    try:
        if form.get("chosen", "") != form.get("again", ""):
            raise Refusal(NEW_PASSWORD_WRONG, fault="两次输入的新口令不一样")
        change_password(actor, form.get("present", ""), form.get("chosen", ""))
    except Refusal as refusal:
        given = current_user.password_is_initial
        page = render_template("accounts/password.html", refusal=refusal, given=given)
        return page, refusal.problem.status
    response = _after_the_change(actor)
    person = person_of(actor.agency_id, actor.user_id)
    give_cookie(response, open_session_for(person, request.user_agent.string))
    return response


def _after_the_change(actor: Actor) -> Response:
    """The office, or one sentence for those who have nothing to do there: a witness, or someone without a role."""
    if actor.may(Capability.USE_OFFICE):
        return redirect("/office/", 303)
    return make_response(render_template("accounts/password.html", refusal=None, given=False, done=True))


@blueprint.get("/people")
@may(Capability.MANAGE_PEOPLE)
def people() -> str:
    """Everyone with a login, and the form to add one."""
    return _people_page(None)


@blueprint.post("/people")
@may(Capability.MANAGE_PEOPLE)
def add_person() -> tuple[str, int] | Response:
    """Give someone a login."""
    form = request.form
    try:
        create_person(
            current_actor(),
            form.get("login", "").strip(),
            form.get("name", "").strip(),
            form.get("password", ""),
            _chosen_roles(),
            form.get("department_id", type=int),
        )
    except Refusal as refusal:
        return _people_page(refusal), refusal.problem.status
    return redirect(url_for("accounts.people"), 303)


@blueprint.get("/people/<int:user_id>")
@may(Capability.MANAGE_PEOPLE)
def person(user_id: int) -> str:
    """One person's roles and department, and what can be done with their login."""
    return _person_page(user_id, None)


@blueprint.post("/people/<int:user_id>/posts")
@may(Capability.MANAGE_PEOPLE)
def assign_here(user_id: int) -> tuple[str, int] | Response:
    """Give them other roles or another department."""
    department_id, reason = request.form.get("department_id", type=int), request.form.get("reason", "")
    try:
        assign(current_actor(), user_id, _chosen_roles(), department_id, reason)
    except Refusal as refusal:
        return _person_page(user_id, refusal), refusal.problem.status
    return redirect(url_for("accounts.people"), 303)


@blueprint.post("/people/<int:user_id>/closures")
@may(Capability.MANAGE_PEOPLE)
def close_login(user_id: int) -> tuple[str, int] | Response:
    """Disable a login, or open it again."""
    try:
        set_disabled(current_actor(), user_id, request.form.get("disabled") == "1")
    except Refusal as refusal:
        return _person_page(user_id, refusal), refusal.problem.status
    return redirect(url_for("accounts.people"), 303)


@blueprint.post("/people/<int:user_id>/revocations")
@may(Capability.MANAGE_PEOPLE)
def end_sessions(user_id: int) -> Response:
    """Log a person out everywhere."""
    revoke_sessions(current_actor(), user_id)
    return redirect(url_for("accounts.people"), 303)


@blueprint.post("/people/<int:user_id>/passwords")
@may(Capability.MANAGE_PEOPLE)
def reset_password_here(user_id: int) -> str:
    """Give a person a new first password, shown once."""
    actor = current_actor()
    password = reset_password(actor, user_id)
    return _people_page(None, (person_of(actor.agency_id, user_id), password))


def _people_page(refusal: Refusal | None, given: tuple[User, str] | None = None) -> str:
    agency_id = current_actor().agency_id
    return render_template(
        "accounts/people.html",
        refusal=refusal,
        given=given,
        people=people_of(agency_id),
        departments={d.id: d for d in departments_of(agency_id)},
        roles=list(Role),
        entered=request.form,
    )


def _person_page(user_id: int, refusal: Refusal | None) -> str:
    agency_id = current_actor().agency_id
    held, form = person_of(agency_id, user_id), request.form
    return render_template(
        "accounts/person.html",
        refusal=refusal,
        person=held,
        departments=departments_of(agency_id),
        roles=list(Role),
        chosen=form.getlist("roles") if "reason" in form else held.roles,
        department_id=form.get("department_id", held.department_id or ""),
        reason=form.get("reason", ""),
    )


def _chosen_roles() -> list[Role]:
    return [role for role in Role if role in request.form.getlist("roles")]


def _next() -> str:
    target = request.values.get("next", "")
    return target if _OWN_ADDRESS.fullmatch(target) else "/office/"
