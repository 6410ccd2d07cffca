"""Binding: content and photos in, one archival PDF out, with its source attached and every page number known."""

from collections.abc import Callable
from dataclasses import dataclass

from backend.plumbing.pdf import SourceFile, lay_out
from backend.records.documents.content import DossierContent
from backend.records.documents.order import bound_documents
from backend.records.documents.typeset import dossier_html
from backend.records.dossier.source import PrintedDocument, dossier_json, fingerprint

SOURCE_NAME = "dossier.json"
LEADING_ANCHOR = "document-{}"


@dataclass(frozen=True)
class BoundDossier:
    """The dossier on paper. `pages` counts the numbered pages, as on the cover; `sheets` all of them."""

    pdf: bytes
    source: bytes
    fingerprint: str
    pages: int
    sheets: int
    printed: tuple[PrintedDocument, ...]


def bind(content: DossierContent, rendition: Callable[[str], bytes]) -> BoundDossier:
    """Set `content` on paper. `rendition(sha256)`: the JPEG that stands for that photo on its sheet."""
    mark = fingerprint(content)
    laid_out = lay_out(
        dossier_html(content, mark), {photo.sha256: rendition(photo.sha256) for photo in content.photos}
    )
    documents = bound_documents(content)
    starts = [laid_out.anchors[LEADING_ANCHOR.format(number)] for number in range(1, len(documents) + 1)]
    before = starts[0] - 1
    ends = [*(start - 1 for start in starts[1:]), laid_out.anchors["end"]]
    printed = tuple(
        PrintedDocument(document, start - before, end - before)
        for document, start, end in zip(documents, starts, ends, strict=True)
    )
    source = dossier_json(content, printed)
    pdf = laid_out.write(
        identifier=bytes.fromhex(mark)[:16],
        moment=content.as_of,
        source=SourceFile(SOURCE_NAME, source, "本卷宗的机读数据"),
    )
    return BoundDossier(pdf, source, mark, printed[-1].last_page, laid_out.pages, printed)
