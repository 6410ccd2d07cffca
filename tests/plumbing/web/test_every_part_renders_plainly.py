"""The parts need no inline style and no script, and say in words what they show in shapes."""

import re

from flask import Flask


def test_no_part_writes_a_style_attribute_or_a_script(kit: Flask) -> None:
    page = kit.test_client().get("/office/kit").text
    assert " style=" not in page
    assert re.findall(r"<script[^>]*>(?!</script>)", page) == []


def test_a_ruler_says_the_same_as_its_cells(kit: Flask) -> None:
    page = kit.test_client().get("/office/kit").text
    assert "剩 8 个工作日" in page
    assert 'aria-label="共 20 个工作日，剩 8 个工作日，截止 2026年7月31日"' in page
    assert "今天截止" in page
    assert "已超 3 个工作日" in page
    assert "还没起算，共 5 个工作日" in page


def test_a_silent_rule_has_no_ruler(kit: Flask) -> None:
    assert "规则未定期限" in kit.test_client().get("/office/kit").text


def test_a_citation_holds_the_articles_own_words(kit: Flask) -> None:
    page = kit.test_client().get("/office/kit").text
    assert "检查结果应当自抽查任务完成之日起二十个工作日内公示。" in page
    assert 'aria-label="依据第 (二十六).4 条，看原文"' in page


def test_ids_are_never_given_twice(kit: Flask) -> None:
    ids = re.findall(r' id="([^"]+)"', kit.test_client().get("/office/kit").text)
    assert len(ids) == len(set(ids))
