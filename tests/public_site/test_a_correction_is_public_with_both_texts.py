"""003 art. 16: nothing public is altered in silence."""

from flask.testing import FlaskClient

from backend.core.ids import uuid7
from backend.decisions.objections.actions import draft_correction, sign_correction
from backend.decisions.results.actions import Wording
from tests.inspections import PROBLEM, Field
from tests.people import HEAD, OFFICER


def test_old_and_new_words_reason_and_signature_stand_side_by_side(field: Field, public: FlaskClient) -> None:
    result = field.published({"originalRecords": PROBLEM})
    wording = Wording("nothing-found", "未发现问题", "无需后续处置")
    draft = field.act(
        OFFICER, draft_correction, uuid7(9, b"0123456789"), result.id, wording, "复查时出示了台账"
    )
    address = f"/results/{result.publication_no}"
    assert "复查时出示了台账" not in public.get(address).text
    field.act(HEAD, sign_correction, draft.id)
    page = public.get(address).text
    for words in ("原文：发现问题已责令改正", "更正为：未发现问题", "复查时出示了台账", f"{HEAD.name}签字"):
        assert words in page


def test_the_way_to_object_names_agency_deadlines_and_articles(field: Field, public: FlaskClient) -> None:
    result = field.published()
    page = public.get(f"/objection?no={result.publication_no}").text
    assert "示例市工业和信息化局" in page
    assert "剩 60 个工作日" in page
    assert "在收到申请材料之日起20个工作日内组织复查" in page
    assert public.get("/objection?no=没有").status_code == 200
