"""What an inspector does with a phone in these tests: fill in the whole checklist, write the record, sign, submit."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image

from backend.demonstration.scripted_phone import ScriptedPhone
from backend.fieldwork.checklists.rules import items_of
from tests.people import Person

PASS = {"result": "pass", "problem": None, "disposal": None}
FAIL = {"result": "fail", "problem": "铭牌为淘汰型号", "disposal": "责令改正，期限 15 日"}
PROFILE: dict[str, Any] = {
    "energyClass": "otherUser",
    "annualEnergy": "8200.5",
    "mainProducts": "铸件 3000 吨",
    "equipment": ["boilerKiln"],
    "circumstances": ["noneOfThese"],
}


@dataclass
class Phones:
    """`phones(LEADER)` is a fresh registered phone of that person."""

    make: Callable[[Person], ScriptedPhone]

    def __call__(self, person: Person) -> ScriptedPhone:
        return self.make(person)


def picture(mark: int = 0, width: int = 900, height: int = 1200) -> bytes:
    """A JPEG unlike any with another mark."""
    written = BytesIO()
    Image.new("RGB", (width, height), (mark % 256, 120, 200)).save(written, "JPEG")
    return written.getvalue()


def item(phone: ScriptedPhone, visit_id: str, name: str) -> str:
    """The path of an item of the visit's one matter."""
    matter = phone.docs["visit", visit_id]["body"]["matters"][0]
    return f"/matters/{matter['id']}/items/{name}"


def fill_in(phone: ScriptedPhone, visit_id: str) -> None:
    """Answer every item, one of them a fail with its photo; write the record and tick the steps."""
    matter = phone.docs["visit", visit_id]["body"]["matters"][0]
    for question in items_of(phone.form(matter["formSha"])):
        name = question["id"]
        if name in PROFILE:
            phone.answer(visit_id, item(phone, visit_id, name), PROFILE[name])
        elif question["type"] == "check":
            phone.answer(visit_id, item(phone, visit_id, name), FAIL if name == "obsoleteMotors" else PASS)
    phone.photograph(visit_id, picture(), item(phone, visit_id, "obsoleteMotors"))
    phone.locate(visit_id)
    phone.walk_to_the_door(visit_id)
    phone.walk_to_the_end(visit_id, due="2026-08-05")
    phone.note(visit_id, "/record/situation", {"text": "现场生产正常，发现一台淘汰电动机在用。"})
    phone.note(visit_id, "/record/startedAt", {"text": "2026-07-21T09:10:00+08:00"})
    phone.note(visit_id, "/record/endedAt", {"text": "2026-07-21T11:40:00+08:00"})


def sign_all(phone: ScriptedPhone, visit_id: str, party: bool = True) -> None:
    """Both inspectors sign on this phone, then the party."""
    for member in phone.docs["visit", visit_id]["body"]["team"]:
        phone.sign(visit_id, "inspector", member["name"], member["userId"])
    if party:
        phone.sign(visit_id, "party", "钱示范")


def visit_body(phone: ScriptedPhone, visit_id: str) -> dict[str, Any]:
    """The visit as this phone shows it."""
    body: dict[str, Any] = phone.docs["visit", visit_id]["body"]
    return body
