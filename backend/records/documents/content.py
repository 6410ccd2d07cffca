"""Everything that one dossier says, as plain frozen values.

Filled once from the earlier stages (`records/dossier/queries.py`), set on paper (`typeset.py`) and written out as
`dossier.json`. Moments are aware UTC datetimes, lengths are centimetres, positions 1e-7 degrees. None means
"not recorded" and is printed as such; an absent document is None or an empty tuple.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from backend.core.errors import Citation

NOT_PRINTED = {"printed": False}


@dataclass(frozen=True)
class Agency:
    """The agency that inspected and keeps the file. `fonds_no`: 全宗号."""

    name: str
    department: str
    code: str
    fonds_no: str
    document_prefix: str


@dataclass(frozen=True)
class Party:
    """The inspected entity as it stood when the visit was opened."""

    code: str
    name: str
    kind: str
    address: str
    principal: str
    phone: str


@dataclass(frozen=True)
class Matter:
    """One inspected matter. `matter_class`: "key" (重点) or "general" (一般)."""

    id: int
    name: str
    matter_class: str
    legal_basis: str


@dataclass(frozen=True)
class TeamMember:
    name: str
    certificate_no: str
    department: str
    leader: bool


@dataclass(frozen=True)
class TaskNotice:
    """抽查任务通知: what was ordered, under which plan, in which window."""

    serial: str
    title: str
    plan: str | None
    window_from: date
    window_to: date
    seats: int
    dispatched_at: datetime | None


@dataclass(frozen=True)
class DrawWitness:
    name: str
    kind: str
    input: str | None
    signed_at: datetime | None


@dataclass(frozen=True)
class DrawProof:
    """How the party came to be drawn, with every number a stranger needs to check it (draw.md 1.5 to 1.8).

    `drawn_code` is the code as it stands in the record (masked ones start with "x:"); `entity_key` is K_entity.
    Seed and key would tell who else was drawn: they are None until the day the draw is opened (`opened_on`).
    """

    serial: str
    title: str
    algorithm: str
    software: str
    published_at: datetime
    locked_at: datetime
    commitment: str
    record_hash: str
    opened_on: date
    seed: str | None
    entity_key: str | None
    stratum: str
    population: int
    quota: int
    rank: int
    drawn_code: str
    ticket: str
    cutoff_ticket: str
    witnesses: tuple[DrawWitness, ...]
    exclusions: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Recusal:
    inspector: str
    reason: str


@dataclass(frozen=True)
class Replacement:
    leaver: str
    newcomer: str
    reason: str
    approved_by: str


@dataclass(frozen=True)
class ReceivedList:
    """The list of a superior or an outside platform that named the party; its file is in the package.

    `place`: where in the file the party stands. `matching_key`: hex, None while the list's own teams stand.
    """

    origin: str
    source: str
    filename: str
    sha256: str
    size: int
    mime: str
    rows: int
    place: str
    imported_by: str
    imported_at: datetime
    matching_key: str | None


@dataclass(frozen=True)
class Companion:
    """Somebody who went along: `role` and `chosen_by` are printed words."""

    name: str
    role: str
    organisation: str
    chosen_by: str
    approved_by: str


@dataclass(frozen=True)
class Reinforcement:
    """人员调配: how a shortage of inspectors was met. `way` is a printed word; `sources`: departments or agencies."""

    way: str
    sources: tuple[str, ...]
    reason: str
    training: str
    approved_by: str


@dataclass(frozen=True)
class Matching:
    """检查人员匹配: how the team was found. The team itself is `DossierContent.team`."""

    matched_at: datetime
    cap: int
    recusals: tuple[Recusal, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    companions: tuple[Companion, ...] = ()
    reinforcements: tuple[Reinforcement, ...] = ()


@dataclass(frozen=True)
class PreCheck:
    """预查比对: what was looked up before the door was knocked on."""

    checked_on: date
    checked_by: str
    sources: str
    findings: str


@dataclass(frozen=True)
class Delivery:
    """送达回证: proof that a document reached the party."""

    number: str | None
    recipient: str
    place: str
    way: str
    delivered_at: datetime
    delivered_by: tuple[str, ...]
    remark: str = ""
    hand: str = field(default="", metadata=NOT_PRINTED)
    """The receiver's hand, given for this paper; an SVG data address, empty where none was given."""


@dataclass(frozen=True)
class OffSite:
    """检查方式说明 of a visit that was made otherwise than by looking on site alone. `told`: `(label, words)`."""

    method: str
    at_the_door: bool
    told: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class InspectionNotice:
    """检查通知书 or 检查告知书, as the rule profile calls it (`notice.name`)."""

    name: str
    number: str
    issued_on: date
    method: str
    citation: Citation | None
    delivery: Delivery | None


@dataclass(frozen=True)
class ChecklistItem:
    """One answered question. `outcome` is already a printed word: 合格, 不合格, 不适用, or the value entered.

    `rows`: a table's headings, then its rows; `hand`: a hand-written signature as an SVG data address.
    """

    number: str
    label: str
    basis: str
    outcome: str
    problem: str = ""
    disposal: str = ""
    photos: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    hand: str = field(default="", metadata={"printed": False})


@dataclass(frozen=True)
class ChecklistSection:
    title: str
    items: tuple[ChecklistItem, ...]


@dataclass(frozen=True)
class Checklist:
    matter: str
    title: str
    version: str
    form_sha256: str
    sections: tuple[ChecklistSection, ...]
    heading: str = ""
    score: str = ""


@dataclass(frozen=True)
class OnSiteRecord:
    """现场检查笔录."""

    number: str
    started_at: datetime | None
    ended_at: datetime | None
    place: str
    contact: str
    certificates: str
    withdrawal: str
    situation: str
    recording: str
    party_opinion: str
    rights: str = ""


@dataclass(frozen=True)
class CannotInspect:
    """无法检查: why nothing could be inspected and what was found instead (003 art. 17)."""

    closed_at: datetime
    reason: str
    note: str
    citation: Citation | None


@dataclass(frozen=True)
class Photo:
    """A photo as captured. The print rendition is made from the original; the original goes into the package."""

    number: str
    caption: str
    item: str
    taken_at: datetime | None
    taken_by: str
    lat7: int | None
    lon7: int | None
    accuracy_cm: int | None
    clock_offset_s: int | None
    sha256: str
    size: int
    mime: str
    after_signing: bool = False
    path: str = field(default="", metadata={"printed": False})


@dataclass(frozen=True)
class EvidenceFile:
    """Audio, video or another file: listed, never printed."""

    number: str
    name: str
    kind: str
    sha256: str
    size: int
    mime: str
    duration_s: int | None
    taken_at: datetime | None
    taken_by: str
    path: str = field(default="", metadata={"printed": False})


@dataclass(frozen=True)
class Signature:
    """A hand-written signature. `role`: "inspector", "party" or "witness"; `image`: an SVG data address."""

    role: str
    name: str
    signed_at: datetime
    digest: str
    image: str = field(metadata=NOT_PRINTED)


@dataclass(frozen=True)
class SigningRefusal:
    """拒签: why, what the inspectors state, and who saw it."""

    reason: str
    statement: str
    refused_at: datetime
    witness: str | None
    witness_contact: str | None
    citation: Citation | None


@dataclass(frozen=True)
class RectificationOrder:
    """责令改正通知书 and its re-check."""

    number: str
    issued_on: date
    problems: tuple[str, ...]
    requirement: str
    due_on: date | None
    recheck_on: date | None = None
    recheck_finding: str = ""
    delivery: Delivery | None = None


@dataclass(frozen=True)
class StopOrder:
    """责令停止通知书: what must cease at once."""

    issued_on: date
    problems: tuple[str, ...]
    requirement: str
    delivery: Delivery | None


@dataclass(frozen=True)
class EvidenceTaken:
    """证据清单 of what was taken along or kept, beside the photos."""

    listed_on: date
    words: str


@dataclass(frozen=True)
class Conclusion:
    """What the team came to for one matter, and what it proposes. `result` is a printed word."""

    matter: str
    result: str
    words: str
    opinion: str


@dataclass(frozen=True)
class MatterResult:
    matter: str
    result: str
    found: str
    disposal: str


@dataclass(frozen=True)
class ResultReport:
    """检查结果报告. `body`: `(field, words)` in the order the profile asks for (003 art. 15)."""

    formed_at: datetime
    formed_by: str
    results: tuple[MatterResult, ...]
    body: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Approval:
    """One decision of a leader. `decision` is a printed word: 同意 or 退回."""

    decision: str
    by: str
    at: datetime
    digest: str
    notes: tuple[str, ...] = ()
    hand: str = field(default="", metadata=NOT_PRINTED)
    """The leader's drawn signature, an SVG data address; empty where none was asked for."""


@dataclass(frozen=True)
class Publication:
    """A result shown to the public, or the reason why it was withheld."""

    matter: str
    result: str
    number: str
    published_at: datetime | None
    channels: tuple[str, ...]
    withheld_reason: str = ""


@dataclass(frozen=True)
class Objection:
    lodged_on: date
    lodged_by: str
    grounds: str
    outcome: str
    answered_on: date | None


@dataclass(frozen=True)
class Correction:
    publication_no: str
    before: str
    after: str
    reason: str
    signed_by: str
    corrected_on: date


@dataclass(frozen=True)
class Referral:
    """案件移送."""

    number: str
    to: str
    grounds: str
    referred_on: date


@dataclass(frozen=True)
class AuditLine:
    """One entry of the trail. `entry` is the canonical JSON that `hash` is the SHA-256 of; `prev` links it."""

    seq: int
    at: datetime
    actor: str
    verb: str
    subject: str
    prev: str
    hash: str
    entry: str = field(default="", metadata=NOT_PRINTED)


@dataclass(frozen=True)
class AuditExtract:
    """The lines of the audit trail that concern this visit, and the trail's head when it was sealed."""

    lines: tuple[AuditLine, ...]
    head_seq: int
    head_hash: str


@dataclass(frozen=True)
class ReservedNumber:
    """A document number kept for this visit. `status` is a printed word: 已用, 作废, 预留."""

    kind: str
    number: str
    status: str
    reason: str = ""


@dataclass(frozen=True)
class Gap:
    """A missing piece: what, how to mend it, and the rule that asks for it. `document` is the key it belongs to."""

    piece: str
    remedy: str
    document: str
    citation: Citation | None


@dataclass(frozen=True)
class Closing:
    """备考表: who bound, who checked, and what is missing, altered, added or removed."""

    bound_by: str
    bound_on: date
    checked_by: str
    remarks: tuple[str, ...]
    gaps: tuple[Gap, ...] = ()
    gap_reason: str = ""


@dataclass(frozen=True)
class Shelfmark:
    """Where the archive keeps it. `archive_no`: 归档号, `reference`: 档号, `retention`: 保管期限 as printed.

    `volume` counts from 1; a higher one is a supplement (补充卷) to a sealed first. None for what sealing will give.
    """

    volume: int
    archive_no: str | None
    reference: str | None
    retention: str
    file_number: str
    title: str
    begun_on: date
    ended_on: date
    sealed_at: datetime | None
    sealed_by: str | None


@dataclass(frozen=True)
class DossierContent:
    """One visit, bound: 一对象一档案. `as_of`: the moment of which it speaks, that of sealing once sealed.

    `handed_over`: to whom the team proposed to hand a clue, and why, each in one line. `absent`: who of the team fell
    out, with the reason on record. `signed_in_ink`: the party signed a printed record, whose photo is in the file.
    """

    visit_id: str
    as_of: datetime
    software: str
    shelfmark: Shelfmark
    agency: Agency
    party: Party
    matters: tuple[Matter, ...]
    team: tuple[TeamMember, ...]
    task: TaskNotice
    closing: Closing
    draw: DrawProof | None = None
    received: ReceivedList | None = None
    matching: Matching | None = None
    pre_check: PreCheck | None = None
    notice: InspectionNotice | None = None
    checklists: tuple[Checklist, ...] = ()
    record: OnSiteRecord | None = None
    cannot_inspect: CannotInspect | None = None
    photos: tuple[Photo, ...] = ()
    evidence: tuple[EvidenceFile, ...] = ()
    signatures: tuple[Signature, ...] = ()
    refusal: SigningRefusal | None = None
    rectification: RectificationOrder | None = None
    stop_order: StopOrder | None = None
    evidence_taken: EvidenceTaken | None = None
    off_site: OffSite | None = None
    conclusions: tuple[Conclusion, ...] = ()
    handed_over: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    signed_in_ink: bool = False
    report: ResultReport | None = None
    approvals: tuple[Approval, ...] = ()
    publications: tuple[Publication, ...] = ()
    objections: tuple[Objection, ...] = ()
    corrections: tuple[Correction, ...] = ()
    referrals: tuple[Referral, ...] = ()
    audit: AuditExtract | None = None
    numbers: tuple[ReservedNumber, ...] = ()
