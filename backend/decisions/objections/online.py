"""An objection lodged on the public site, without an account: a receipt for its sender, a case like any other for the agency."""

from dataclasses import dataclass
from datetime import datetime, time

from flask import current_app
from sqlalchemy import func, select

from backend.core.clock import SHANGHAI
from backend.core.errors import NOT_FOUND, OBJECTIONS_TOO_MANY, OBJECTIONS_WAITING, REASON_NEEDED, Refusal
from backend.decisions.objections.actions import refuse_out_of_time
from backend.decisions.objections.models import Objection
from backend.decisions.objections.queries import RECEIVED
from backend.decisions.objections.rules import (
    RECEIPT_LENGTH,
    SENT_A_DAY,
    WAITING_AT_MOST,
    receipt_number,
    sender_digest,
)
from backend.decisions.results.models import Result
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor
from backend.plumbing.clock import now, today
from backend.plumbing.db import db, transaction
from backend.plumbing.randomness import token

REGISTERED_BY = "公示网站"


@dataclass(frozen=True)
class Application:
    """What the sender filled in; `address` is where it came from, kept only as a digest of the day."""

    form_id: str
    publication_no: str
    lodged_as: str
    lodged_by: str
    contact: str
    grounds: str
    address: str


def lodge_online(application: Application) -> Objection:
    """Take an objection to a published result; sending the same form twice makes one."""
    for words, what in (
        (application.lodged_by, "您的单位名称或姓名"),
        (application.contact, "联系方式，复查情况要告诉您"),
        (application.grounds, "哪一处与事实不符、理由"),
    ):
        if not words.strip():
            raise Refusal(REASON_NEEDED, what=what)
    result = published_result(application.publication_no)
    with transaction():
        hold_chain(result.agency_id)
        known = select(Objection).where(
            Objection.agency_id == result.agency_id, Objection.form_id == application.form_id
        )
        if (earlier := db.session.scalar(known)) is not None:
            return earlier
        refuse_out_of_time(result, today())
        secret: bytes = current_app.config["SECRET_KEY"]
        sender = sender_digest(secret, application.address, today())
        _refuse_floods(result, sender)
        objection = Objection(
            agency_id=result.agency_id,
            form_id=application.form_id,
            result_id=result.id,
            lodged_by=application.lodged_by.strip(),
            contact=application.contact.strip(),
            grounds=application.grounds.strip(),
            received_at=datetime.combine(today(), time(12), SHANGHAI),
            registered_by_name=REGISTERED_BY,
            status=RECEIVED,
            receipt_no=receipt_number(token(RECEIPT_LENGTH)),
            lodged_as=application.lodged_as,
            sender_digest=sender,
        )
        db.session.add(objection)
        db.session.flush()
        nobody = Actor(0, result.agency_id, None, REGISTERED_BY, frozenset())
        after = {"result": result.id, "at": now().isoformat(), "grounds": objection.grounds}
        record(nobody, "objection.lodge_online", "objection", objection.id, after=after)
        return objection


def published_result(publication_no: str) -> Result:
    """The public result that bears this number. Refuses NOT_FOUND."""
    query = select(Result).where(Result.publication_no == publication_no, Result.published_at.is_not(None))
    found = db.session.scalar(query)
    if found is None:
        raise Refusal(NOT_FOUND, what=f"公示号 {publication_no}")
    return found


def _refuse_floods(result: Result, sender: str) -> None:
    count = select(func.count()).select_from(Objection)
    if (db.session.scalar(count.where(Objection.sender_digest == sender)) or 0) >= SENT_A_DAY:
        raise Refusal(OBJECTIONS_TOO_MANY, most=SENT_A_DAY)
    waiting = count.where(
        Objection.result_id == result.id, Objection.status == RECEIVED, Objection.receipt_no.is_not(None)
    )
    if (db.session.scalar(waiting) or 0) >= WAITING_AT_MOST:
        raise Refusal(OBJECTIONS_WAITING, most=WAITING_AT_MOST)
