"""What a dossier must hold before it is sealed, under which number it is kept, and for how long. Pure.

A gap is a missing piece with the article that asks for it (003 art. 9, 15 to 17, 19; 002 (二十六), (三十)). Where the
profile's value is the product's own assumption, no article is shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from backend.foundation.rule_profiles.rules import RuleProfile
from backend.records.documents.content import DossierContent, Gap

STATUSES = {"open": "整理中", "sealing": "正在封存", "sealed": "已封存"}
DOCUMENT_TITLES = {
    "draw_record": "抽取过程记录及核验",
    "matching_record": "检查人员匹配记录",
    "pre_check": "预查比对表",
    "notice": "检查通知文书及送达回证",
    "checklist": "检查表",
    "onsite_record": "现场检查笔录",
    "photos": "现场照片",
    "evidence": "录音录像及其他证据清单",
    "signing": "签字",
    "report": "检查结果报告",
    "approval": "检查结果审批",
    "publication": "公示记录",
    "objections": "异议、复查及更正",
}
"""What a gap's document is called where it does not exist yet."""
CATEGORY = "JC"
"""门类: inspections, in the 档号."""


@dataclass(frozen=True)
class Circumstances:
    """What the content alone does not tell: work that is still open in earlier stages."""

    drawn: bool = True
    left_out_steps: frozenset[str] = frozenset()
    unanswered: tuple[str, ...] = ()
    conflicts: int = 0
    missing_originals: tuple[str, ...] = ()
    head_must_approve: bool = False
    head_has_approved: bool = False
    undecided_objections: int = 0
    unanswered_objections: int = 0
    unsigned_corrections: int = 0


def gaps_of(content: DossierContent, circumstances: Circumstances, profile: RuleProfile) -> tuple[Gap, ...]:
    """Everything that is missing, in the order of binding."""
    return (
        *_draw_gaps(content, circumstances, profile),
        *_visit_gaps(content, circumstances, profile),
        *_evidence_gaps(content, circumstances, profile),
        *_decision_gaps(content, circumstances, profile),
    )


def retention(content: DossierContent) -> str:
    """保管期限 by the gravest result: referred 永久, a problem found 30年, else 10年 (national.md 3.4, product default)."""
    if content.referrals:
        return "永久"
    problems = content.rectification or any(
        r.found for r in (content.report.results if content.report else ())
    )
    return "30年" if problems else "10年"


RETENTION_CODES = {"永久": "Y", "30年": "D30", "10年": "D10"}


def reference(fonds_no: str, year: int, kept: str, department: str, serial: int) -> str:
    """档号 by DA/T 13: 全宗-门类·年度-保管期限-机构-案卷号."""
    return f"{fonds_no}-{CATEGORY}·{year}-{RETENTION_CODES[kept]}-{department}-{serial:04d}"


def _draw_gaps(content: DossierContent, circumstances: Circumstances, profile: RuleProfile) -> Iterator[Gap]:
    draw = content.draw
    if circumstances.drawn and draw is None:
        yield _gap(profile, "draw.record_archived", "抽取过程记录", "锁定抽取结果后自动归入", "draw_record")
    if draw is not None:
        fewest = profile.count("draw.witnesses_min") or 0
        if len(draw.witnesses) < fewest:
            yield _gap(profile, "draw.witnesses_min", "抽取见证人", "在抽取记录中说明情况", "draw_record")
        if profile.flag("draw.record_signed_by_all"):
            for witness in draw.witnesses:
                if witness.signed_at is None:
                    piece = f"{witness.name}在抽取记录上的签名"
                    yield _gap(profile, "draw.record_signed_by_all", piece, "请其补签抽取记录", "draw_record")
    fewest = profile.count("team.min_inspectors") or 0
    if len(content.team) < fewest:
        yield _gap(
            profile, "team.min_inspectors", f"检查人员（不足{fewest}人）", "说明情况", "matching_record"
        )
    asked = profile.flag("precheck.required") and "precheck" not in circumstances.left_out_steps
    if asked and content.pre_check is None and content.cannot_inspect is None:
        yield _gap(profile, "precheck.required", "预查比对表", "登记预查比对的情况", "pre_check")


def _visit_gaps(content: DossierContent, circumstances: Circumstances, profile: RuleProfile) -> Iterator[Gap]:
    if content.cannot_inspect is not None:
        return
    name = profile.text("notice.name") or "检查通知书"
    met = _was_on_site(content)
    if met and (content.notice is None or content.notice.delivery is None):
        yield _gap(profile, "notice.name", f"{name}及送达回证", "退回检查组补记送达", "notice")
    for matter in circumstances.unanswered:
        yield _gap(profile, "archive.includes", f"{matter}检查表的答案", "退回检查组补填", "checklist")
    if circumstances.conflicts:
        piece = f"{circumstances.conflicts}处不同答案的选定"
        yield _gap(profile, "archive.includes", piece, "请组长选定一个，两个都会留存", "checklist")
    if met and content.record is None:
        yield _gap(profile, "archive.includes", "现场检查笔录", "退回检查组补记", "onsite_record")
    elif met and content.record and not content.record.certificates:
        yield _gap(profile, "onsite.certificates", "出示执法证件的记录", "退回检查组补记", "onsite_record")
    yield from _signature_gaps(content, profile, met)


def _signature_gaps(content: DossierContent, profile: RuleProfile, met: bool) -> Iterator[Gap]:
    signed = {(signature.role, signature.name) for signature in content.signatures}
    rule = "refusal.inspector_signs" if content.refusal else "result.signed_off_by"
    for member in content.team:
        if member.name not in content.absent and ("inspector", member.name) not in signed:
            yield _gap(profile, rule, f"检查人员{member.name}签字", "发给本人补签", "signing")
    if content.refusal is None:
        if met and not content.signed_in_ink and not any(role == "party" for role, _ in signed):
            yield _gap(
                profile, "refusal.statement", "当事人签字（或拒签说明）", "补签，或补记拒签情况", "signing"
            )
    elif content.refusal.witness and ("witness", content.refusal.witness) not in signed:
        yield _gap(
            profile, "refusal.witness", f"见证人{content.refusal.witness}签名", "请见证人补签", "signing"
        )


def _evidence_gaps(
    content: DossierContent, circumstances: Circumstances, profile: RuleProfile
) -> Iterator[Gap]:
    for number in circumstances.missing_originals:
        yield _gap(
            profile, "archive.includes", f"{number}的原件", "原件还在检查人员手机上，请其联网上传", "photos"
        )
    heard_or_seen = any(file.kind in ("录像", "录音") for file in content.evidence)
    if content.cannot_inspect is not None:
        if not content.photos and not content.evidence:
            yield _gap(
                profile, "cannot_inspect.afterwards", "无法检查的证据", "登记取得的证据文件", "evidence"
            )
    elif "recording" in circumstances.left_out_steps:
        return
    elif _was_on_site(content) and profile.get("onsite.recording").value is not None and not heard_or_seen:
        yield _gap(profile, "onsite.recording", "执法记录仪文件", "在本页登记录音录像", "evidence")


def _was_on_site(content: DossierContent) -> bool:
    return content.off_site is None or content.off_site.at_the_door


def _decision_gaps(
    content: DossierContent, circumstances: Circumstances, profile: RuleProfile
) -> Iterator[Gap]:
    if content.report is None:
        yield _gap(profile, "report.deadline_wd", "检查结果报告", "去形成报告", "report")
    if not content.approvals and content.cannot_inspect is None:
        yield _gap(profile, "result.signed_off_by", "组长签批", "请组长在手机上签批", "approval")
    if circumstances.head_must_approve and not circumstances.head_has_approved:
        yield _gap(profile, "result.head_approves", "单位负责人审批", "请负责人审批报告", "approval")
    shown = {p.matter for p in content.publications if p.published_at is not None or p.withheld_reason}
    for matter in content.matters:
        if matter.name not in shown:
            yield _gap(
                profile, "publication.deadline_wd", f"公示记录（{matter.name}）", "去公示", "publication"
            )
    if circumstances.undecided_objections:
        yield _gap(profile, "objection.review_wd", "异议复查结论", "去复查", "objections")
    if circumstances.unanswered_objections:
        yield _gap(profile, "objection.answer_wd", "异议答复记录", "去答复", "objections")
    if circumstances.unsigned_corrections:
        yield _gap(profile, "correction.signed_by", "更正的签字", "请负责人签发更正", "objections")


def _gap(profile: RuleProfile, key: str, piece: str, remedy: str, document: str) -> Gap:
    return Gap(piece, remedy, document, profile.cite(key))
