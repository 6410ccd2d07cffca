"""The party's copy of what was signed: a page under an address that nobody can guess, bound to the very document."""

import hmac

import segno

from backend.core.errors import COPY_NOT_READY, NOT_FOUND, Refusal
from backend.fieldwork.visits.models import Visit
from backend.fieldwork.visits.rules import VisitStatus
from backend.plumbing.db import db
from backend.plumbing.sealing import mark_of

READY = frozenset((VisitStatus.SUBMITTED, VisitStatus.APPROVED))


def copy_path(visit: Visit) -> str:
    """The path of the party's copy; refused until the server holds the signed document."""
    if visit.status not in READY or not visit.digest:
        raise Refusal(COPY_NOT_READY)
    return f"/copies/{visit.id}/{_mark(visit)}"


def visit_of_copy(visit_id: str, mark: str) -> Visit:
    """The visit whose copy this link opens. A document that changed since has another link; the old one opens nothing."""
    visit = db.session.get(Visit, visit_id)
    known = visit is not None and visit.status in READY and bool(visit.digest)
    if visit is None or not known or not hmac.compare_digest(_mark(visit).encode(), mark.encode()):
        raise Refusal(NOT_FOUND, what="这份副本")
    return visit


def as_qr(address: str) -> str:
    """The address as an SVG picture to be scanned."""
    svg: str = segno.make(address, error="m").svg_inline(scale=6, border=4)
    return svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def _mark(visit: Visit) -> str:
    return mark_of("party copy", f"{visit.id} {visit.digest}")
