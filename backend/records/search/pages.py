"""The page of a search."""

from flask import Blueprint, render_template, request

from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.records.search.queries import LEAST_LETTERS
from backend.records.search.queries import search as find

blueprint = Blueprint("search", __name__, url_prefix="/office/search", template_folder="templates")


@blueprint.get("")
@may(Capability.USE_OFFICE)
def search() -> str:
    """What the words find, kind by kind."""
    words = request.args.get("q", "").strip()
    kinds = find(current_actor(), words)
    return render_template("search/search.html", words=words, kinds=kinds, least=LEAST_LETTERS)
