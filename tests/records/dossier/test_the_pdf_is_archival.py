"""The dossier's PDF is PDF/A-3a and PDF/UA-1, the same bytes for the same content, its source inside."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from weasyprint import HTML

from backend.plumbing.pdf import attached_source
from backend.plumbing.pdf_fonts import embedded_fonts, self_test
from backend.records.documents.content import DossierContent
from backend.records.dossier.binding import BoundDossier
from tests.records import specimens
from tests.records.verapdf import violations

pytestmark = pytest.mark.one_database
Bind = Callable[[DossierContent], BoundDossier]


@pytest.mark.parametrize("flavour", ["3a", "ua1"])
def test_vera_finds_no_violation(complete_dossier: BoundDossier, tmp_path: Path, flavour: str) -> None:
    file = tmp_path / "dossier.pdf"
    file.write_bytes(complete_dossier.pdf)
    assert violations(file, flavour) == []


@pytest.mark.parametrize("flavour", ["3a", "ua1"])
def test_vera_does_find_fault_with_an_ordinary_pdf(tmp_path: Path, flavour: str) -> None:
    file = tmp_path / "ordinary.pdf"
    file.write_bytes(HTML(string="<p>ordinary").write_pdf())
    assert violations(file, flavour) != []


def test_a_refusal_many_photos_and_every_optional_document_stay_archival(
    bind_anew: Bind, tmp_path: Path
) -> None:
    content = specimens.with_everything()
    file = tmp_path / "dossier.pdf"
    file.write_bytes(bind_anew(content).pdf)
    assert violations(file, "3a") == []
    assert violations(file, "ua1") == []


def test_the_same_content_gives_the_same_bytes(complete_dossier: BoundDossier, bind_anew: Bind) -> None:
    assert bind_anew(specimens.complete()).pdf == complete_dossier.pdf


def test_another_content_gives_another_fingerprint_and_file(
    complete_dossier: BoundDossier, bind_anew: Bind
) -> None:
    content = specimens.complete()
    changed = bind_anew(replace(content, party=replace(content.party, phone="0533-0000009")))
    assert changed.fingerprint != complete_dossier.fingerprint
    assert changed.pdf != complete_dossier.pdf


def test_the_source_is_attached(complete_dossier: BoundDossier) -> None:
    assert attached_source(complete_dossier.pdf, "dossier.json") == complete_dossier.source


def test_only_small_subsets_of_noto_are_embedded(complete_dossier: BoundDossier) -> None:
    fonts = embedded_fonts(complete_dossier.pdf)
    assert fonts
    assert all("+Noto" in name and size and size < 1_000_000 for name, size in fonts.items())


def test_the_font_self_test_passes_on_this_machine() -> None:
    self_test()
