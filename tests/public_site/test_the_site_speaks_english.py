"""Whoever asks for English gets the public site in English, page after page, and can go back."""

import re

import pytest
from flask.testing import FlaskClient

from tests.inspections import Field

CHINESE = re.compile(r"[\u4e00-\u9fff]+")
PAGES = ("/", "/results", "/draws", "/plans", "/matters", "/inspectors", "/verify", "/objection", "/nowhere")


@pytest.mark.parametrize("address", PAGES)
def test_an_empty_site_has_no_chinese_word_left(field: Field, public: FlaskClient, address: str) -> None:
    page = public.get(f"{address}?lang=en").text
    assert 'lang="en"' in page
    assert set(CHINESE.findall(page)) <= {"中文"}


def test_only_what_the_agencies_wrote_stays_chinese(field: Field, public: FlaskClient) -> None:
    result = field.published()
    page = public.get(f"/results/{result.publication_no}?lang=en").text
    assert "Published on" in page
    assert "What was checked" in page
    assert result.entity_name in page
    assert "公示日期" not in page
    assert "检查机关" not in page


def test_the_choice_is_remembered_and_taken_back(field: Field, public: FlaskClient) -> None:
    assert "检查结果" in public.get("/").text
    public.get("/?lang=en")
    assert "Newest results" in public.get("/").text
    public.get("/?lang=zh")
    assert "最近公示" in public.get("/").text


def test_the_link_to_the_other_language_keeps_the_question(field: Field, public: FlaskClient) -> None:
    page = public.get("/results?q=abc&lang=en").text
    assert "/results?q=abc&amp;lang=zh" in page
