"""What happened at the door, as it is printed: party, team, notice, on-site record, signatures, numbers."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from backend.core.clock import day_in_china
from backend.fieldwork.signatures.queries import refusals_of, signatures_of
from backend.fieldwork.visits.models import Visit
from backend.fieldwork.walk.rules import absent, method_of
from backend.foundation.accounts.models import Department, User
from backend.foundation.rule_profiles.profile_files import known_keys
from backend.foundation.rule_profiles.rules import RuleProfile
from backend.plumbing.db import db
from backend.records.documents.content import (
    CannotInspect,
    Delivery,
    InspectionNotice,
    Matter,
    OnSiteRecord,
    Party,
    ReservedNumber,
    Signature,
    SigningRefusal,
    TeamMember,
)

NUMBER_KINDS = {"notice": "检查通知", "record": "现场检查笔录", "rectification": "责令改正通知书"}
UNUSED = "未签发"
USED = "已用"

Answers = Mapping[str, Any]


def party(visit: Visit) -> Party:
    """The entity as it was frozen into the visit."""
    names = ("code", "name", "kind", "address", "principal", "phone")
    return Party(*(visit.entity_snapshot.get(name) or "" for name in names))


def matters(visit: Visit) -> tuple[Matter, ...]:
    """The matters as they were frozen into the visit."""
    return tuple(
        Matter(each["matterId"], each["name"], each.get("class") or "general", each.get("legalBasis") or "")
        for each in visit.matters
    )


def team(visit: Visit) -> tuple[TeamMember, ...]:
    """The team with the certificates shown at the door."""
    found = db.session.execute(
        select(User.id, Department.name)
        .join(Department, Department.id == User.department_id)
        .where(User.id.in_([member.user_id for member in visit.members]))
    )
    departments = dict(iter(found))
    return tuple(
        TeamMember(each.name, each.certificate_no, departments.get(each.user_id, ""), each.is_leader)
        for each in visit.members
    )


def notice(visit: Visit, answers: Answers, profile: RuleProfile) -> InspectionNotice | None:
    """检查通知书 with its 送达回证; None until the team recorded that it was handed over."""
    step = answers.get("/steps/notice")
    number = _number(visit, "notice")
    at = _wall(step) or visit.started_at
    if not _done(step) or number is None or at is None:
        return None
    return InspectionNotice(
        name=profile.text("notice.name") or "检查通知书",
        number=number,
        issued_on=day_in_china(at),
        method=method_of(answers).label,
        citation=profile.cite("notice.name"),
        delivery=delivery(visit, answers, "notice", at),
    )


def delivery(visit: Visit, answers: Answers, paper: str, at: datetime) -> Delivery:
    """送达回证 of one paper: who received it with whose hand, or why nobody signed. `at`: when no moment was noted."""
    told = answers.get(f"/deliveries/{paper}")
    told = told if isinstance(told, Mapping) else {}
    remark = str(told.get("text") or "")
    return Delivery(
        number=None,
        recipient=str(told.get("name") or "")
        or _text(answers, "siteContactName")
        or visit.entity_snapshot["name"],
        place=visit.entity_snapshot.get("address") or "检查现场",
        way="留置送达" if remark and not told.get("image") else "直接送达",
        delivered_at=_wall(told) or at,
        delivered_by=tuple(member.name for member in visit.members),
        remark=remark,
        hand=str(told.get("image") or ""),
    )


def on_site_record(visit: Visit, answers: Answers, notice_name: str) -> OnSiteRecord | None:
    """现场检查笔录; None while nothing was written down."""
    number = _number(visit, "record")
    if number is None or not _text(answers, "situation"):
        return None
    contact = (_text(answers, f"siteContact{part}") for part in ("Name", "Post", "Phone"))
    return OnSiteRecord(
        number=number,
        started_at=_iso(_text(answers, "startedAt")) or visit.started_at,
        ended_at=_iso(_text(answers, "endedAt")) or visit.submitted_at,
        place=visit.entity_snapshot.get("address") or "未登记",
        contact="　".join(filter(None, contact)),
        certificates=_certificates(visit, answers, notice_name),
        withdrawal=_withdrawal(answers.get("/steps/withdrawalAsked")),
        situation=_text(answers, "situation"),
        recording=_text(answers, "recordingNote") or _recording(answers.get("/steps/recording")),
        party_opinion=_text(answers, "partyOpinion"),
        rights=_rights(answers.get("/steps/rights")),
    )


def cannot_inspect(visit: Visit, profile: RuleProfile) -> CannotInspect | None:
    """Why nothing was inspected; None for an ordinary visit."""
    if visit.status != "closed" or visit.closed_at is None:
        return None
    words = known_keys()["cannot_inspect.reasons"].words
    reason = visit.closed_reason or ""
    return CannotInspect(
        visit.closed_at,
        words.get(reason, reason),
        visit.closed_note or "",
        profile.cite("cannot_inspect.reasons"),
    )


def signatures(visit: Visit) -> tuple[Signature, ...]:
    """The signatures over what was submitted; those over an earlier text stay in the trail."""
    return tuple(
        Signature(row.role, row.name, row.at, row.digest, row.image)
        for row in signatures_of(visit.id)
        if visit.digest in (None, row.digest)
    )


def refusal(visit: Visit, profile: RuleProfile) -> SigningRefusal | None:
    """拒签 of what was submitted, with its witness; the last word counts."""
    current = [row for row in refusals_of(visit.id) if visit.digest in (None, row.digest)]
    if not current:
        return None
    row = current[-1]
    witness = row.witness or {}
    return SigningRefusal(
        row.reason,
        row.statement,
        row.at,
        witness.get("name"),
        witness.get("contact"),
        profile.cite("refusal.statement"),
    )


def numbers(visit: Visit, used: Collection[str]) -> tuple[ReservedNumber, ...]:
    """Every number set aside for the visit; one that no bound document bears is void, with the reason."""
    return tuple(
        ReservedNumber(NUMBER_KINDS.get(row.kind, row.kind), row.number, USED)
        if row.number in used
        else ReservedNumber(
            NUMBER_KINDS.get(row.kind, row.kind), row.number, "作废", row.void_reason or UNUSED
        )
        for row in visit.numbers
    )


def _certificates(visit: Visit, answers: Answers, notice_name: str) -> str:
    if not _done(answers.get("/steps/certificates")):
        return ""
    team = [(member.user_id, member.name) for member in visit.members]
    out = absent(answers, team)
    names = "、".join(name for user_id, name in team if user_id not in out)
    handed_over = (
        f"，送达{notice_name}，告知配合检查的相关要求和权利" if _done(answers.get("/steps/notice")) else ""
    )
    return f"检查人员{names}出示执法证件，表明身份{handed_over}。"


def _recording(step: Any) -> str:
    return "已进行执法记录，文件见录音录像及其他证据清单。" if _done(step) else ""


def _withdrawal(step: Any) -> str:
    if not _done(step):
        return ""
    return "申请回避" if step.get("withdrawal") else "不申请"


def _rights(step: Any) -> str:
    """Whether the party was told of its rights, and whether it made a statement (004 art. 24)."""
    if not _done(step):
        return ""
    heard = "当事人作了陈述申辩，记录如下：" if step.get("statement") else "当事人表示没有陈述申辩意见。"
    return f"已告知当事人有权陈述、申辩，对结果有异议可以提出。{heard}"


def _number(visit: Visit, kind: str) -> str | None:
    return next((row.number for row in visit.numbers if row.kind == kind), None)


def _text(answers: Answers, field: str) -> str:
    value = answers.get(f"/record/{field}")
    return str(value.get("text") or "").strip() if isinstance(value, Mapping) else ""


def _done(step: Any) -> bool:
    return isinstance(step, Mapping) and bool(step.get("done"))


def _wall(step: Any) -> datetime | None:
    wall = step.get("wall") if isinstance(step, Mapping) else None
    return datetime.fromtimestamp(wall // 1000, UTC) if isinstance(wall, int) else None


def _iso(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None
