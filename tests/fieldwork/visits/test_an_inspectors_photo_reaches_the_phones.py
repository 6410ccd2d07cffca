"""The photo held up at the door: taken over in the office, small and without camera data, pulled by the phones of open visits."""

from collections.abc import Callable
from io import BytesIO

from flask.testing import FlaskClient
from PIL import Image

from backend.plumbing.db import db
from backend.registers.inspectors.models import Inspector
from tests.fieldwork.phones import Phones, picture, visit_body
from tests.people import INSPECTOR, LEADER, OFFICER, OUTSIDER, Person

LogIn = Callable[[Person], FlaskClient]


def test_it_is_pulled_and_shown_to_the_own_agency_only(phones: Phones, visit_id: str, log_in: LogIn) -> None:
    phone = phones(LEADER)
    phone.pull()
    person = db.session.query(Inspector).filter_by(name=INSPECTOR.name).one()
    address = f"/office/inspectors/{person.id}/portraits"
    sent = {"picture": (BytesIO(picture(7, 1200, 1600)), "证件照.jpg")}
    assert log_in(OFFICER).post(address, data=sent).status_code == 303
    phone.pull()
    shown = next(one for one in visit_body(phone, visit_id)["team"] if one["name"] == INSPECTOR.name)
    held = log_in(LEADER).get(f"/api/v1/portraits/{shown['photo']}")
    assert max(Image.open(BytesIO(held.data)).size) <= 614
    assert log_in(OUTSIDER).get(f"/api/v1/portraits/{shown['photo']}").status_code == 404


def test_what_is_no_picture_is_refused_with_a_sentence(visit_id: str, log_in: LogIn) -> None:
    person = db.session.query(Inspector).filter_by(name=INSPECTOR.name).one()
    sent = {"picture": (BytesIO(b"no picture"), "证件照.jpg")}
    answer = log_in(OFFICER).post(f"/office/inspectors/{person.id}/portraits", data=sent)
    assert answer.status_code >= 400
    assert f"{INSPECTOR.name}的照片" in answer.text
