"""national.md 1.5: a natural person keeps the family name only, cannot be searched by name; numbers are struck out."""

from typing import Any

from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from backend.core.masking import without_personal_numbers
from tests.inspections import Field

PERSON: dict[str, Any] = {
    "kind": "person",
    "name": "张三丰",
    "code": "person:0001",
    "address": "示例小区 3 号楼",
}


def test_a_natural_person_is_shown_by_family_name_only(field: Field, public: FlaskClient) -> None:
    problem = {"result": "fail", "problem": "张三丰（13812345678）未建台账", "disposal": "责令改正"}
    result = field.published({"originalRecords": problem}, **PERSON)
    page = public.get(f"/results/{result.publication_no}").text
    assert "张某" in page
    for private in ("张三丰", "person:0001", "示例小区", "13812345678"):
        assert private not in page
    assert "138****5678" in page


def test_a_natural_person_cannot_be_found_by_name_or_code(field: Field, public: FlaskClient) -> None:
    field.published(**PERSON)
    for words in ("张三丰", "三丰", "person:0001"):
        assert "没有查到符合条件的结果" in public.get("/results", query_string={"q": words}).text
    assert "张某" in public.get("/results?q=节能").text


def test_principal_and_phone_of_an_enterprise_are_never_shown(field: Field, public: FlaskClient) -> None:
    result = field.published()
    page = public.get(f"/results/{result.publication_no}").text
    assert "李示范" not in page
    assert "13800000000" not in page


@given(st.integers(0, 99), st.dates(), st.integers(0, 999), st.sampled_from("0123456789X"))
def test_no_identity_number_survives(region: int, born: object, order: int, check: str) -> None:
    year_month_day = str(born).replace("-", "")
    if year_month_day[:2] not in ("19", "20"):
        return
    number = f"3703{region:02d}{year_month_day}{order:03d}{check}"
    assert number not in without_personal_numbers(f"证号{number}。")


def test_a_credit_code_of_digits_is_left_whole() -> None:
    assert without_personal_numbers("代码 913703000000000012") == "代码 913703000000000012"
