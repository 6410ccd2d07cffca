"""What the party gets of a visit: the papers that were handed over and the record that was signed, nothing of the agency's own."""

from collections.abc import Sequence

from backend.fieldwork.visits.models import Visit
from backend.plumbing.clock import now
from backend.plumbing.pdf import lay_out
from backend.records.documents.content import DossierContent
from backend.records.documents.order import BoundDocument, bound_documents
from backend.records.documents.typeset import document_html
from backend.records.dossier.models import Dossier
from backend.records.dossier.queries import standing_of

FOR_THE_PARTY = (
    "notice",
    "checklist",
    "onsite_record",
    "signing",
    "rectification",
    "stop_order",
    "evidence_taken",
)


def copies_of(visit: Visit) -> tuple[DossierContent, Sequence[BoundDocument]]:
    """The content of the visit and those of its documents that the party gets, in the order of binding."""
    unbound = Dossier(
        agency_id=visit.agency_id,
        visit_id=visit.id,
        volume=1,
        status="open",
        remarks="",
        gap_reason="",
        catalogue=[],
    )
    content = standing_of(unbound, now().replace(microsecond=0), trail=False).content
    return content, [one for one in bound_documents(content) if one.key in FOR_THE_PARTY]


def copy_as_pdf(content: DossierContent, document: BoundDocument) -> bytes:
    """One document as a PDF."""
    laid_out = lay_out(document_html(content, document), {})
    return laid_out.write(identifier=content.visit_id.encode(), moment=content.as_of)
