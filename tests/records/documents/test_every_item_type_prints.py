"""A checklist with every type of item is laid out cleanly, tables and signatures included."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from backend.plumbing.page_images import page_images
from backend.plumbing.pdf import lay_out
from backend.records.documents.content import ChecklistItem, ChecklistSection
from backend.records.documents.order import bound_documents
from backend.records.documents.typeset import document_html
from tests.records.specimens import complete, strokes

pytestmark = pytest.mark.one_database

ITEMS = (
    ChecklistItem("1.1", "上年度综合能源消费量", "", "1280.5 吨标准煤"),
    ChecklistItem("1.2", "主要车间的照片", "", "照片 2 件", photos=("01", "02")),
    ChecklistItem("1.3", "试报警过程的录像", "", "视频 1 件", files=("01",)),
    ChecklistItem("1.4", "取样点的位置", "", "北纬36.186500°，东经118.168200°，误差9米"),
    ChecklistItem("1.5", "陪同人员签名", "", "陪同员甲", hand=strokes(3)),
    ChecklistItem(
        "1.6", "抽查的设备", "", "2 行", rows=(("设备", "型号"), ("电动机", "Y160M-4"), ("水泵", "IS100-80"))
    ),
    ChecklistItem(
        "1.7", "有能源管理制度", "《工业节能管理办法》第22条；《示例办法》（待核）", "不合格", "没有制度"
    ),
)


def test_every_type_stands_on_the_sheet() -> None:
    content = complete()
    told = replace(
        content.checklists[0],
        sections=(ChecklistSection("各种类型", ITEMS),),
        heading="示例，使用前由法制机构核定",
        score="50 / 60 分　良",
    )
    content = replace(content, checklists=(told,))
    document = next(one for one in bound_documents(content) if one.key == "checklist")
    html = document_html(content, document)
    for words in (
        "示例，使用前由法制机构核定",
        "50 / 60 分",
        "1280.5 吨标准煤",
        "见照片 01、02",
        "见证据 01",
        "IS100-80",
        "（待核）",
    ):
        assert words in html
    assert 'alt="陪同员甲的签名"' in html
    made = lay_out(html).write(identifier=b"0" * 16, moment=datetime(2026, 7, 28, tzinfo=UTC))
    assert len(page_images(made)) == 1
