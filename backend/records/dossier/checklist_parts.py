"""The checklists of a visit as they are printed, and what follows from a failed item."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from backend.core.clock import day_in_china
from backend.fieldwork.checklists.models import Form
from backend.fieldwork.checklists.queries import form
from backend.fieldwork.checklists.rules import assess, items_of
from backend.fieldwork.visits.models import Visit
from backend.fieldwork.visits.queries import item_path
from backend.records.documents.content import (
    Checklist,
    ChecklistItem,
    ChecklistSection,
    Photo,
    RectificationOrder,
)

OUTCOMES = {"pass": "合格", "fail": "不合格", "na": "不适用"}
UNANSWERED = "未答"

Answers = Mapping[str, Any]


def checklists(visit: Visit, answers: Answers, photos: Sequence[Photo]) -> tuple[Checklist, ...]:
    """Every checklist that was begun, as it was answered; questions that did not apply stay out."""
    return tuple(
        _checklist(matter, pinned, given, photos)
        for matter, pinned in _pinned(visit)
        if (given := _answers_to(matter, answers))
    )


def unanswered(visit: Visit, answers: Answers) -> tuple[str, ...]:
    """Names of matters whose checklist still lacks answers."""
    return tuple(
        matter["name"]
        for matter, pinned in _pinned(visit)
        if assess(pinned.content, _answers_to(matter, answers), {}).missing
    )


def item_numbers(visit: Visit) -> dict[str, str]:
    """Path of every item → its printed number, such as 2.3."""
    return {
        item_path(matter["matterId"], item["id"]): _numbered(pinned)[item["id"]]
        for matter, pinned in _pinned(visit)
        for item in items_of(pinned.content)
    }


def item_labels(visit: Visit) -> dict[str, str]:
    """Path of every item → its question."""
    return {
        item_path(matter["matterId"], item["id"]): item["label"]
        for matter, pinned in _pinned(visit)
        for item in items_of(pinned.content)
    }


def rectification(visit: Visit, lists: Sequence[Checklist]) -> RectificationOrder | None:
    """责令改正通知书 over every failed item whose disposal is an order to correct."""
    ordered = [
        item
        for checklist in lists
        for section in checklist.sections
        for item in section.items
        if item.outcome == OUTCOMES["fail"] and "改正" in item.disposal
    ]
    number = next((row.number for row in visit.numbers if row.kind == "rectification"), None)
    ended = visit.submitted_at or visit.started_at
    if not ordered or number is None or ended is None:
        return None
    return RectificationOrder(
        number=number,
        issued_on=day_in_china(ended),
        problems=tuple(item.problem or item.label for item in ordered),
        requirement="；".join(dict.fromkeys(item.disposal for item in ordered)) + "。",
        due_on=None,
    )


def _pinned(visit: Visit) -> Iterator[tuple[dict[str, Any], Form]]:
    for matter in visit.matters:
        if matter["formSha"]:
            yield matter, form(matter["formSha"])


def _answers_to(matter: dict[str, Any], answers: Answers) -> dict[str, Any]:
    prefix = item_path(matter["matterId"], "")
    return {path.removeprefix(prefix): value for path, value in answers.items() if path.startswith(prefix)}


def _numbered(pinned: Form) -> dict[str, str]:
    return {
        item["id"]: f"{section_number}.{item_number}"
        for section_number, section in enumerate(pinned.content["sections"], 1)
        for item_number, item in enumerate(section["items"], 1)
    }


def _checklist(
    matter: dict[str, Any], pinned: Form, given: dict[str, Any], photos: Sequence[Photo]
) -> Checklist:
    relevant = set(assess(pinned.content, given, {}).relevant)
    numbered = _numbered(pinned)
    seen: dict[str, tuple[str, ...]] = {}
    for photo in photos:
        seen[photo.item] = (*seen.get(photo.item, ()), photo.number)
    sections = (
        ChecklistSection(
            section["title"],
            tuple(
                _item(item, numbered[item["id"]], given.get(item["id"]), seen)
                for item in section["items"]
                if item["id"] in relevant
            ),
        )
        for section in pinned.content["sections"]
    )
    return Checklist(
        matter=matter["name"],
        title=pinned.content["title"],
        version=f"第 {pinned.version} 版",
        form_sha256=pinned.sha,
        sections=tuple(section for section in sections if section.items),
    )


def _item(
    item: Mapping[str, Any], number: str, value: Any, seen: Mapping[str, tuple[str, ...]]
) -> ChecklistItem:
    verified = item.get("verified", True)
    laws = "；".join(map(_law, item.get("basis", ())))
    answered = value if item["type"] == "check" and isinstance(value, Mapping) else {}
    return ChecklistItem(
        number=number,
        label=item["label"],
        basis=laws if verified else "待核",
        outcome=OUTCOMES.get(answered.get("result", ""), UNANSWERED)
        if item["type"] == "check"
        else _outcome(item, value),
        problem=answered.get("problem") or "",
        disposal=answered.get("disposal") or "",
        photos=seen.get(number, ()),
    )


def _law(basis: Mapping[str, Any]) -> str:
    """《工业节能管理办法》第22条."""
    title = basis["law"] if basis["law"].startswith("《") else f"《{basis['law']}》"
    article = str(basis.get("article") or "")
    return title + (f"第{article}条" if article.isdecimal() else article)


def _outcome(item: Mapping[str, Any], value: Any) -> str:
    if value in (None, "", []):
        return UNANSWERED
    labels = {choice["value"]: choice["label"] for choice in item.get("choices") or ()}
    given = value if isinstance(value, list) else [value]
    return "、".join(labels.get(each, str(each)) for each in given) + (item.get("unit") or "")
