"""Publication: what is public is numbered once and stays; what by law may not be public is withheld with the reason."""

from collections.abc import Sequence

from backend.core.clock import day_in_china
from backend.core.errors import (
    ALREADY_PUBLISHED,
    HEAD_HAS_NOT_APPROVED,
    NO_CHANNEL,
    REASON_NEEDED,
    REPORT_NOT_FORMED,
    Refusal,
)
from backend.decisions.approval.queries import head_has_approved
from backend.decisions.publication.models import PublicationCounter
from backend.decisions.results.models import Result
from backend.decisions.results.queries import (
    is_open,
    line_of,
    locked_report,
    report_digest,
    report_of,
    result_of,
)
from backend.foundation.accounts.models import Agency
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.planning.tasks.queries import rules_of_task
from backend.plumbing.clock import now, today
from backend.plumbing.db import db, transaction
from backend.plumbing.events import announce


def publish(actor: Actor, visit_id: str, channels: Sequence[str]) -> list[Result]:
    """Publish every open result of the visit; return all that are public. Pressing twice publishes once.

    `channels`: the profile's publication.channels that the officer ticked.
    """
    require(actor, Capability.PUBLISH_RESULTS)
    profile = rules_of_task(report_of(actor.agency_id, visit_id).task_id)
    ticked = [channel for channel in profile.words("publication.channels") if channel in channels]
    if not ticked:
        raise Refusal(NO_CHANNEL, profile.ground("publication.channels"))
    with transaction():
        report = locked_report(actor.agency_id, visit_id)
        if report.formed_at is None:
            raise Refusal(REPORT_NOT_FORMED, profile.ground("report.deadline_wd"))
        if profile.flag("result.head_approves") and not head_has_approved(visit_id, report_digest(report)):
            raise Refusal(HEAD_HAS_NOT_APPROVED, profile.ground("result.head_approves"))
        due = line_of(report).clocks.publication
        late = max(0, -due.remaining(today())) if due else 0
        for result in report.results:
            if is_open(result):
                _publish(actor, result, ticked, late)
        return [result for result in report.results if result.published_at is not None]


def withhold(actor: Actor, result_id: int, reason: str, told_to: str) -> Result:
    """Keep one result from the public by law, with the reason and whom it was made known to (003 art. 15)."""
    require(actor, Capability.PUBLISH_RESULTS)
    if not reason.strip():
        raise Refusal(REASON_NEEDED, what="依法不予公开的理由")
    with transaction():
        result = result_of(actor.agency_id, result_id)
        report = locked_report(actor.agency_id, result.visit_id)
        if report.formed_at is None:
            raise Refusal(REPORT_NOT_FORMED)
        if result.published_at is not None:
            raise Refusal(ALREADY_PUBLISHED, day=f"{day_in_china(result.published_at):%Y-%m-%d}")
        result.withheld_at, result.withheld_by_name = now(), actor.name
        result.withheld_reason, result.told_to = reason.strip(), told_to.strip()
        record(
            actor,
            "result.withhold",
            "result",
            result.id,
            after={"reason": result.withheld_reason, "told_to": result.told_to},
        )
        return result


def _publish(actor: Actor, result: Result, channels: list[str], late: int) -> None:
    result.publication_no = _next_number(actor.agency_id)
    result.published_at, result.published_by_name = now(), actor.name
    result.channels = channels
    db.session.flush()
    record(
        actor,
        "result.publish",
        "result",
        result.id,
        after={"no": result.publication_no, "channels": channels, "late_by_wd": late},
    )
    announce("result.published", actor=actor, result_id=result.id)


def _next_number(agency_id: int) -> str:
    hold_chain(agency_id)
    agency = db.session.get_one(Agency, agency_id)
    year = today().year
    counter = db.session.get(PublicationCounter, (agency_id, year), populate_existing=True)
    if counter is None:
        counter = PublicationCounter(agency_id=agency_id, year=year, last=0)
        db.session.add(counter)
    counter.last += 1
    db.session.flush()
    return f"{agency.code}-{year}-{counter.last:06d}"
