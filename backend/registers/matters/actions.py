"""Changes of the matter list: take in rows, submit a version, approve it, publish it, withdraw a matter."""

from typing import Any

from sqlalchemy import update

from backend.core.errors import EMPTY_MATTER_LIST, NOTHING_TO_APPROVE, REASON_TOO_SHORT, Refusal
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.plumbing.clock import now
from backend.plumbing.db import db, in_transaction, transaction
from backend.registers.columns.rules import Comparison, Record, spelled
from backend.registers.matters.columns import columns
from backend.registers.matters.models import Matter, MatterList
from backend.registers.matters.queries import matter, matters_of, record_of, version, versions_of
from backend.registers.matters.rules import LIST_STATUSES

SHORTEST_REASON = 5


def take_in_matters(actor: Actor, comparison: Comparison, source: str) -> None:
    """Write a file's new and changed rows as drafts, inside the caller's transaction."""
    if not in_transaction():
        raise RuntimeError("rows are taken in inside the transaction of their import")
    defaults = {column.field: column.default for column in columns({})}
    for row in comparison.new:
        values = _stored({**defaults, **row.values})
        entered = Matter(agency_id=actor.agency_id, status="draft", **values)
        if entered.department_id is None:
            entered.department_id = actor.department_id
        db.session.add(entered)
        db.session.flush()
        record(actor, "matter.enter", "matter", entered.id, after={**spelled(values), "source": source})
    for change in comparison.updated:
        held = db.session.get_one(Matter, change.id)
        for name, value in _stored(change.after).items():
            setattr(held, name, value)
        held.status = "draft"
        db.session.flush()
        record(
            actor,
            "matter.change",
            "matter",
            held.id,
            before=_plain(change.before),
            after={**_plain(change.after), "source": source},
        )


def submit_list(actor: Actor) -> MatterList:
    """Put the list as it stands forward for approval, as the next version."""
    require(actor, Capability.PREPARE_MATTERS)
    with transaction():
        hold_chain(actor.agency_id)
        held = matters_of(actor.agency_id)
        if not held:
            raise Refusal(EMPTY_MATTER_LIST)
        earlier = versions_of(actor.agency_id)
        if earlier and earlier[0].status != "published":
            raise Refusal(NOTHING_TO_APPROVE, state=LIST_STATUSES[earlier[0].status], step="再送批一份")
        submitted = MatterList(
            agency_id=actor.agency_id,
            version=earlier[0].version + 1 if earlier else 1,
            status="draft",
            snapshot=[{"id": each.id, **_plain(record_of(each))} for each in held],
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
            after={"version": submitted.version, "matters": len(held)},
        )
        return submitted


def approve_list(actor: Actor, version_id: int) -> MatterList:
    """Approve a version, for the signatory whom the agency's rules name (003 art. 5: 局领导)."""
    require(actor, Capability.APPROVE_MATTERS)
    with transaction():
        hold_chain(actor.agency_id)
        held = version(actor.agency_id, version_id)
        _require_status(held, "draft", "批准")
        held.status, held.approved_by_name, held.approved_at = "approved", actor.name, now()
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
        in_list = {row["id"]: row for row in held.snapshot}
        for each in matters_of(actor.agency_id):
            as_approved = in_list.get(each.id)
            unchanged = as_approved == {"id": each.id, **_plain(record_of(each))}
            each.status = "published" if unchanged else each.status
        record(actor, "matters.publish", "matter_list", held.id, after={"version": held.version})
        return held


def withdraw_matter(actor: Actor, matter_id: int, reason: str) -> None:
    """Take a matter off the list; the next version goes without it."""
    require(actor, Capability.PREPARE_MATTERS)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal(REASON_TOO_SHORT, least=SHORTEST_REASON)
    with transaction():
        hold_chain(actor.agency_id)
        held = matter(actor.agency_id, matter_id)
        before = {"status": held.status}
        db.session.execute(update(Matter).where(Matter.id == held.id).values(status="withdrawn"))
        record(
            actor,
            "matter.withdraw",
            "matter",
            held.id,
            before=before,
            after={"status": "withdrawn", "reason": reason.strip()},
        )


def _require_status(held: MatterList, status: str, step: str) -> None:
    if held.status != status:
        raise Refusal(NOTHING_TO_APPROVE, state=LIST_STATUSES[held.status], step=step)


def _stored(values: Record) -> Record:
    if "ratio" not in values:
        return values
    num, den = values["ratio"] or (None, None)
    return {
        **{name: value for name, value in values.items() if name != "ratio"},
        "ratio_num": num,
        "ratio_den": den,
    }


def _plain(values: Record) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
