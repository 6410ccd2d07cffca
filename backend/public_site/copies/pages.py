"""The pages behind the link of a party's copy."""

from flask import Blueprint, Response, render_template

from backend.core.errors import NOT_FOUND, Refusal
from backend.fieldwork.visits.copies import visit_of_copy
from backend.foundation.permissions.access import anyone
from backend.records.dossier.handed_over import copies_of, copy_as_pdf

blueprint = Blueprint("public_copies", __name__, url_prefix="/copies", template_folder="templates")


@blueprint.get("/<visit_id>/<mark>")
@anyone
def copy(visit_id: str, mark: str) -> Response:
    """What was handed over and signed, each to be opened as a PDF."""
    content, documents = copies_of(visit_of_copy(visit_id, mark))
    page = render_template(
        "public_copies/copy.html", content=content, documents=documents, visit_id=visit_id, mark=mark
    )
    return _private(Response(page))


@blueprint.get("/<visit_id>/<mark>/<int:number>.pdf")
@anyone
def document(visit_id: str, mark: str, number: int) -> Response:
    """One document as a PDF."""
    content, documents = copies_of(visit_of_copy(visit_id, mark))
    if not 1 <= number <= len(documents):
        raise Refusal(NOT_FOUND, what="这份文书")
    return _private(Response(copy_as_pdf(content, documents[number - 1]), mimetype="application/pdf"))


def _private(response: Response) -> Response:
    """Kept by no cache, found by no search engine, told to no other site."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
