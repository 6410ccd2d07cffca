"""Rows of the registers and of planning as tests need them: made up, complete, each fact replaceable by name."""

from datetime import date, datetime
from typing import Any, TypeVar

from backend.core.clock import SHANGHAI
from backend.foundation.permissions.actor import Actor
from backend.planning.tasks.models import Task
from backend.plumbing.db import Base, db
from backend.registers.entities.models import Entity
from backend.registers.inspectors.models import Inspector
from backend.registers.matters.models import Matter

FORM = "zibo-industry/industrial-energy"

Row = TypeVar("Row", bound=Base)


def an_entity(agency_id: int, code: str, name: str, **facts: Any) -> Entity:
    """An active enterprise of the agency."""
    usual = {
        "kind": "enterprise",
        "address": "示例市示例路1号",
        "region": "示例区",
        "industry": "机械制造",
        "principal": "钱示范",
        "phone": "0533-0000000",
        "risk_source": "",
        "status": "active",
        "directories": [],
        "flags": [],
    }
    return _kept(Entity(agency_id=agency_id, code=code, name=name, **{**usual, **facts}))


def the_matter(agency_id: int, **facts: Any) -> Matter:
    """The agency's matter 节能监察 with the real form: the one there is, or a new one."""
    found = db.session.query(Matter).filter_by(agency_id=agency_id).order_by(Matter.id).first()
    usual = {
        "code": "JN-01",
        "name": "工业企业节能监察",
        "matter_class": "key",
        "objects": "工业企业",
        "content": "节能制度、计量、设备",
        "legal_basis": "《中华人民共和国节约能源法》",
        "methods": "实地核查",
        "frequency": "每年一次",
        "entity_kind": "",
        "form_key": FORM,
        "status": "published",
    }
    return found or _kept(Matter(agency_id=agency_id, **{**usual, **facts}))


def a_task(agency_id: int, serial: str, **facts: Any) -> Task:
    """A dispatched task of two seats in December 2026."""
    usual = {
        "ad_hoc_reason": "",
        "title": "2026 年节能监察",
        "window_from": date(2026, 12, 1),
        "window_to": date(2026, 12, 31),
        "scope": {},
        "natures": [],
        "ratios": {},
        "status": "dispatched",
        "seats": 2,
        "made_by_name": "王科长",
        "made_at": datetime(2026, 7, 21, 9, 0, tzinfo=SHANGHAI),
    }
    return _kept(Task(agency_id=agency_id, serial=serial, **{**usual, **facts}))


def enlisted(actor: Actor) -> Inspector:
    """The person's entry in the inspector directory: the one there is, or a new one."""
    found = db.session.query(Inspector).filter_by(user_id=actor.user_id).one_or_none()
    return found or _kept(
        Inspector(
            agency_id=actor.agency_id,
            user_id=actor.user_id,
            name=actor.name,
            sex="女",
            post="科员",
            certificate_no=f"SL-{actor.user_id:05d}",
            speciality="节能",
            status="active",
            is_expert=False,
        )
    )


def _kept(row: Row) -> Row:
    db.session.add(row)
    db.session.flush()
    return row
