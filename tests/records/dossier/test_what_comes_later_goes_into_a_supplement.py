"""After sealing, an objection or a referral goes into a supplement volume under the same archive number."""

import uuid

from backend.decisions.objections.actions import answer, dismiss, lodge
from backend.decisions.referrals.actions import refer
from backend.decisions.results.queries import results_of
from tests.conftest import FixedClock
from tests.inspections import acting
from tests.people import ARCHIVIST, OFFICER
from tests.records.dossier.conftest import Archive
from tests.records.reading import pages_of


def test_an_objection_and_a_referral_make_a_second_volume(
    archive: Archive, visit_id: str, clock: FixedClock
) -> None:
    first = archive.sealed(visit_id)
    clock.advance(days=1)
    officer = acting(OFFICER)
    result = results_of(visit_id)[0]
    objection = lodge(
        officer, str(uuid.uuid4()), result.id, "示例市第1机械有限公司", "", "型号认定有误", clock.now().date()
    )
    dismiss(officer, objection.id, "铭牌清晰，维持")
    answer(officer, objection.id, "书面答复")
    refer(officer, str(uuid.uuid4()), result.id, "clue", "节能与综合利用科", "使用淘汰电动机", "照片一张")
    opened = archive.post(ARCHIVIST, first, "supplements")
    assert opened.status_code == 303
    second = archive.dossier(visit_id)
    assert (second.volume, second.archive_no, second.status) == (2, "2026-0001", "open")
    assert archive.post(ARCHIVIST, second, "sealing").status_code == 303
    archive.work()
    second = archive.again(second)
    assert second.status == "sealed"
    pdf = archive.log_in(ARCHIVIST).get(f"/office/dossiers/{second.id}/dossier.pdf").data
    text = "".join(pages_of(pdf))
    assert "补充卷第1册" in text
    assert "型号认定有误" in text
    assert "使用淘汰电动机" in text
    assert "现场检查笔录" not in text
    assert archive.again(first).package_sha256 == first.package_sha256


def test_a_supplement_is_opened_once(archive: Archive, visit_id: str, clock: FixedClock) -> None:
    first = archive.sealed(visit_id)
    clock.advance(days=1)
    result = results_of(visit_id)[0]
    refer(acting(OFFICER), str(uuid.uuid4()), result.id, "clue", "节能科", "使用淘汰电动机", "")
    places = {archive.post(ARCHIVIST, first, "supplements").headers["Location"] for _ in range(2)}
    assert len(places) == 1
