"""A dossier as one HTML page, ready for the typesetter: cover, catalogue, documents, closing note.

Every string is looked at before layout: one that the fonts cannot draw is named with the field it stands in.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any

import jinja2

from backend.core import errors
from backend.core.errors import Refusal
from backend.plumbing.pdf_fonts import undrawable
from backend.records.documents import handwriting, words
from backend.records.documents.content import DossierContent
from backend.records.documents.order import BoundDocument, bound_documents

PHOTOS_ON_A_SHEET = 4
SEAL_MARK = (
    "data:image/svg+xml,"
    "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 84 84'%3E"
    "%3Crect x='2' y='2' width='80' height='80' fill='none' stroke='%23B8262B' stroke-width='3'/%3E"
    "%3Ctext x='42' y='60' text-anchor='middle' font-family='serif' font-weight='700' font-size='50' fill='%23B8262B'%3E"
    "封%3C/text%3E%3C/svg%3E"
)

_PARTS = {
    "shelfmark": "封面",
    "agency": "机关",
    "party": "当事人",
    "matters": "事项",
    "team": "检查组",
    "task": "任务",
    "closing": "备考表",
    "draw": "抽取记录",
    "matching": "匹配记录",
    "pre_check": "预查比对",
    "notice": "检查通知",
    "checklists": "检查表",
    "record": "现场检查笔录",
    "cannot_inspect": "无法检查说明",
    "photos": "照片",
    "evidence": "证据清单",
    "signatures": "签字",
    "refusal": "拒签说明",
    "rectification": "责令改正",
    "stop_order": "责令停止",
    "evidence_taken": "证据清单",
    "off_site": "检查方式说明",
    "conclusions": "检查组讨论记录",
    "handed_over": "线索移送意见",
    "absent": "缺席人员",
    "report": "结果报告",
    "approvals": "审批",
    "publications": "公示",
    "objections": "异议",
    "corrections": "更正",
    "referrals": "移送",
    "audit": "操作留痕",
    "numbers": "文书编号",
}


def dossier_html(content: DossierContent, fingerprint: str) -> str:
    """The HTML of the whole dossier. `fingerprint`: SHA-256 of the content, printed on the cover."""
    refuse_undrawable(content)
    return (
        _templates()
        .get_template("documents/dossier.html")
        .render(content=content, documents=bound_documents(content), fingerprint=fingerprint)
    )


def document_html(content: DossierContent, document: BoundDocument) -> str:
    """The HTML of a single document, for a preview or a copy handed over on site."""
    refuse_undrawable(content)
    return _templates().get_template("documents/single.html").render(content=content, document=document)


def paper_html(name: str, **content: Any) -> str:
    """The HTML of a document that belongs to no dossier, by the template of this name."""
    return _templates().get_template(f"documents/{name}.html").render(**content)


def refuse_undrawable(content: DossierContent) -> None:
    """Raise a refusal that names every field holding a character no font of ours can draw."""
    places = [
        f"{_spoken(field)}：" + "、".join(f"{character}（U+{ord(character):04X}）" for character in missing)
        for field, text in _strings(content, "")
        if (missing := undrawable(text))
    ]
    if places:
        raise Refusal(errors.CHARACTERS_NOT_PRINTABLE, places="；".join(places))


def _spoken(field: str) -> str:
    part = field.split(".")[0].split("[")[0]
    return f"{_PARTS[part]}（{field}）" if part in _PARTS else field


def _strings(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, tuple):
        for index, item in enumerate(value, 1):
            yield from _strings(item, f"{path}[{index}]")
    elif is_dataclass(value):
        for each in fields(value):
            if each.metadata.get("printed", True):
                name = f"{path}.{each.name}" if path else each.name
                yield from _strings(getattr(value, each.name), name)


@lru_cache(maxsize=1)
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("backend.records.documents"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "day": words.day,
        "eight_digits": words.eight_digits,
        "minute": words.minute,
        "second": words.second,
        "fingerprint": words.fingerprint,
        "metres": words.metres,
        "clock_offset": words.clock_offset,
        "octets": words.size,
        "duration": words.duration,
        "handwriting": handwriting.redrawn,
        "matter_class": words.MATTER_CLASSES.__getitem__,
        "signer": words.SIGNER_ROLES.__getitem__,
    }
    environment.globals |= {
        "span": words.span,
        "position": words.position,
        "photos_on_a_sheet": PHOTOS_ON_A_SHEET,
        "seal_mark": SEAL_MARK,
    }
    return environment
