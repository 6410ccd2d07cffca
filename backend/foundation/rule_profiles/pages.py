"""The agency's rules on a page, each with its article: now, as of a version, beside the others, one by one."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.core.errors import NOT_FOUND, Refusal
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.actions import confirm_profile, drop_value, follow_profile, set_value
from backend.foundation.rule_profiles.comparison import comparison
from backend.foundation.rule_profiles.profile_files import Key, known_keys, load_profile, profile_files
from backend.foundation.rule_profiles.queries import (
    DEFAULT_PROFILE,
    confirmation_of,
    confirmations_of,
    current_version,
    profile_for,
    profile_warning,
    rules_of_version,
    version_of,
    versions_of,
)
from backend.foundation.rule_profiles.views import rule_groups, spoken, written
from backend.plumbing.clock import today

blueprint = Blueprint("rule_profiles", __name__, url_prefix="/office/rules", template_folder="templates")

Answer = tuple[str, int] | Response


@blueprint.get("")
@may(Capability.USE_OFFICE)
def profile() -> str:
    """Every rule the agency follows; `#<key>` and `#article-<article>` lead to one."""
    return _profile_page(None)


@blueprint.get("/versions/<int:number>")
@may(Capability.USE_OFFICE)
def version(number: int) -> str:
    """The rules as one version has them: what a task made under it is held to."""
    agency_id = current_actor().agency_id
    held = version_of(agency_id, number)
    return render_template(
        "rule_profiles/version.html",
        version=held,
        current=current_version(agency_id),
        profile=rules_of_version(held),
        groups=rule_groups(rules_of_version(held)),
        names=_names(),
    )


@blueprint.get("/comparison")
@may(Capability.USE_OFFICE)
def compare() -> str:
    """All profiles side by side, what differs from the agency's own marked."""
    agency_id = current_actor().agency_id
    only_different = request.args.get("rows") == "different"
    return render_template(
        "rule_profiles/comparison.html",
        groups=comparison(profile_for(agency_id), only_different),
        heads=[_head(key) for key in profile_files()],
        only_different=only_different,
    )


@blueprint.get("/values/<key>")
@may(Capability.USE_OFFICE)
def value(key: str) -> str:
    """One rule: what the regulation says, what the agency set, and the form to set it."""
    return _value_page(key, None)


@blueprint.post("/values/<key>")
@may(Capability.MANAGE_RULES)
def set_here(key: str) -> Answer:
    """Set the agency's own value."""
    form = request.form
    asked = "\n".join(form.getlist("value"))
    try:
        set_value(current_actor(), key, asked, form.get("reason", ""), form.get("source", ""))
    except Refusal as refusal:
        return _value_page(key, refusal), refusal.problem.status
    return redirect(url_for("rule_profiles.profile", _anchor=key), 303)


@blueprint.post("/values/<key>/withdrawals")
@may(Capability.MANAGE_RULES)
def drop_here(key: str) -> Answer:
    """Go back to the regulation's own value."""
    try:
        drop_value(current_actor(), key)
    except Refusal as refusal:
        return _value_page(key, refusal), refusal.problem.status
    return redirect(url_for("rule_profiles.profile", _anchor=key), 303)


@blueprint.post("/confirmations")
@may(Capability.MANAGE_RULES)
def confirm_here() -> Answer:
    """Go on with the expired rules for this year."""
    try:
        confirm_profile(current_actor(), request.form.get("reason", ""))
    except Refusal as refusal:
        return _profile_page(refusal), refusal.problem.status
    return redirect(url_for("rule_profiles.profile"), 303)


@blueprint.post("/choices")
@may(Capability.MANAGE_RULES)
def follow_here() -> Answer:
    """Follow another profile."""
    try:
        follow_profile(current_actor(), request.form.get("profile", ""))
    except Refusal as refusal:
        return _profile_page(refusal), refusal.problem.status
    return redirect(url_for("rule_profiles.profile"), 303)


def _profile_page(refusal: Refusal | None) -> str:
    agency_id = current_actor().agency_id
    followed = profile_for(agency_id)
    return render_template(
        "rule_profiles/profile.html",
        profile=followed,
        in_force=followed.in_force(today()),
        warning=profile_warning(agency_id, today()),
        confirmation=confirmation_of(agency_id, followed.key, today().year),
        confirmations=confirmations_of(agency_id),
        versions=versions_of(agency_id),
        groups=rule_groups(followed),
        names=_names(),
        refusal=refusal,
        entered=request.form,
        capability=Capability,
    )


def _value_page(name: str, refusal: Refusal | None) -> str:
    key = _key(name)
    agency_id = current_actor().agency_id
    followed = profile_for(agency_id)
    present, regulation = followed.get(name), load_profile(followed.key).get(name)
    return render_template(
        "rule_profiles/value.html",
        key=key,
        present=present,
        present_words=spoken(key, present),
        regulation=regulation,
        regulation_words=spoken(key, regulation),
        profile=followed,
        names=_names(),
        written=request.form.get("value") if refusal else written(key, present),
        chosen=request.form.getlist("value") if refusal else present.value,
        refusal=refusal,
        entered=request.form,
        capability=Capability,
    )


def _key(name: str) -> Key:
    if name not in known_keys():
        raise Refusal(NOT_FOUND, what="这一项规则")
    return known_keys()[name]


def _head(key: str) -> str:
    profile = load_profile(key)
    return profile.name if key == DEFAULT_PROFILE else profile.issuer


def _names() -> dict[str, str]:
    return {key: load_profile(key).name for key in profile_files()}
