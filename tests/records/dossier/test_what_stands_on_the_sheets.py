"""The sheets say what an archivist and a court look for."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from backend.records.documents.content import DossierContent, Gap
from backend.records.documents.words import fingerprint
from backend.records.dossier.binding import BoundDossier
from tests.records import specimens
from tests.records.reading import pages_of

pytestmark = pytest.mark.one_database
Bind = Callable[[DossierContent], BoundDossier]


def test_the_cover_names_the_dossier_and_prints_its_fingerprint(complete_dossier: BoundDossier) -> None:
    cover = pages_of(complete_dossier.pdf)[0]
    mark = specimens.complete().shelfmark
    for said in (
        mark.archive_no,
        mark.reference,
        mark.file_number,
        "示例市工业和信息化局",
        "2026年7月24日至2026年8月21日",
    ):
        assert said is not None
        assert said in cover
    assert fingerprint(complete_dossier.fingerprint).replace(" ", "") in cover


def test_each_photo_is_captioned_with_its_facts_and_full_fingerprint(complete_dossier: BoundDossier) -> None:
    text = "".join(pages_of(complete_dossier.pdf))
    for photo in specimens.complete().photos:
        digest = photo.sha256.upper()
        assert f"照片{photo.number}{photo.caption}".replace(" ", "") in text
        assert digest[:32] in text
        assert digest[32:] in text
    assert "2026年7月28日09:37:20" in text
    assert "手机时钟快4秒" in text


def test_a_refusal_prints_the_statement_the_witness_and_the_article(bind_anew: Bind) -> None:
    text = "".join(pages_of(bind_anew(specimens.refused()).pdf))
    for said in (
        "称要先请示总公司",
        "当场宣读笔录",
        "郑见证",
        "〔00315〕",
        "拒绝签字，见“签字（拒签及见证）”",
    ):
        assert said in text


def test_gaps_and_the_reason_for_sealing_with_them_stand_in_the_closing_note(bind_anew: Bind) -> None:
    content = specimens.complete()
    gap = Gap("见证人签名", "请见证人补签", "signing", specimens.ARTICLE_15)
    closing = replace(content.closing, gaps=(gap,), gap_reason="见证人已出国，无法补签")
    last = pages_of(bind_anew(replace(content, closing=closing)).pdf)[-1]
    assert "缺：见证人签名〔00315〕" in last
    assert "带缺封存的理由：见证人已出国，无法补签" in last


def test_every_numbered_sheet_carries_the_party_and_the_file_number(complete_dossier: BoundDossier) -> None:
    for page in pages_of(complete_dossier.pdf)[1:]:
        assert "示例市样品机械制造有限公司示工信检〔2026〕42号" in page


def test_the_on_site_record_is_signed_on_every_page(complete_dossier: BoundDossier) -> None:
    pages = pages_of(complete_dossier.pdf)
    record = next(row for row in complete_dossier.printed if row.document.key == "onsite_record")
    assert record.last_page > record.first_page
    for number in range(record.first_page, record.last_page + 1):
        assert any(f"被检查人：检查人员：—{number}—" in page for page in pages)
