"""HTML in, archival PDF out: PDF/A-3a and PDF/UA-1 in one file, the same bytes for the same input.

`lay_out` breaks the HTML into pages and tells where each anchor fell; `LaidOut.write` makes the file, with at most
one attachment, its source. Nothing is fetched: an address is `data:` or `picture:<name>`, one of the
pictures handed in. Any warning of the typesetter fails the document, because a warning on
paper is a missing character or a lost line in an official file.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf

from backend.core import errors
from backend.core.errors import Refusal
from backend.plumbing.pdf_fonts import drawable_characters, font_configuration

if TYPE_CHECKING:
    from weasyprint import Attachment, Document

_RDF_END = b"</rdf:RDF>"
_UA_IDENTIFICATION = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the document conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


@dataclass(frozen=True)
class SourceFile:
    """The file a PDF was made from, attached with AFRelationship=Source."""

    name: str
    content: bytes
    description: str


@dataclass(frozen=True)
class LaidOut:
    """A paginated document, before it becomes a file. `anchors`: element id → zero-based page."""

    pages: int
    anchors: Mapping[str, int]
    _document: "Document" = field(repr=False)

    def write(self, *, identifier: bytes, moment: datetime, source: SourceFile | None = None) -> bytes:
        """The PDF's bytes. `identifier` (any bytes that name this document) and `moment` replace chance and clock."""
        stamp = moment.astimezone(UTC).replace(microsecond=0)
        metadata = self._document.metadata
        metadata.created = metadata.modified = stamp.strftime("%Y-%m-%dT%H:%M:%SZ")
        metadata.attachments = [_attachment(source, stamp)] if source else []
        with _warnings_are_refusals():
            raw = self._document.write_pdf(
                pdf_variant="pdf/a-3a", pdf_identifier=identifier, output_intent="srgb"
            )
        return _settle(raw)


def lay_out(html: str, pictures: Mapping[str, bytes] | None = None) -> LaidOut:
    """Break `html` into pages. `pictures`: name → JPEG, reachable as `picture:<name>`."""
    # Only now: the typesetter is a sixth of the program's memory, and most processes never set a page.
    from weasyprint import HTML

    from backend.plumbing.pdf_pictures import OnlyWhatWasHandedIn

    drawable_characters()
    with _warnings_are_refusals():
        document = HTML(string=html, url_fetcher=OnlyWhatWasHandedIn(pictures or {})).render(
            font_config=font_configuration(), pdf_variant="pdf/a-3a", output_intent="srgb"
        )
    anchors: dict[str, int] = {}
    for number, page in enumerate(document.pages):
        for name in page.anchors:
            anchors.setdefault(name, number)
    return LaidOut(len(document.pages), anchors, document)


def attached_source(pdf: bytes, name: str) -> bytes | None:
    """The attachment `name` that stands as the PDF's source, or None."""
    with pikepdf.open(BytesIO(pdf)) as document:
        for specification in document.Root.get("/AF", []):
            if str(specification.UF) == name and specification.AFRelationship == "/Source":
                return bytes(specification.EF.F.read_bytes())
    return None


def has_signature(pdf: bytes) -> bool:
    """Whether a digital signature is part of the file."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return any(
            isinstance(item, pikepdf.Dictionary) and item.get("/FT") == "/Sig" and "/V" in item
            for item in document.objects
        )


def picture_descriptions(pdf: bytes) -> list[str]:
    """The alternative text of every figure in the PDF's structure tree, as a screen reader would say it."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return [
            str(item["/Alt"])
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure" and "/Alt" in item
        ]


def _attachment(source: SourceFile, stamp: datetime) -> "Attachment":
    from weasyprint import Attachment

    return Attachment(
        string=source.content,
        name=source.name,
        description=source.description,
        created=stamp,
        modified=stamp,
        relationship="Source",
    )


def _settle(raw: bytes) -> bytes:
    """Say that the file is PDF/UA too, and give it an identity that depends on its content alone."""
    settled = BytesIO()
    with pikepdf.open(BytesIO(raw)) as document:
        described = document.Root.Metadata
        described.write(described.read_bytes().replace(_RDF_END, _UA_IDENTIFICATION + _RDF_END, 1))
        document.save(settled, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return settled.getvalue()


@contextmanager
def _warnings_are_refusals() -> Iterator[None]:
    listener = _Listener()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(listener)
    try:
        yield
    finally:
        logger.removeHandler(listener)
    if listener.heard:
        raise Refusal(errors.PDF_NOT_CLEAN, detail="；".join(dict.fromkeys(listener.heard)))


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())
