"""What the walk of a visit leaves on paper besides the record: pre-check, orders, conclusions, the way of inspecting."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from backend.core.clock import day_in_china
from backend.decisions.results.codes import result_codes
from backend.fieldwork.visits.models import Visit
from backend.fieldwork.visits.queries import rechecks_of
from backend.fieldwork.visits.rechecks import due_day
from backend.fieldwork.walk.rules import METHODS, ON_SITE, absent, method_of, paper_of
from backend.records.documents.content import (
    Checklist,
    Conclusion,
    EvidenceTaken,
    OffSite,
    PreCheck,
    RectificationOrder,
    StopOrder,
)
from backend.records.dossier.visit_parts import delivery

Answers = Mapping[str, Any]


def pre_check(visit: Visit, answers: Answers) -> PreCheck | None:
    """预查比对表; None until somebody looked."""
    told = _told(answers, "/steps/precheck")
    moment = _moment(told)
    if not told.get("done") or moment is None:
        return None
    leader = next(member.name for member in visit.members if member.is_leader)
    return PreCheck(
        day_in_china(moment),
        leader,
        _text(told, "sources") or "本单位名录和历次检查",
        _text(told, "text") or "未见异常",
    )


def off_site(answers: Answers) -> OffSite | None:
    """How the visit was made, where it was made otherwise than by looking on site."""
    method = method_of(answers)
    if method is METHODS[ON_SITE]:
        return None
    told = _told(answers, "/steps/method")
    return OffSite(
        method.label, method.at_the_door, tuple((label, _text(told, name)) for name, label in method.fields)
    )


def rectification(visit: Visit, answers: Answers, lists: Sequence[Checklist]) -> RectificationOrder | None:
    """责令改正通知书 over every finding that was ordered to be corrected, with its term and its last re-check."""
    problems = _problems(lists, "rectification")
    number = next((row.number for row in visit.numbers if row.kind == "rectification"), None)
    told = _told(answers, "/orders/rectification")
    issued = _moment(told) or visit.submitted_at or visit.started_at
    if not problems or number is None or issued is None:
        return None
    rechecks = rechecks_of(visit.id)
    last = rechecks[-1] if rechecks else None
    return RectificationOrder(
        number=number,
        issued_on=day_in_china(issued),
        problems=problems,
        requirement=_text(told, "text") or _disposals(lists),
        due_on=due_day(visit),
        recheck_on=last.checked_on if last else None,
        recheck_finding=f"{'已改正' if last.mended else '未改正'}：{last.finding}" if last else "",
        delivery=delivery(visit, answers, "rectification", issued) if told else None,
    )


def stop_order(visit: Visit, answers: Answers, lists: Sequence[Checklist]) -> StopOrder | None:
    """责令停止通知书; None where nothing had to stop."""
    told = _told(answers, "/orders/stop")
    issued = _moment(told)
    problems = _problems(lists, "stop")
    if not problems or issued is None:
        return None
    return StopOrder(
        day_in_china(issued), problems, _text(told, "text"), delivery(visit, answers, "stop", issued)
    )


def evidence_taken(answers: Answers) -> EvidenceTaken | None:
    """证据清单, where the team wrote one."""
    told = _told(answers, "/orders/evidence")
    listed = _moment(told)
    return (
        EvidenceTaken(day_in_china(listed), _text(told, "text")) if listed and _text(told, "text") else None
    )


def conclusions(visit: Visit, answers: Answers) -> tuple[Conclusion, ...]:
    """What the team came to, matter by matter; empty until it has."""
    found = []
    for matter in visit.matters:
        told = _told(answers, f"/results/{matter['matterId']}")
        if told.get("code") in result_codes():
            words = result_codes()[told["code"]].text
            found.append(Conclusion(matter["name"], words, _text(told, "text"), _text(told, "opinion")))
    return tuple(found)


def handed_over(answers: Answers) -> tuple[str, ...]:
    """To whom the team proposed to hand a clue."""
    told = _told(answers, "/orders/referral")
    to, words = _text(told, "to"), _text(told, "text")
    return (f"建议向{to}移送线索：{words}",) if to and words else ()


def absentees(visit: Visit, answers: Answers) -> tuple[str, ...]:
    """Who of the team fell out on the day."""
    team = [(member.user_id, member.name) for member in visit.members]
    out = absent(answers, team)
    return tuple(name for user_id, name in team if user_id in out)


def _problems(lists: Sequence[Checklist], paper: str) -> tuple[str, ...]:
    failed = [
        item
        for checklist in lists
        for section in checklist.sections
        for item in section.items
        if item.outcome == "不合格" and paper_of(item.disposal) == paper
    ]
    return tuple(item.problem or item.label for item in failed)


def _disposals(lists: Sequence[Checklist]) -> str:
    said = [
        item.disposal
        for checklist in lists
        for section in checklist.sections
        for item in section.items
        if item.outcome == "不合格" and paper_of(item.disposal) == "rectification"
    ]
    return "；".join(dict.fromkeys(said)) + "。"


def _told(answers: Answers, path: str) -> dict[str, Any]:
    value = answers.get(path)
    return dict(value) if isinstance(value, Mapping) else {}


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    return value.strip() if isinstance(value, str) else ""


def _moment(told: Mapping[str, Any]) -> datetime | None:
    wall = told.get("wall")
    return datetime.fromtimestamp(wall // 1000, UTC) if isinstance(wall, int) else None
