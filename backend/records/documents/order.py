"""Which documents a dossier holds and in which order they are bound: the rows of its 卷内目录.

The order is dossier.md's, which follows a penalty case file (002 art. (三十), 003 art. 19). What is only for the
agency itself (approval, referral) is marked 副卷 in the last column.
"""

from dataclasses import dataclass
from datetime import date

from backend.core.clock import day_in_china
from backend.records.documents.content import DossierContent

INTERNAL = "副卷"


@dataclass(frozen=True)
class BoundDocument:
    """One row of the catalogue. `key` names the template; `index` picks one of several of a kind."""

    key: str
    title: str
    number: str
    responsible: str
    dated: date | None
    remark: str = ""
    index: int = 0


def bound_documents(content: DossierContent) -> tuple[BoundDocument, ...]:
    """The documents that exist, in binding order."""
    return (
        *_before_the_visit(content),
        *_on_site(content),
        *_after_the_visit(content),
    )


def _before_the_visit(content: DossierContent) -> list[BoundDocument]:
    agency, task = content.agency, content.task
    if content.shelfmark.volume > 1:
        return []
    rows = [
        BoundDocument(
            "task_notice",
            "抽查任务通知",
            task.serial,
            agency.name,
            day_in_china(task.dispatched_at) if task.dispatched_at else None,
        )
    ]
    if draw := content.draw:
        rows.append(
            BoundDocument(
                "draw_record", "抽取过程记录及核验", draw.serial, agency.name, day_in_china(draw.locked_at)
            )
        )
    if listed := content.received:
        rows.append(
            BoundDocument(
                "received_list",
                f"抽查名单（{listed.origin}）",
                task.serial,
                listed.source,
                day_in_china(listed.imported_at),
                "原件在档案包",
            )
        )
    if matching := content.matching:
        rows.append(
            BoundDocument(
                "matching_record",
                "检查人员匹配记录",
                task.serial,
                agency.name,
                day_in_china(matching.matched_at),
            )
        )
    if check := content.pre_check:
        rows.append(BoundDocument("pre_check", "预查比对表", "", check.checked_by, check.checked_on))
    return rows


def _on_site(content: DossierContent) -> list[BoundDocument]:
    inspectors = "、".join(member.name for member in content.team)
    ended = content.record.ended_at if content.record else None
    visited = day_in_china(ended) if ended else None
    rows = []
    if content.off_site:
        rows.append(BoundDocument("off_site", "检查方式说明", "", inspectors, visited))
    if notice := content.notice:
        title = f"{notice.name}及送达回证" if notice.delivery else notice.name
        rows.append(BoundDocument("notice", title, notice.number, content.agency.name, notice.issued_on))
    rows += [
        BoundDocument("checklist", f"检查表（{checklist.matter}）", "", inspectors, visited, index=index)
        for index, checklist in enumerate(content.checklists)
    ]
    if record := content.record:
        rows.append(BoundDocument("onsite_record", "现场检查笔录", record.number, inspectors, visited))
    if closed := content.cannot_inspect:
        day = day_in_china(closed.closed_at)
        rows.append(BoundDocument("cannot_inspect", "无法检查情况说明", "", inspectors, day))
    if photos := content.photos:
        rows.append(BoundDocument("photos", f"现场照片（{len(photos)}张）", "", inspectors, visited))
    if content.evidence:
        rows.append(
            BoundDocument("evidence", "录音录像及其他证据清单", "", inspectors, visited, "原件在档案包")
        )
    if content.refusal:
        rows.append(BoundDocument("signing", "签字（拒签及见证）", "", inspectors, visited))
    elif content.signatures:
        rows.append(BoundDocument("signing", "签字", "", inspectors, visited))
    return rows


def _after_the_visit(content: DossierContent) -> list[BoundDocument]:
    agency = content.agency.name
    rows = []
    inspectors = "、".join(member.name for member in content.team)
    if order := content.rectification:
        title = "责令改正通知书及送达回证" if order.delivery else "责令改正通知书"
        rows.append(BoundDocument("rectification", title, order.number, agency, order.issued_on))
    if stop := content.stop_order:
        rows.append(BoundDocument("stop_order", "责令停止通知书及送达回证", "", agency, stop.issued_on))
    if taken := content.evidence_taken:
        rows.append(BoundDocument("evidence_taken", "证据清单", "", inspectors, taken.listed_on))
    if content.conclusions:
        formed = content.record.ended_at if content.record else None
        day = day_in_china(formed) if formed else None
        rows.append(BoundDocument("conclusions", "检查组讨论记录", "", inspectors, day, remark=INTERNAL))
    if report := content.report:
        author = report.formed_by or inspectors
        rows.append(BoundDocument("report", "检查结果报告", "", author, day_in_china(report.formed_at)))
    if approvals := content.approvals:
        last = approvals[-1]
        rows.append(
            BoundDocument("approval", "检查结果审批", "", last.by, day_in_china(last.at), remark=INTERNAL)
        )
    if publications := content.publications:
        shown = [p.published_at for p in publications if p.published_at]
        rows.append(
            BoundDocument(
                "publication",
                "公示记录",
                publications[0].number,
                agency,
                day_in_china(max(shown)) if shown else None,
            )
        )
    if content.objections or content.corrections:
        days = [o.lodged_on for o in content.objections] + [c.corrected_on for c in content.corrections]
        rows.append(BoundDocument("objections", "异议、复查及更正", "", agency, max(days)))
    if referrals := content.referrals:
        rows.append(
            BoundDocument(
                "referrals",
                "案件移送",
                referrals[0].number,
                agency,
                referrals[0].referred_on,
                remark=INTERNAL,
            )
        )
    if audit := content.audit:
        rows.append(
            BoundDocument(
                "audit", "操作留痕摘录", "", agency, day_in_china(audit.lines[-1].at) if audit.lines else None
            )
        )
    return rows
