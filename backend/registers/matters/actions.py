"""Changes of the matter list: take in rows, fill in one, settle a ratio, submit, approve, publish, suspend, abolish."""

from collections.abc import Mapping

from backend.core.errors import (
    EMPTY_MATTER_LIST,
    INVALID_INPUT,
    MATTER_STEP_NOT_POSSIBLE,
    NOTHING_TO_APPROVE,
    RATIO_NOT_UNDERSTOOD,
    REASON_TOO_SHORT,
    Refusal,
)
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for
from backend.foundation.rule_profiles.signatories import require_signatory
from backend.plumbing.clock import now
from backend.plumbing.db import db, in_transaction, transaction
from backend.registers.changes.actions import remember
from backend.registers.columns.forms import read_form
from backend.registers.columns.rules import Comparison, Fault, Record, compare, demands_of, spelled
from backend.registers.matters.columns import KEY_FIELD, columns
from backend.registers.matters.models import Matter, MatterList
from backend.registers.matters.queries import (
    is_unread,
    list_as_it_stands,
    list_in_force,
    matter,
    matter_columns,
    matters_of,
    may_stand_on_the_list,
    snapshot_row,
    standing_matters,
    unread_ratios,
    version,
    versions_of,
)
from backend.registers.matters.rules.ratios import Share, ratio_words, read_ratio
from backend.registers.matters.rules.words import LIST_STATUSES, STATUSES

SHORTEST_REASON = 5
BY_HAND = "手工填写"


def take_in_matters(actor: Actor, comparison: Comparison, source: str) -> None:
    """Write a file's new and changed rows, inside the caller's transaction: both wait for the next version."""
    if not in_transaction():
        raise RuntimeError("rows are taken in inside the transaction of their import")
    defaults = {column.field: column.default for column in columns({})}
    for row in comparison.new:
        values = {**defaults, **row.values}
        entered = Matter(agency_id=actor.agency_id, status="draft", **_stored(values))
        if entered.department_id is None:
            entered.department_id = actor.department_id
        db.session.add(entered)
        db.session.flush()
        remember(actor, "matter", entered.id, source, None, values)
        record(actor, "matter.enter", "matter", entered.id, after={**spelled(values), "source": source})
    for change in comparison.updated:
        held = db.session.get_one(Matter, change.id)
        for name, value in _stored(change.after).items():
            setattr(held, name, value)
        if held.status != "suspended":
            held.status = "draft"
        db.session.flush()
        remember(actor, "matter", held.id, source, change.before, change.after)
        record(
            actor,
            "matter.change",
            "matter",
            held.id,
            before=spelled(change.before),
            after={**spelled(change.after), "source": source},
        )


def fill_in_matter(
    actor: Actor, entered: Mapping[str, str], matter_id: int | None = None
) -> Matter | tuple[Fault, ...]:
    """Enter one matter by hand, or change one: the same columns, checks and writes as a file's row. Faults change nothing."""
    require(actor, Capability.PREPARE_MATTERS)
    with transaction():
        hold_chain(actor.agency_id)
        standing = standing_matters(actor.agency_id)
        texts = dict(entered)
        if matter_id is not None:
            texts[KEY_FIELD] = matter(actor.agency_id, matter_id).code
        profile = profile_for(actor.agency_id)
        known = matter_columns(actor.agency_id)
        demands = demands_of(known, profile.words("matter.fields"), profile.cite("matter.fields"))
        row = read_form(known, texts, demands, KEY_FIELD, may_stand_on_the_list(actor, standing))
        if isinstance(row, tuple):
            return row
        code = row.values[KEY_FIELD]
        if matter_id is None and code in standing:
            return (Fault(KEY_FIELD, "事项编码", code, "清单里已有这个编码，请换一个，或打开那一项更改"),)
        take_in_matters(actor, compare([row], standing, KEY_FIELD), BY_HAND)
        return next(held for held in matters_of(actor.agency_id) if held.code == code)


def answer_ratio(actor: Actor, matter_id: int, share: Share | None, frequency: str) -> Matter:
    """Say what a ratio in prose means: one share, or None for no limit. The words stay as they are."""
    require(actor, Capability.PREPARE_MATTERS)
    profile = profile_for(actor.agency_id)
    with transaction():
        hold_chain(actor.agency_id)
        held = matter(actor.agency_id, matter_id)
        if read_ratio(held.ratio_text).certain:
            raise Refusal(INVALID_INPUT, detail=f"“{held.name}”的比例写得明白，不用说明；要改请更改事项")
        if share is None and held.matter_class == "general" and profile.flag("matter.general_ratio_limited"):
            citation = profile.ground("matter.general_ratio_limited")
            raise Refusal(INVALID_INPUT, citation, detail="一般事项的比例有限制，应选一个比例")
        before = {"ratio_share": _share_words(held), "frequency": held.frequency}
        held.ratio_num, held.ratio_den = share or (None, None)
        held.frequency = frequency.strip()
        held.ratio_answered_by_name, held.ratio_answered_at = actor.name, now()
        if held.status == "published":
            held.status = "draft"
        after = {"ratio_share": _share_words(held), "frequency": held.frequency}
        remember(actor, "matter", held.id, "说明比例按多少执行", before, after)
        record(actor, "matter.ratio", "matter", held.id, before=before, after=after)
        return held


def submit_list(actor: Actor) -> MatterList:
    """Put the list as it stands forward for approval, as the next version."""
    require(actor, Capability.PREPARE_MATTERS)
    with transaction():
        hold_chain(actor.agency_id)
        rows = list_as_it_stands(actor.agency_id)
        if not rows:
            raise Refusal(EMPTY_MATTER_LIST)
        if unread := unread_ratios(actor.agency_id):
            raise Refusal(RATIO_NOT_UNDERSTOOD, names="、".join(held.name for held in unread))
        earlier = versions_of(actor.agency_id)
        if earlier and earlier[0].status != "published":
            raise Refusal(NOTHING_TO_APPROVE, state=LIST_STATUSES[earlier[0].status], step="再送批一份")
        submitted = MatterList(
            agency_id=actor.agency_id,
            version=earlier[0].version + 1 if earlier else 1,
            status="draft",
            snapshot=rows,
            prepared_by_name=actor.name,
            prepared_at=now(),
        )
        db.session.add(submitted)
        db.session.flush()
        record(
            actor,
            "matters.submit",
            "matter_list",
            submitted.id,
            after={"version": submitted.version, "matters": len(rows)},
        )
        return submitted


def approve_list(actor: Actor, version_id: int) -> MatterList:
    """Approve a version, for the signatory whom the agency's rules name (003 art. 5: 局领导)."""
    require(actor, Capability.APPROVE_MATTERS)
    with transaction():
        hold_chain(actor.agency_id)
        held = version(actor.agency_id, version_id)
        rules = profile_for(actor.agency_id)
        require_signatory(actor, rules, "matter.signatories")
        _require_status(held, "draft", "批准")
        held.status, held.approved_by_name, held.approved_at = "approved", actor.name, now()
        held.approved_as = rules.text("matter.approved_by")
        record(actor, "matters.approve", "matter_list", held.id, after={"version": held.version})
        return held


def return_list(actor: Actor, version_id: int, reason: str) -> None:
    """Send a version back: it is taken away, so that a mended one can be submitted."""
    require(actor, Capability.APPROVE_MATTERS)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal(REASON_TOO_SHORT, least=SHORTEST_REASON)
    with transaction():
        hold_chain(actor.agency_id)
        held = version(actor.agency_id, version_id)
        require_signatory(actor, profile_for(actor.agency_id), "matter.signatories")
        _require_status(held, "draft", "退回")
        record(
            actor,
            "matters.return",
            "matter_list",
            held.id,
            before={"version": held.version},
            after={"reason": reason.strip()},
        )
        db.session.delete(held)


def publish_list(actor: Actor, version_id: int) -> MatterList:
    """Put an approved version in force: exactly the matters in it, as they stand in it, are published."""
    require(actor, Capability.PUBLISH_MATTERS)
    with transaction():
        hold_chain(actor.agency_id)
        held = version(actor.agency_id, version_id)
        _require_status(held, "approved", "公布")
        held.status, held.published_at = "published", now()
        for each in matters_of(actor.agency_id):
            if each.status == "draft" and _stands_in(held, each):
                each.status = "published"
        record(actor, "matters.publish", "matter_list", held.id, after={"version": held.version})
        return held


def suspend_matter(actor: Actor, matter_id: int, reason: str) -> None:
    """Nothing is inspected under the matter until it is resumed; at once, without waiting for a version."""
    _put_aside(actor, matter_id, "suspended", ("draft", "published"), "暂停", reason)


def abolish_matter(actor: Actor, matter_id: int, reason: str) -> None:
    """Take a matter off the list for good; it stays readable for the visits that were made under it."""
    _put_aside(actor, matter_id, "abolished", ("draft", "published", "suspended"), "废止", reason)


def resume_matter(actor: Actor, matter_id: int) -> None:
    """End a suspension: in force again where the list in force still holds it as it is, else a draft."""
    require(actor, Capability.PREPARE_MATTERS)
    with transaction():
        hold_chain(actor.agency_id)
        held = matter(actor.agency_id, matter_id)
        _require_standing(held, ("suspended",), "恢复")
        in_force = list_in_force(actor.agency_id)
        held.status = "published" if in_force and _stands_in(in_force, held) else "draft"
        held.status_reason, held.status_since = "", None
        after = {"status": held.status}
        remember(actor, "matter", held.id, "恢复", {"status": "suspended"}, after)
        record(actor, "matter.resume", "matter", held.id, before={"status": "suspended"}, after=after)


def _put_aside(
    actor: Actor, matter_id: int, status: str, possible: tuple[str, ...], step: str, reason: str
) -> None:
    require(actor, Capability.PREPARE_MATTERS)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal(REASON_TOO_SHORT, least=SHORTEST_REASON)
    with transaction():
        hold_chain(actor.agency_id)
        held = matter(actor.agency_id, matter_id)
        _require_standing(held, possible, step)
        before = {"status": held.status}
        held.status, held.status_reason, held.status_since = status, reason.strip(), now()
        after = {"status": status, "reason": reason.strip()}
        remember(actor, "matter", held.id, step, before, after)
        record(actor, f"matter.{status}", "matter", held.id, before=before, after=after)


def _require_standing(held: Matter, possible: tuple[str, ...], step: str) -> None:
    if held.status not in possible:
        raise Refusal(MATTER_STEP_NOT_POSSIBLE, name=held.name, state=STATUSES[held.status], step=step)


def _stands_in(listed: MatterList, held: Matter) -> bool:
    """Whether the version holds the matter exactly as it is now, by everything that the version knew to keep."""
    now_row = snapshot_row(held)
    row = next((row for row in listed.snapshot if row["id"] == held.id), None)
    return row is not None and all(now_row.get(name) == value for name, value in row.items())


def _require_status(held: MatterList, status: str, step: str) -> None:
    if held.status != status:
        raise Refusal(NOTHING_TO_APPROVE, state=LIST_STATUSES[held.status], step=step)


def _stored(values: Record) -> Record:
    """The columns' values with what the ratio amounts to; new words end an earlier answer."""
    if "ratio_text" not in values:
        return values
    num, den = read_ratio(values["ratio_text"]).share or (None, None)
    return {
        **values,
        "ratio_num": num,
        "ratio_den": den,
        "ratio_answered_by_name": None,
        "ratio_answered_at": None,
    }


def _share_words(held: Matter) -> str:
    return "未说明" if is_unread(held) else ratio_words(held.ratio_num, held.ratio_den)
