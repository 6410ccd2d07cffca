"""A single document, for a copy handed over on site: the notice with its rights, and nothing of the rest."""

from datetime import UTC, datetime

import pytest

from backend.plumbing.pdf import lay_out
from backend.records.documents.order import bound_documents
from backend.records.documents.typeset import document_html
from tests.records import specimens
from tests.records.reading import pages_of

pytestmark = pytest.mark.one_database


def test_the_notice_alone() -> None:
    content = specimens.complete()
    notice = next(document for document in bound_documents(content) if document.key == "notice")
    laid_out = lay_out(document_html(content, notice))
    text = "".join(pages_of(laid_out.write(identifier=b"notice", moment=datetime(2026, 7, 28, tzinfo=UTC))))
    for said in ("检查通知书", "示工信检通〔2026〕42号", "有权拒绝检查", "可以申请回避", "送达回证"):
        assert said in text
    assert "现场照片" not in text
