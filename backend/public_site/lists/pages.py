"""The pages of matter lists and yearly plans."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backend.core.errors import NOT_FOUND, Refusal
from backend.foundation.permissions.access import anyone
from backend.planning.annual_plan.rules import ratio_words as amount_words
from backend.plumbing.clock import today
from backend.public_site.lists.directories import public_directories
from backend.public_site.lists.queries import lists_in_force, planned_years, plans_of_year, published_list
from backend.registers.matters.queries import differences_between
from backend.registers.matters.rules.ratios import ratio_words
from backend.registers.matters.rules.words import CLASSES
from backend.registers.matters.views import LABELS, department_names, ratio_of_row, speller

blueprint = Blueprint("public_lists", __name__, template_folder="templates")


@blueprint.app_template_filter("ratio_words")
def said_ratio(ratio: Sequence[int]) -> str:
    """A sampling ratio in words."""
    return ratio_words(*ratio)


@blueprint.app_template_filter("ratios_words")
def said_ratios(ratios: Mapping[str, Sequence[int]]) -> str:
    """Ratios by risk grade in one line; one figure where all grades share it."""
    said = {grade: amount_words([*amount]) for grade, amount in ratios.items()}
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    return "，".join(f"{grade} 级 {words}" for grade, words in said.items())


@blueprint.get("/matters")
@anyone
def matters() -> str:
    """What may be inspected at all, with its legal basis."""
    return render_template(
        "public_lists/matters.html",
        section="matters",
        lists=lists_in_force(),
        classes=CLASSES,
        said_ratio=ratio_of_row,
    )


@blueprint.get("/matters/<code>/<int:number>")
@anyone
def matter_list(code: str, number: int) -> str:
    """One published version of an agency's list, and what it changed against the one before."""
    one = published_list(code, number)
    names = department_names(one.agency.id)
    return render_template(
        "public_lists/matter_list.html",
        section="matters",
        one=one,
        found=differences_between(one.earlier.snapshot, one.held.snapshot) if one.earlier else None,
        labels=LABELS,
        said=speller(names),
        classes=CLASSES,
        said_ratio=ratio_of_row,
    )


@blueprint.get("/inspectors")
@anyone
def inspectors() -> str:
    """Who inspects, with what the rules of their agency make public of them."""
    return render_template(
        "public_lists/inspectors.html", section="inspectors", directories=public_directories()
    )


@blueprint.get("/plans")
@anyone
def plans() -> Response | str:
    """The newest year's plans."""
    years = planned_years()
    if not years:
        return render_template(
            "public_lists/plans.html", section="plans", year=today().year, years=[], plans=[]
        )
    return redirect(url_for("public_lists.plans_of", year=years[0]), 303)


@blueprint.get("/plans/<int:year>")
@anyone
def plans_of(year: int) -> str:
    """One year's plans: which matters, how many, when, by whom."""
    found = plans_of_year(year)
    if not found:
        raise Refusal(NOT_FOUND, what=f"{year} 年的抽查计划")
    return render_template(
        "public_lists/plans.html",
        section="plans",
        year=year,
        years=planned_years(),
        plans=found,
        classes=CLASSES,
    )
