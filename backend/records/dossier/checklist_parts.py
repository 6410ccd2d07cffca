"""The checklists of a visit as they are printed, and what follows from a failed item."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from backend.fieldwork.checklists.models import Form
from backend.fieldwork.checklists.queries import form
from backend.fieldwork.checklists.rules import Assessment, items_of, numbers_of
from backend.fieldwork.checklists.tables import rows_by_item
from backend.fieldwork.checklists.values import FILE_TYPES, Item, is_blank
from backend.fieldwork.checklists.wording import RESULTS, answer_words, basis_words, files_words, table_words
from backend.fieldwork.visits.completeness import assessments_of
from backend.fieldwork.visits.models import Visit
from backend.fieldwork.visits.queries import item_path
from backend.records.documents.content import Checklist, ChecklistItem, ChecklistSection, EvidenceFile, Photo

UNANSWERED = "未答"

Answers = Mapping[str, Any]


def checklists(
    visit: Visit, answers: Answers, photos: Sequence[Photo], files: Sequence[EvidenceFile]
) -> tuple[Checklist, ...]:
    """Every checklist that was begun, as it was answered; questions that did not apply stay out."""
    assessments, pieces = assessments_of(visit), _Pieces(photos, files)
    return tuple(
        _checklist(matter, pinned, given, assessments[matter["matterId"]], pieces)
        for matter, pinned in _pinned(visit)
        if (given := _answers_to(matter, answers))
    )


def unanswered(visit: Visit) -> tuple[str, ...]:
    """Names of matters whose checklist still lacks answers."""
    assessments = assessments_of(visit)
    return tuple(
        matter["name"]
        for matter in visit.matters
        if matter["formSha"] and assessments[matter["matterId"]].missing
    )


class _Pieces:
    """The printed numbers of photos and files by the path of the item they were taken for."""

    def __init__(self, photos: Sequence[Photo], files: Sequence[EvidenceFile]) -> None:
        self.photos, self.files = _numbers_by_path(photos), _numbers_by_path(files)


def _numbers_by_path(pieces: Sequence[Photo | EvidenceFile]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for piece in pieces:
        found[piece.path] = (*found.get(piece.path, ()), piece.number)
    return found


def item_numbers(visit: Visit) -> dict[str, str]:
    """Path of every item → its printed number, such as 2.3."""
    return {
        item_path(matter["matterId"], name): number
        for matter, pinned in _pinned(visit)
        for name, number in numbers_of(pinned.content).items()
    }


def item_labels(visit: Visit) -> dict[str, str]:
    """Path of every item → its question."""
    return {
        item_path(matter["matterId"], item["id"]): item["label"]
        for matter, pinned in _pinned(visit)
        for item in items_of(pinned.content)
    }


def _pinned(visit: Visit) -> Iterator[tuple[dict[str, Any], Form]]:
    for matter in visit.matters:
        if matter["formSha"]:
            yield matter, form(matter["formSha"])


def _answers_to(matter: dict[str, Any], answers: Answers) -> dict[str, Any]:
    prefix = item_path(matter["matterId"], "")
    return {path.removeprefix(prefix): value for path, value in answers.items() if path.startswith(prefix)}


def _checklist(
    matter: dict[str, Any], pinned: Form, given: Answers, seen: Assessment, pieces: _Pieces
) -> Checklist:
    relevant, numbered = set(seen.relevant), numbers_of(pinned.content)
    sections = (
        ChecklistSection(
            section["title"],
            tuple(
                _item(item, numbered[item["id"]], given, item_path(matter["matterId"], item["id"]), pieces)
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
        heading=pinned.content.get("heading", ""),
        score=_score(seen),
    )


def _score(seen: Assessment) -> str:
    if seen.score is None:
        return ""
    band = f"　{seen.score.band}" if seen.score.band else ""
    return f"{seen.score.earned} / {seen.score.possible} 分{band}"


def _item(item: Item, number: str, given: Answers, path: str, pieces: _Pieces) -> ChecklistItem:
    value = given.get(item["id"])
    photos, files = pieces.photos.get(path, ()), pieces.files.get(path, ())
    answered = value if item["type"] == "check" and isinstance(value, Mapping) else {}
    rows = table_words(item, rows_by_item(given).get(item["id"], {})) if item["type"] == "table" else ()
    return ChecklistItem(
        number=number,
        label=item["label"],
        basis=basis_words(item),
        outcome=_outcome(item, value, len(photos) + len(files), len(rows) - 1),
        problem=answered.get("problem") or "",
        disposal=answered.get("disposal") or "",
        photos=photos,
        files=files,
        rows=rows if len(rows) > 1 else (),
        hand=value["image"] if item["type"] == "signature" and isinstance(value, Mapping) else "",
    )


def _outcome(item: Item, value: Any, pieces: int, rows: int) -> str:
    if item["type"] == "check":
        return RESULTS.get(value.get("result", ""), UNANSWERED) if isinstance(value, Mapping) else UNANSWERED
    if item["type"] == "table":
        return f"{rows} 行" if rows > 0 else UNANSWERED
    if item["type"] in FILE_TYPES:
        return files_words(item, pieces) or UNANSWERED
    return UNANSWERED if is_blank(value) else answer_words(item, value)
