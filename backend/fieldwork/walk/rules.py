"""What the walk of a visit still lacks, for every way of inspecting and every way of not being able to. Pure.

A visit carries its `procedure`, frozen at dispatch: `{version, minInspectors, precheck}`. Version 0 stands for visits
dispatched before there was a walk; they are held to the record and the two steps at the door only. Held to
tests/contract/vectors/walk-1.json together with its TypeScript twin (pwa/src/engine/walk.ts).

Sources: 002 (二十六), 003 art. 15 and 17, 004 art. 24; 行政处罚法 42, 45, 55; the six ways of inspecting are rules.md's.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.fieldwork.changes.rules import Gap

Answers = Mapping[str, Any]

ON_SITE = "on_site"


@dataclass(frozen=True)
class Method:
    """A way of inspecting. `fields`: what must be said about it. `files`: how much must be attached to it."""

    label: str
    at_the_door: bool
    checklist: bool
    fields: tuple[tuple[str, str], ...] = ()
    files: int = 0


METHODS: Mapping[str, Method] = {
    ON_SITE: Method("实地核查", True, True),
    "written": Method("书面检查", False, True, (("materials", "调取了哪些材料"),), 1),
    "online": Method("网络监测", False, True, (("address", "监测的网址、账号或系统"),), 1),
    "sampling": Method(
        "抽样检测",
        True,
        True,
        (("samples", "样品名称、规格、批号、数量、封样"), ("laboratory", "送检单位")),
        1,
    ),
    "other_agency": Method(
        "采用其他部门结论",
        False,
        False,
        (("source", "作出结论的部门"), ("document", "文号、日期"), ("conclusion", "结论")),
        1,
    ),
    "commissioned": Method(
        "委托专业机构",
        False,
        False,
        (("source", "受托机构"), ("document", "报告编号、日期"), ("conclusion", "专业意见")),
        1,
    ),
}


@dataclass(frozen=True)
class Obstacle:
    """Why nothing could be inspected, and what proves it: the fields to fill in, besides one file at least.

    `public`: the fields that may be proposed for publication. Whom one called or asked stays in the dossier.
    """

    fields: tuple[tuple[str, str], ...]
    public: tuple[str, ...] = ()


_REGISTER = (("document", "登记信息的出处、文号、日期"),)
OBSTACLES: Mapping[str, Obstacle] = {
    "unreachable": Obstacle(
        (("attempts", "几时、怎样联系过，结果如何"), ("found", "登记地址现场情况")), ("found",)
    ),
    "uncooperative": Obstacle((("conduct", "怎样不配合、怎样劝告过"),)),
    "deregistered": Obstacle(_REGISTER, ("document",)),
    "registration_revoked": Obstacle(_REGISTER, ("document",)),
    "licence_revoked": Obstacle(_REGISTER, ("document",)),
    "permit_revoked": Obstacle(_REGISTER, ("document",)),
    "closed": Obstacle((("found", "现场情况"), ("confirmedBy", "何人证实")), ("found",)),
    "liquidation": Obstacle((("document", "清算公告或文书的出处、日期"),), ("document",)),
    "moved_out": Obstacle(
        (("destination", "迁入地和当地检查单位"), ("document", "迁出信息的出处、日期")),
        ("destination", "document"),
    ),
}
OBSTACLE_FILES = 1

DISPOSALS = {"rectification": ("责令限期改正", "责令改正"), "stop": ("停止",), "referral": ("移送", "立案")}
"""Which paper follows from an inspector's words about a finding, by what the words hold."""
SERVED = ("rectification", "stop")
ORDER_FIELDS = {"rectification": ("due", "text"), "stop": ("text",), "referral": ("to", "text")}
MATTER_RESULTS = ("nothing-found", "no-such-business", "corrected", "pending")
"""What a team may come to for one matter: slugs of the published codes (decisions/results/codes.yaml)."""

FIRST_PROCEDURE: Mapping[str, Any] = {"version": 0}


@dataclass(frozen=True)
class Walked:
    """What the walk is judged by: the answers, the files by where they belong, the matters, the failed items with
    what was ordered about each, and the team as (user id, name)."""

    answers: Answers
    files: Mapping[str, int]
    matters: Sequence[int]
    findings: Mapping[str, str]
    team: Sequence[tuple[int, str]]


def method_of(answers: Answers) -> Method:
    """How this visit inspects: on site, unless the team chose otherwise."""
    chosen = _part(answers, "/steps/method", "method")
    return METHODS.get(chosen, METHODS[ON_SITE]) if isinstance(chosen, str) else METHODS[ON_SITE]


def walk_gaps(procedure: Mapping[str, Any], walked: Walked) -> list[Gap]:
    """Everything the walk lacks before 提交, in the order a team goes; without checklists and signatures."""
    if not procedure.get("version"):
        return _old_gaps(walked.answers)
    method = method_of(walked.answers)
    return [
        *_method_gaps(method, walked),
        *(_steps(walked.answers, ("precheck",)) if procedure.get("precheck") else []),
        *(_door_gaps(procedure, walked) if method.at_the_door else []),
        *_disposal_gaps(method, walked),
        *(_steps(walked.answers, ("rights",)) if method.at_the_door else []),
        *_record_gaps(method, walked.answers),
        *_result_gaps(walked),
    ]


def obstacle_gaps(reasons: Collection[str], walked: Walked) -> list[Gap]:
    """What a visit lacks before it is closed as one that could not be made. `reasons`: those of the profile."""
    kind = _part(walked.answers, "/exception", "kind")
    if kind not in reasons or kind not in OBSTACLES:
        return [Gap("exception", "/exception")]
    fields = [name for name, _ in OBSTACLES[kind].fields]
    gaps = [
        Gap("exception", f"/exception/{name}")
        for name in fields
        if not _text(walked.answers, "/exception", name)
    ]
    if walked.files.get("/exception", 0) < OBSTACLE_FILES:
        gaps.append(Gap("evidence", "/exception"))
    return gaps


def absent(answers: Answers, team: Sequence[tuple[int, str]]) -> set[int]:
    """Who of the team fell out, with a reason on record: such a one signs nothing."""
    return {user_id for user_id, _ in team if _is_absent(answers.get(f"/presence/{user_id}"))}


def asks_for_checklists(procedure: Mapping[str, Any], answers: Answers) -> bool:
    """Whether the checklists must be answered; a conclusion taken over from others needs none."""
    return not procedure.get("version") or method_of(answers).checklist


def asks_for_party(procedure: Mapping[str, Any], answers: Answers) -> bool:
    """Whether the party signs: whoever was met at the door."""
    return not procedure.get("version") or method_of(answers).at_the_door


def paper_of(disposal: str) -> str | None:
    """The paper that an inspector's words about a finding call for: rectification, stop, referral, or none."""
    for paper, spoken in DISPOSALS.items():
        if any(words in disposal for words in spoken):
            return paper
    return None


def obstacle_in_words(told: Mapping[str, Any]) -> str:
    """What the team wrote about the obstacle, label by label, as it stands in the dossier."""
    return _labelled(told, OBSTACLES[told["kind"]].fields)


def obstacle_in_public(told: Mapping[str, Any]) -> str:
    """What of it may be proposed for publication; empty where nothing is."""
    obstacle = OBSTACLES[told["kind"]]
    return _labelled(told, tuple(field for field in obstacle.fields if field[0] in obstacle.public))


def _labelled(told: Mapping[str, Any], fields: Sequence[tuple[str, str]]) -> str:
    parts = [(label, str(told.get(name) or "").strip()) for name, label in fields]
    said = "；".join(f"{label}：{words.rstrip('。；')}" for label, words in parts if words)
    return f"{said}。" if said else ""


def note_fault(path: str, value: Any, user_id: int) -> str | None:
    """Why this note may not be kept from this person: a presence is one's own word, or signed on a colleague's phone."""
    if not path.startswith("/presence/") or not isinstance(value, Mapping) or not value.get("done"):
        return None
    own = path == f"/presence/{user_id}"
    return None if own or value.get("image") else "not-yours"


def _old_gaps(answers: Answers) -> list[Gap]:
    return [*_steps(answers, ("certificates", "notice")), *_record(answers)]


def _method_gaps(method: Method, walked: Walked) -> list[Gap]:
    gaps = [
        Gap("method", f"/steps/method/{name}")
        for name, _ in method.fields
        if not _text(walked.answers, "/steps/method", name)
    ]
    if walked.files.get("/steps/method", 0) < method.files:
        gaps.append(Gap("evidence", "/steps/method"))
    return gaps


def _door_gaps(procedure: Mapping[str, Any], walked: Walked) -> list[Gap]:
    answers, out = walked.answers, absent(walked.answers, walked.team)
    here = [user for user, _ in walked.team if _done(answers.get(f"/presence/{user}"))]
    gaps = [Gap("presence", name) for user, name in walked.team if user not in here and user not in out]
    if not gaps and len(here) < procedure.get("minInspectors", 2):
        gaps.append(Gap("too-few", "/presence"))
    gaps += _steps(answers, ("certificates", "withdrawalAsked"))
    asked = any(_text(answers, f"/recusals/{user}", "text") for user, _ in walked.team)
    if _part(answers, "/steps/withdrawalAsked", "withdrawal") and not asked:
        gaps.append(Gap("recusal", "/steps/withdrawalAsked"))
    return [*gaps, *_steps(answers, ("notice",)), *_delivery_gaps(answers, "notice")]


def _disposal_gaps(method: Method, walked: Walked) -> list[Gap]:
    gaps = [Gap("disposal", path) for path, words in walked.findings.items() if not words.strip()]
    papers = {paper_of(words) for words in walked.findings.values()}
    for paper in DISPOSALS:
        if paper in papers:
            gaps += _order_gaps(walked.answers, paper)
            if paper in SERVED and method.at_the_door:
                gaps += _delivery_gaps(walked.answers, paper)
    return gaps


def _order_gaps(answers: Answers, paper: str) -> list[Gap]:
    path = f"/orders/{paper}"
    whole = all(_text(answers, path, name) for name in ORDER_FIELDS[paper])
    if whole and paper == "rectification" and not _is_day(_text(answers, path, "due")):
        whole = False
    return [] if whole else [Gap("order", path)]


def _delivery_gaps(answers: Answers, paper: str) -> list[Gap]:
    """Somebody received it and signed for it, or did not sign and the remark says why."""
    path = f"/deliveries/{paper}"
    value = answers.get(path)
    received = _done(value) and bool(_text(answers, path, "name") and _part(answers, path, "image"))
    refused = _done(value) and bool(_text(answers, path, "text"))
    return [] if received or refused else [Gap("delivery", path)]


def _record_gaps(method: Method, answers: Answers) -> list[Gap]:
    gaps = _record(answers) if method.checklist else []
    stated = _part(answers, "/steps/rights", "statement")
    if method.at_the_door and stated and not _text(answers, "/record/partyOpinion", "text"):
        gaps.append(Gap("record", "/record/partyOpinion"))
    return gaps


def _result_gaps(walked: Walked) -> list[Gap]:
    paths = [f"/results/{matter}" for matter in walked.matters]
    return [
        Gap("result", path) for path in paths if _part(walked.answers, path, "code") not in MATTER_RESULTS
    ]


def _steps(answers: Answers, names: Sequence[str]) -> list[Gap]:
    return [Gap("step", f"/steps/{name}") for name in names if not _done(answers.get(f"/steps/{name}"))]


def _record(answers: Answers) -> list[Gap]:
    names = ("situation", "startedAt", "endedAt")
    return [
        Gap("record", f"/record/{name}") for name in names if not _text(answers, f"/record/{name}", "text")
    ]


def _is_absent(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and bool(value.get("absent"))
        and bool(str(value.get("text") or "").strip())
    )


def _done(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value.get("done"))


def _part(answers: Answers, path: str, name: str) -> Any:
    value = answers.get(path)
    return value.get(name) if isinstance(value, Mapping) else None


def _text(answers: Answers, path: str, name: str) -> str:
    value = _part(answers, path, name)
    return value.strip() if isinstance(value, str) else ""


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
