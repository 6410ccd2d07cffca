"""The gap list: each missing piece with its article and its remedy; sealing waits for it, or for the head's reason."""

from dataclasses import replace

import pytest

from backend.fieldwork.visits.models import Visit
from backend.foundation.rule_profiles.profile_files import load_profile
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.records.documents.content import DossierContent
from backend.records.dossier.models import Dossier
from backend.records.dossier.queries import standing_of
from backend.records.dossier.rules import Circumstances, gaps_of, reference, retention
from tests.people import ARCHIVIST, HEAD
from tests.records import specimens
from tests.records.dossier.conftest import Archive
from tests.records.reading import pages_of

ZIBO = load_profile("zibo-industry")


def missing(content: DossierContent, circumstances: Circumstances | None = None) -> dict[str, str]:
    found = gaps_of(content, circumstances or Circumstances(), ZIBO)
    return {gap.piece: gap.citation.article if gap.citation else "" for gap in found}


def test_a_complete_dossier_lacks_nothing() -> None:
    assert missing(specimens.complete()) == {}
    assert missing(specimens.refused()) == {}


@pytest.mark.parametrize(
    ("without", "piece", "article"),
    [
        ({"draw": None}, "抽取过程记录", "9"),
        ({"notice": None}, "检查通知书及送达回证", "15"),
        ({"record": None}, "现场检查笔录", "19"),
        ({"evidence": ()}, "执法记录仪文件", "15"),
        ({"report": None}, "检查结果报告", "15"),
        ({"approvals": ()}, "组长签批", ""),
    ],
)
def test_a_missing_document_is_named(without: dict[str, object], piece: str, article: str) -> None:
    content = replace(specimens.complete(), **without)  # type: ignore[arg-type]
    assert missing(content) == {piece: article}


def test_each_missing_signature_is_named() -> None:
    party, first, second = specimens.complete().signatures
    unsigned = replace(specimens.complete(), signatures=(first,))
    assert missing(unsigned) == {"检查人员钱样例签字": "", "当事人签字（或拒签说明）": "15"}
    assert missing(replace(specimens.complete(), signatures=(party, first, second))) == {}


def test_a_refusal_needs_both_inspectors_and_the_witness_it_names() -> None:
    refused = specimens.refused()
    _, second, witness = refused.signatures
    assert missing(replace(refused, signatures=(second, witness))) == {"检查人员赵示例签字": "15"}
    without_witness = replace(refused, signatures=refused.signatures[:2])
    assert missing(without_witness) == {"见证人郑见证签名": "15"}


def test_a_witness_of_the_draw_who_did_not_sign_is_named() -> None:
    content = specimens.complete()
    assert content.draw is not None
    silent = replace(content.draw.witnesses[1], signed_at=None)
    draw = replace(content.draw, witnesses=(content.draw.witnesses[0], silent))
    assert missing(replace(content, draw=draw)) == {"见证人乙在抽取记录上的签名": "9"}


def test_each_unpublished_matter_is_named_unless_it_was_withheld_by_law() -> None:
    content = specimens.complete()
    first, second = content.publications
    assert missing(replace(content, publications=(first,))) == {"公示记录（能源计量器具配备情况检查）": "15"}
    withheld = replace(second, published_at=None, withheld_reason="涉及商业秘密")
    assert missing(replace(content, publications=(first, withheld))) == {}


def test_open_work_elsewhere_is_a_gap() -> None:
    open_work = Circumstances(
        unanswered=("工业节能监督检查",),
        conflicts=2,
        missing_originals=("照片 03",),
        undecided_objections=1,
        unsigned_corrections=1,
    )
    assert missing(specimens.complete(), open_work) == {
        "工业节能监督检查检查表的答案": "19",
        "2处不同答案的选定": "19",
        "照片 03的原件": "19",
        "异议复查结论": "16",
        "更正的签字": "16",
    }


def test_the_period_of_keeping_follows_the_gravest_result() -> None:
    content = specimens.complete()
    assert retention(content) == "30年"
    assert retention(specimens.with_everything()) == "永久"
    assert content.report is not None
    clean = replace(content.report, results=content.report.results[1:])
    assert retention(replace(content, rectification=None, report=clean)) == "10年"


def test_the_reference_is_built_as_da_t_13_says() -> None:
    assert reference("0137", 2026, "30年", "节能科", 42) == "0137-JC·2026-D30-节能科-0042"


def test_the_page_names_the_gaps_and_the_articles(archive: Archive, visit_id: str) -> None:
    archive.capture(visit_id)
    dossier = archive.approve(visit_id)
    page = archive.page(ARCHIVIST, f"/office/dossiers/{dossier.id}")
    for said in (
        "还缺3件，不能封存",
        "缺：执法记录仪文件",
        "缺：检查结果报告",
        "缺：公示记录（工业企业节能监察）",
        "15",
    ):
        assert said in page


def test_the_archivist_cannot_seal_with_gaps(archive: Archive, visit_id: str) -> None:
    archive.capture(visit_id)
    dossier = archive.approve(visit_id)
    answer = archive.post(ARCHIVIST, dossier, "sealing")
    assert answer.status_code == 409
    assert "不能封存：缺执法记录仪文件、检查结果报告、公示记录" in answer.text
    assert archive.post(ARCHIVIST, dossier, "sealing", reason="来不及").status_code == 403
    assert archive.again(dossier).status == "open"


def test_the_head_seals_with_gaps_for_a_reason_that_is_printed(archive: Archive, visit_id: str) -> None:
    archive.capture(visit_id)
    archive.approve(visit_id)
    archive.decide(visit_id)
    dossier = archive.dossier(visit_id)
    assert archive.post(HEAD, dossier, "sealing").status_code == 409
    assert archive.post(HEAD, dossier, "sealing", reason="记录仪故障，已另作说明").status_code == 303
    archive.work()
    dossier = archive.again(dossier)
    assert (dossier.status, dossier.gaps_sealed) == ("sealed", 1)
    pdf = archive.log_in(HEAD).get(f"/office/dossiers/{dossier.id}/dossier.pdf").data
    closing = pages_of(pdf)[-1]
    assert "缺：执法记录仪文件〔00315〕" in closing
    assert "带缺封存的理由：记录仪故障，已另作说明" in closing


def test_a_step_left_out_is_not_missed_and_the_closing_note_says_why(archive: Archive, visit_id: str) -> None:
    bare = replace(specimens.complete(), evidence=())
    assert missing(bare, Circumstances(left_out_steps=frozenset({"recording"}))) == {}
    archive.capture(visit_id)
    dossier = archive.approve(visit_id)
    db.session.rollback()
    with transaction():
        visit = db.session.get_one(Visit, visit_id)
        held = {"reason": "本次为书面检查，不到企业现场", "by": "王科长", "on": "2026-07-21"}
        visit.task.left_out_steps = {"recording": held}
    closing = standing_of(db.session.get_one(Dossier, dossier.id), now()).content.closing
    assert closing.remarks == ("检查程序删减：执法记录：本次为书面检查，不到企业现场（王科长）",)
