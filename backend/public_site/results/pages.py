"""The pages of published results: on a wide screen the list and one result side by side, on a phone one after the other."""

from typing import Any

from flask import Blueprint, render_template, request

from backend.core.clock import day_in_china
from backend.decisions.objections.queries import corrections_of, lodge_deadline
from backend.decisions.results.codes import result_codes
from backend.decisions.results.disclosure import public_address, public_code, public_name, public_text
from backend.decisions.results.models import Result
from backend.decisions.results.queries import line_of
from backend.foundation.permissions.access import anyone
from backend.planning.tasks.queries import rules_of_task
from backend.public_site.draws.queries import draw_behind
from backend.public_site.results.queries import (
    PublicResult,
    count_results,
    public_matters,
    public_result,
    publishing_agencies,
    search_results,
    siblings_of,
)
from backend.public_site.results.schemas import address_arguments, place_from, search_from, spelled_place

blueprint = Blueprint("public_results", __name__, template_folder="templates")
blueprint.app_template_global("public_name")(public_name)
blueprint.app_template_global("public_code")(public_code)
blueprint.app_template_global("public_address")(public_address)
blueprint.app_template_global("public_text")(public_text)

PAGE = 20


@blueprint.get("/results")
@anyone
def results() -> str:
    """Search and list; the newest hit is opened beside it where there is room."""
    return _page(None)


@blueprint.get("/results/<publication_no>")
@anyone
def result(publication_no: str) -> str:
    """One published result in full."""
    return _page(public_result(publication_no))


def _page(chosen: PublicResult | None) -> str:
    search = search_from(request.args)
    found = search_results(search, place_from(request.args.get("before", "")), PAGE + 1)
    lines, more = found[:PAGE], len(found) > PAGE
    shown = chosen or (lines[0] if lines else None)
    last = lines[-1].result if lines else None
    return render_template(
        "public_results/results.html",
        section="results",
        search=search,
        narrowed=address_arguments(search),
        lines=lines,
        count=count_results(search),
        later=spelled_place((last.published_at, last.id)) if last and last.published_at and more else None,
        is_later_page="before" in request.args,
        chosen=chosen,
        shown=shown,
        detail=_detail(shown.result) if shown else {},
        agencies=publishing_agencies(),
        matters=public_matters(search.agency),
        codes=result_codes(),
    )


def _detail(result: Result) -> dict[str, Any]:
    clocks = line_of(result.report).clocks
    assert result.published_at is not None, "only public results come here"
    published = day_in_china(result.published_at)
    counted = clocks.publication
    return {
        "corrections": corrections_of(result.id),
        "siblings": siblings_of(result),
        "draw": draw_behind(result),
        "lodge": lodge_deadline(result),
        "names_inspectors": rules_of_task(result.task_id).flag("inspector.published"),
        "publication_clock": counted,
        "published_after": counted.calendar.between(counted.start, published) if counted else None,
    }
