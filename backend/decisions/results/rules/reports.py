"""The words of a result report: the fields the profile asks for, filled from the visit (003 art. 15). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from backend.decisions.results.rules.drafts import ResultDraft

OPINION_FIELD = "处理意见和建议"


@dataclass(frozen=True)
class Inspected:
    """What a report says about the visit itself. `cannot_reason` is the published text when nothing could be inspected."""

    entity_name: str
    began: date
    ended: date
    team: tuple[str, ...]
    cannot_reason: str


def report_body(fields: Sequence[str], visit: Inspected, drafts: Sequence[ResultDraft]) -> list[list[str]]:
    """The report as `[field, words]` pairs in the profile's order; a field the program cannot fill stays empty."""
    words = {
        "抽查时间": _time(visit),
        "检查对象数量": f"1 家：{visit.entity_name}",
        "抽查内容": "、".join(draft.matter_name for draft in drafts),
        "抽查情况": _situation(visit, drafts),
        OPINION_FIELD: opinion_of(drafts),
    }
    return [[field, words.get(field, "")] for field in fields]


def empty_fields(body: Sequence[Sequence[str]]) -> list[str]:
    """The fields that still lack words: with any of these the report is not formed."""
    return [field for field, words in body if not words.strip()]


def _time(visit: Inspected) -> str:
    first = f"{visit.began.year}年{visit.began.month}月{visit.began.day}日"
    if visit.ended == visit.began:
        return first
    return f"{first}至{visit.ended.year}年{visit.ended.month}月{visit.ended.day}日"


def _situation(visit: Inspected, drafts: Sequence[ResultDraft]) -> str:
    team = f"检查人员：{'、'.join(visit.team)}。" if visit.team else ""
    if visit.cannot_reason:
        return f"{team}因{visit.cannot_reason}，无法开展检查，已取得相关证据，直接形成检查结果。"
    return team + "".join(_matter_in_words(draft) for draft in drafts)


def _matter_in_words(draft: ResultDraft) -> str:
    passed = sum(check.result == "pass" for check in draft.checks)
    apart = sum(check.result == "na" for check in draft.checks)
    counts = f"{draft.matter_name}：检查 {len(draft.checks)} 项，合格 {passed} 项，不合格 {len(draft.found)} 项，不适用 {apart} 项。"
    return counts + (draft.text.rstrip("。") + "。" if draft.found else "")


class Decided(Protocol):
    """A result or its draft: its code, what was found, what is done about it."""

    @property
    def code(self) -> str: ...
    @property
    def disposal(self) -> str: ...
    @property
    def found(self) -> Sequence[Any]: ...


def opinion_of(results: Sequence[Decided]) -> str:
    """处理意见和建议 as the results themselves give it."""
    if all(not one.found and one.disposal for one in results):
        return "未发现问题，无需后续处置。" if all(one.code == "nothing-found" for one in results) else ""
    return "；".join(dict.fromkeys(one.disposal for one in results if one.found and one.disposal))
