"""A visit as the office reads it: counts for the list, and for one visit its exceptions first, then every answer."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.fieldwork.checklists.models import AnswerCandidate
from backend.fieldwork.checklists.queries import answer_rows, candidates_of
from backend.fieldwork.checklists.rules import items_of, numbers_of
from backend.fieldwork.checklists.tables import Rows, place_of, rows_by_item
from backend.fieldwork.checklists.values import FILE_TYPES, Item, is_blank
from backend.fieldwork.checklists.wording import RESULTS, answer_words, files_words, table_words
from backend.fieldwork.evidence.models import Evidence
from backend.fieldwork.evidence.queries import evidence_of, files_held_for
from backend.fieldwork.visits.completeness import assessments_of
from backend.fieldwork.visits.models import Visit
from backend.fieldwork.visits.queries import item_path, pinned_forms
from backend.fieldwork.visits.rules import DELIVERY_WORDS, ORDER_WORDS, STEP_WORDS, VisitStatus
from backend.fieldwork.walk.rules import OBSTACLES, obstacle_in_words
from backend.foundation.audit.queries import entries_on
from backend.plumbing.web.words import long_day_words, time_words

CHIPS = {
    VisitStatus.DISPATCHED: "open",
    VisitStatus.IN_PROGRESS: "doing",
    VisitStatus.SUBMITTED: "waiting",
    VisitStatus.RETURNED: "returned",
    VisitStatus.APPROVED: "pass",
    VisitStatus.CLOSED: "stopped",
    VisitStatus.WITHDRAWN: "void",
}
MATTER_RESULT_WORDS = {
    "nothing-found": "未发现问题",
    "no-such-business": "未发现开展本次抽查涉及的经营活动",
    "corrected": "发现问题已责令改正",
    "pending": "发现问题待后续处理",
}
RECORD_WORDS = {
    "startedAt": "开始时间",
    "endedAt": "结束时间",
    "situation": "检查情况",
    "partyOpinion": "当事人意见",
    "siteContactName": "现场负责人",
    "siteContactPost": "职务",
    "siteContactPhone": "联系电话",
    "recordingNote": "音像记录",
}
VERB_WORDS = {
    "visit.open": "派发",
    "visit.choose-form": "改用检查表",
    "visit.submit": "提交",
    "visit.approve": "组长审批通过",
    "visit.return": "组长退回",
    "visit.close": "记为无法检查",
    "visit.reopen": "重新打开",
    "visit.recheck": "复查",
    "recusal.ask": "申请回避",
    "recusal.decide": "决定回避申请",
    "result.draft": "起草检查结果",
}


@dataclass(frozen=True)
class Shot:
    """One piece of evidence with whether its bytes are here."""

    number: int
    piece: Evidence
    is_here: bool
    is_picture: bool


@dataclass(frozen=True)
class AnswerLine:
    """One question and what stands there: `state` is pass, fail, na, other (no check), or open."""

    number: str
    item: Mapping[str, Any]
    state: str
    words: str
    problem: str
    disposal: str
    shots: Sequence[Shot]
    candidates: Sequence[AnswerCandidate]
    returned: str
    table: Sequence[Sequence[str]] = ()
    hand: str = ""


@dataclass(frozen=True)
class MatterSheet:
    """One matter's checklist."""

    name: str
    answered: int
    total: int
    sections: Sequence[tuple[str, Sequence[AnswerLine]]]

    @property
    def fails(self) -> list[AnswerLine]:
        return [line for line in self.lines if line.state == "fail"]

    @property
    def exceptions(self) -> list[AnswerLine]:
        """What a reviewer looks at first: fails, two answers to one question, what was sent back."""
        return [line for line in self.lines if line.state == "fail" or line.candidates or line.returned]

    @property
    def lines(self) -> list[AnswerLine]:
        return [line for _, lines in self.sections for line in lines]


def progress_words(visit: Visit) -> str:
    """`12 / 38 项`, over all matters of the visit."""
    if visit.status == VisitStatus.DISPATCHED:
        return ""
    seen = assessments_of(visit).values()
    return f"{sum(one.answered for one in seen)} / {sum(one.total for one in seen)} 项"


def shots_of(visit: Visit) -> list[Shot]:
    """Every piece of evidence in the order it came, numbered from 1."""
    pieces = evidence_of(visit.id)
    here = files_held_for(visit.id, [piece.sha for piece in pieces])
    return [
        Shot(n, piece, piece.sha in here, piece.sha in here and piece.mime.startswith("image/"))
        for n, piece in enumerate(pieces, start=1)
    ]


def sheets_of(visit: Visit, shots: Sequence[Shot]) -> list[MatterSheet]:
    """The checklists, with only the questions that concern this entity."""
    answers = {row.path: row.value for row in answer_rows(visit.id)}
    beside = defaultdict(list)
    for candidate in candidates_of(visit.id):
        beside[candidate.path].append(candidate)
    at_item = defaultdict(list)
    for shot in shots:
        at_item[shot.piece.item].append(shot)
    returned = {item["path"]: item["reason"] for item in visit.returned}
    assessments = assessments_of(visit)
    sheets = []
    for matter, form in pinned_forms(visit):
        seen = assessments[matter["matterId"]]
        below = item_path(matter["matterId"], "")
        cells = rows_by_item({path.removeprefix(below): value for path, value in answers.items()})
        numbers = {name: number for name, number in numbers_of(form).items() if name in seen.relevant}
        sections = []
        for section in form["sections"]:
            lines = [
                _line(
                    numbers[item["id"]],
                    item,
                    answers.get(path),
                    at_item[path],
                    [one for at, kept in beside.items() if at.partition("/rows/")[0] == path for one in kept],
                    returned.get(path, ""),
                    cells.get(item["id"], {}) if item["type"] == "table" else {},
                )
                for item in section["items"]
                if item["id"] in numbers
                for path in [item_path(matter["matterId"], item["id"])]
            ]
            if lines:
                sections.append((section["title"], lines))
        sheets.append(MatterSheet(matter["name"], seen.answered, seen.total, sections))
    return sheets


def record_of(visit: Visit) -> list[tuple[str, str]]:
    """The on-site record and the steps at the door, as pairs of label and words."""
    answers = {row.path: row.value for row in answer_rows(visit.id)}
    steps = [(words, _step_words(answers.get(f"/steps/{name}"))) for name, words in STEP_WORDS.items()]
    fields = [
        (words, _note_words(name, answers.get(f"/record/{name}"))) for name, words in RECORD_WORDS.items()
    ]
    return [(label, words) for label, words in (*steps, *fields) if words]


def walk_of(visit: Visit) -> list[tuple[str, str]]:
    """What the team did and decided besides the checklist: who came, who signed for what, what was ordered and concluded."""
    answers = {row.path: row.value for row in answer_rows(visit.id)}
    told = [(label, _walk_words(answers.get(path))) for path, label in _walk_labels(visit)]
    return [(label, words) for label, words in told if words]


def _walk_labels(visit: Visit) -> list[tuple[str, str]]:
    return [
        *((f"/presence/{member.user_id}", f"{member.name}到场") for member in visit.members),
        *((f"/deliveries/{paper}", f"签收{words}") for paper, words in DELIVERY_WORDS.items()),
        *((f"/orders/{paper}", words) for paper, words in ORDER_WORDS.items()),
        *((f"/results/{one['matterId']}", f"结论：{one['name']}") for one in visit.matters),
        ("/exception", "无法检查"),
    ]


def _walk_words(value: Any) -> str:
    if not isinstance(value, Mapping):
        return ""
    code = MATTER_RESULT_WORDS.get(str(value.get("code")), "")
    due = f"{value['due']} 前改正" if value.get("due") else ""
    parts = [code, due, *(str(value.get(name) or "") for name in ("to", "name", "text", "opinion"))]
    obstacle = obstacle_in_words(value) if value.get("kind") in OBSTACLES else ""
    return "　".join(filter(None, [*parts, obstacle])) or ("已办" if value.get("done") else "")


def reopenable(visit: Visit, sheets: Sequence[MatterSheet]) -> list[tuple[str, str]]:
    """What of an approved visit may be opened again, as `(path, words)`: the failed items first, then record and conclusions."""
    if visit.status != VisitStatus.APPROVED:
        return []
    paths = {
        item_path(matter["matterId"], item["id"]): item["label"]
        for matter, form in pinned_forms(visit)
        for item in items_of(form)
    }
    failed = {str(line.item["id"]) for sheet in sheets for line in sheet.fails}
    first = [(path, label) for path, label in paths.items() if path.rpartition("/")[2] in failed]
    rest = [(path, label) for path, label in paths.items() if path.rpartition("/")[2] not in failed]
    return [*first, ("/record/situation", "现场情况"), *rest]


def history_of(visit: Visit) -> list[dict[str, Any]]:
    """What happened to this visit, newest first, for the timeline."""
    entries = reversed(entries_on(visit.agency_id, "visit", visit.id))
    return [
        {"at": entry.at, "who": entry.actor_name, "what": VERB_WORDS[entry.verb]}
        for entry in entries
        if entry.verb in VERB_WORDS
    ]


def _line(
    number: str,
    item: Item,
    value: Any,
    shots: Sequence[Shot],
    candidates: Sequence[AnswerCandidate],
    returned: str,
    rows: Rows,
) -> AnswerLine:
    table = table_words(item, rows) if rows else ()
    state, words, problem, disposal = _told(item, value, len(shots), max(0, len(table) - 1))
    hand = value["image"] if item["type"] == "signature" and isinstance(value, Mapping) else ""
    return AnswerLine(number, item, state, words, problem, disposal, shots, candidates, returned, table, hand)


def _told(item: Item, value: Any, files: int, rows: int) -> tuple[str, str, str, str]:
    if rows or (item["type"] in FILE_TYPES and files):
        return "other", f"{rows} 行" if rows else files_words(item, files), "", ""
    if is_blank(value):
        return "open", "未答", "", ""
    if item["type"] == "check" and isinstance(value, Mapping):
        result = str(value.get("result"))
        return (
            result,
            RESULTS.get(result, result),
            value.get("problem") or "",
            value.get("disposal") or "",
        )
    return "other", answer_words(item, value), "", ""


def candidate_words(item: Item, candidate: AnswerCandidate) -> str:
    """A second answer in words; for a cell of a table, with the cell's column."""
    cell = place_of(candidate.path.partition("/items/")[2])
    column = next((one for one in item.get("columns", ()) if cell and one["id"] == cell[2]), None)
    if column is None:
        return answer_words(item, candidate.value)
    return f"{column['label']}：" + (answer_words(column, candidate.value) or "（删去）")


def _step_words(value: Any) -> str:
    if not isinstance(value, Mapping) or not value.get("done"):
        return ""
    return "当事人申请回避" if value.get("withdrawal") else "已办"


def _note_words(name: str, value: Any) -> str:
    text = str(value.get("text") or "") if isinstance(value, Mapping) else str(value or "")
    return _time_of_day(text) if name in ("startedAt", "endedAt") else text


def _time_of_day(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{long_day_words(moment)} {time_words(moment)}" if moment.tzinfo else text
