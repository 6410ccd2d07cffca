"""What a visit's answers amount to: one result for each matter. Pure.

A result that found something can never be turned into one that found nothing: `codes_open_to` is what an officer
may choose from (003 art. 16: the result shows how things really stood).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from backend.decisions.results.codes import Disposal, ResultCode, disposals, result_codes
from backend.fieldwork.checklists.rules import assess, items_of
from backend.fieldwork.checklists.wording import basis_words


@dataclass(frozen=True)
class Check:
    """One check item as it was answered; `basis` names the duty's law and article where it was read."""

    item: str
    label: str
    result: str
    problem: str
    disposal: str
    basis: str


@dataclass(frozen=True)
class CheckedMatter:
    """A matter of the visit with its pinned form and the answers to it, `{item id: value}`.

    `concluded`: what the team came to, `{code, text, opinion}`. `taken_over`: nobody checked item by item; the conclusion
    is another agency's or a commissioned institution's.
    """

    matter_id: int
    name: str
    form: Mapping[str, Any] | None
    answers: Mapping[str, Any]
    concluded: Mapping[str, Any] = field(default_factory=dict)
    taken_over: bool = False


@dataclass(frozen=True)
class ResultDraft:
    """One matter's result before an officer has completed it. `checks` is in form order."""

    matter_id: int
    matter_name: str
    code: str
    text: str
    disposal: str
    checks: tuple[Check, ...]

    @property
    def found(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.result == "fail")


def drafts_of(matters: Iterable[CheckedMatter]) -> list[ResultDraft]:
    """One draft per matter, in the visit's order."""
    return [_as_the_team_concluded(matter, _draft(matter)) for matter in matters]


def drafts_without_inspection(matters: Iterable[CheckedMatter], reason: str, note: str) -> list[ResultDraft]:
    """The direct results of a visit that could not take place (003 art. 17). `reason`: a word of cannot_inspect.reasons.

    Raises KeyError for a reason that no code stands for.
    """
    code = code_for_reason(reason)
    return [
        ResultDraft(matter.matter_id, matter.name, code.slug, note.strip() or code.text, "", ())
        for matter in matters
    ]


def code_for_reason(reason: str) -> ResultCode:
    """The published code of a reason for which nothing could be inspected."""
    for code in result_codes().values():
        if reason in code.from_reasons:
            return code
    raise KeyError(reason)


def checks_of(form: Mapping[str, Any], answers: Mapping[str, Any]) -> tuple[Check, ...]:
    """The answered check items that count, in form order: what was not relevant is left out."""
    relevant = set(assess(form, answers, {}).relevant)
    return tuple(
        _check(item, answers[item["id"]])
        for item in items_of(form)
        if item["type"] == "check" and item["id"] in relevant and _is_answered(answers.get(item["id"]))
    )


def disposal_spoken(phrase: str) -> Disposal | None:
    """The disposal that an inspector's own words mean, if any is recognised."""
    for disposal in disposals().values():
        if any(words in phrase for words in disposal.spoken):
            return disposal
    return None


def codes_open_to(code: str, found: Sequence[Any]) -> list[ResultCode]:
    """The codes an officer may choose for a result: of the same kind as the facts, the drafted one first."""
    drafted = result_codes()[code]
    if drafted.from_reasons:
        return [drafted]
    open_tones = {"problem"} if found else {"clean", "absent"}
    others = [
        one
        for one in result_codes().values()
        if one.tone in open_tones and not one.from_reasons and one is not drafted
    ]
    return [drafted, *others]


def as_json(checks: Iterable[Check]) -> list[dict[str, str]]:
    """Checks as they are stored and published."""
    return [asdict(check) for check in checks]


def _as_the_team_concluded(matter: CheckedMatter, draft: ResultDraft) -> ResultDraft:
    """The team's own conclusion, where the facts leave it open; what was found cannot be concluded away."""
    code = str(matter.concluded.get("code") or "")
    allowed = {one.slug for one in codes_open_to(draft.code, draft.found)}
    if matter.taken_over:
        allowed = {one.slug for one in result_codes().values() if not one.from_reasons}
    if code not in allowed:
        return draft
    words = str(matter.concluded.get("text") or "").strip()
    opinion = str(matter.concluded.get("opinion") or "").strip()
    if matter.taken_over and result_codes()[code].tone == "problem":
        draft = replace(draft, checks=(Check("conclusion", "采用的结论", "fail", words, opinion, ""),))
    text = words if matter.taken_over and words else draft.text if draft.found else result_codes()[code].text
    return replace(draft, code=code, text=text, disposal=opinion or draft.disposal)


def _draft(matter: CheckedMatter) -> ResultDraft:
    checks = checks_of(matter.form, matter.answers) if matter.form else ()
    found = [check for check in checks if check.result == "fail"]
    if found:
        code, disposal = _code_of_problems(found), _common_disposal(found)
        text = _problems_in_words(found)
    elif checks and all(check.result == "na" for check in checks):
        code, disposal = "no-such-business", disposals()["none"].text
        text = result_codes()[code].text
    else:
        code, disposal = "nothing-found", disposals()["none"].text
        text = result_codes()[code].text
    return ResultDraft(matter.matter_id, matter.name, code, text, disposal, checks)


def _code_of_problems(found: Sequence[Check]) -> str:
    spoken = [disposal_spoken(check.disposal) for check in found]
    return "corrected" if all(one and one.slug == "order" for one in spoken) else "pending"


def _common_disposal(found: Sequence[Check]) -> str:
    phrases = list(dict.fromkeys(check.disposal for check in found if check.disposal))
    return "；".join(phrases)


def _problems_in_words(found: Sequence[Check]) -> str:
    if len(found) == 1:
        return found[0].problem
    numbered = "；".join(f"{n}. {check.problem.rstrip('。；')}" for n, check in enumerate(found, 1))
    return f"发现 {len(found)} 处问题：{numbered}。"


def _check(item: Mapping[str, Any], value: Mapping[str, Any]) -> Check:
    problem = (value.get("problem") or "").strip()
    return Check(
        item=item["id"],
        label=item["label"],
        result=value["result"],
        problem=problem or (item["failText"] if value["result"] == "fail" else ""),
        disposal=(value.get("disposal") or "").strip() if value["result"] == "fail" else "",
        basis=basis_words(item) if item["verified"] else "依据待核",
    )


def _is_answered(value: Any) -> bool:
    return isinstance(value, Mapping) and value.get("result") in ("pass", "fail", "na")
