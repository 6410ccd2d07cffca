"""A small directory: the cast's inspectors, one with an expired certificate, one expert."""

from collections.abc import Callable
from datetime import date

import pytest

from backend.foundation.permissions.actor import Actor
from backend.plumbing.db import db
from backend.registers.entities.models import Entity
from backend.registers.inspectors.models import Inspector
from tests.people import INSPECTOR, LEADER, OFFICER, Person
from tests.registered import an_entity

Acting = Callable[[Person], Actor]
ENTERED = {
    "name": "冯样例",
    "sex": "女",
    "post": "一级科员",
    "certificate_no": "SL0000099",
    "certificate_valid_to": "2028-12-31",
    "speciality": "节能监察、能源计量",
    "regions": "样例区",
    "department_id": "节能与综合利用科",
    "status": "在岗",
    "is_expert": "否",
    "organisation": "",
    "user_id": "",
}


def enlist(actor: Actor, name: str, number: str, valid_to: date | None, **more: object) -> Inspector:
    """One person of the directory."""
    facts = {
        "department_id": actor.department_id,
        "sex": "female",
        "post": "科员",
        "speciality": "节能监察",
        "status": "active",
        "is_expert": False,
        **more,
    }
    person = Inspector(
        agency_id=actor.agency_id, name=name, certificate_no=number, certificate_valid_to=valid_to, **facts
    )
    db.session.add(person)
    db.session.commit()
    return person


@pytest.fixture
def directory(acting: Acting) -> dict[str, Inspector]:
    """By name: 赵示例, 钱样例 (with logins), 吴过期, 郑专家."""
    officer = acting(OFFICER)
    valid = date(2028, 12, 31)
    people = [
        enlist(officer, LEADER.name, "SL0000001", valid, user_id=acting(LEADER).user_id),
        enlist(officer, INSPECTOR.name, "SL0000002", valid, user_id=acting(INSPECTOR).user_id),
        enlist(officer, "吴过期", "SL0000003", date(2026, 6, 30)),
        enlist(officer, "郑专家", "ZJ0000001", None, is_expert=True, organisation="示例检测院"),
    ]
    return {person.name: person for person in people}


@pytest.fixture
def entity(acting: Acting) -> Entity:
    """An entity to have ties with."""
    found = an_entity(acting(OFFICER).agency_id, "TEST:0001", "示例市第1机械有限公司")
    db.session.commit()
    return found
