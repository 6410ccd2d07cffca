"""A witness's phone: one link, no account; sealed or spoken inputs, covered until all are in; the record signed on it."""

import base64
import hashlib
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.planning.draw import verify
from backend.planning.draw.models import DrawPreparation
from backend.planning.draw.queries import draw_prepared_as, open_preparations, preparation_of
from backend.planning.draw.views import unreachable_host, witness_links
from backend.plumbing.db import db
from tests.people import OFFICER, Person
from tests.planning.conftest import Stage
from tests.planning.directories import PEN, task_from

LogIn = Callable[[Person], FlaskClient]
SALT = "07" * 16
PICTURE = "data:image/png;base64," + base64.b64encode(PEN).decode()


def sealed(text: str) -> str:
    def lp(part: bytes) -> bytes:
        return len(part).to_bytes(4, "big") + part

    return hashlib.sha256(b"draw/1/witness\n" + lp(bytes.fromhex(SALT)) + lp(text.encode())).hexdigest()


def ask_for_a_draw(office: FlaskClient, stage: Stage, **fields: object) -> str:
    """Press 锁定名录 with these witnesses; where it leads."""
    form = {
        "task": task_from(stage.officer, stage.plan).id,
        "witness_name": ["见证人甲", "见证人乙"],
        "witness_kind": ["public", "counsel"],
        "input_digits": "6",
        "departments": ["1"],
        "leader_departments": ["1"],
        "hard_cap": "20",
        **fields,
    }
    answer = office.post("/office/draws", data=form)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def links(preparation: DrawPreparation, app: Flask) -> list[str]:
    """The path of each witness's link, as their QR codes carry it."""
    with app.test_request_context("/"):
        return [link.removeprefix("http://localhost") for link in witness_links(preparation).values()]


def joined_phones(app: Flask, preparation: DrawPreparation) -> list[tuple[FlaskClient, str]]:
    phones = []
    for link in links(preparation, app):
        phone = app.test_client()
        assert "我是见证人" in phone.get(link).text
        assert phone.post(f"{link}/phones").status_code == 303
        phones.append((phone, link))
    return phones


@pytest.fixture
def office(log_in: LogIn) -> FlaskClient:
    return log_in(OFFICER)


def test_sealed_inputs_go_from_phone_to_a_verified_record(
    office: FlaskClient, stage: Stage, app: Flask, tmp_path: Path
) -> None:
    page = ask_for_a_draw(office, stage, inputs="sealed")
    assert "等扫码" in office.get(page).text
    db.session.rollback()
    preparation = open_preparations(stage.officer.agency_id)[0]
    assert draw_prepared_as(preparation.id) is None, "no serial is taken before the commitment"
    assert office.post(f"{page}/freezings").status_code == 409
    phones, texts = joined_phones(app, preparation), ["春风又绿", "月照江南"]
    for (phone, link), text in zip(phones, texts, strict=True):
        assert phone.post(f"{link}/seals", data={"commitment": sealed(text)}).status_code == 303
        assert "已密封" in phone.get(link).text
    assert office.post(f"{page}/freezings").status_code == 303
    ceremony = str(office.get(page).headers["Location"])
    assert sealed(texts[0])[:12].upper() in office.get(ceremony).text
    first, link = phones[0]
    wrong = first.post(f"{link}/openings", data={"input": "另一句", "salt": SALT})
    assert wrong.status_code == 422
    for (phone, link), text in zip(phones, texts, strict=True):
        assert phone.post(f"{link}/openings", data={"input": text, "salt": SALT}).status_code == 303
        assert text not in office.get(ceremony).text, "covered until all are in"
    draw = ceremony.removesuffix("/ceremony")
    assert office.post(f"{draw}/outcomes").status_code == 303
    assert all(text in office.get(ceremony).text for text in texts)
    for phone, link in phones:
        assert "请签字" in phone.get(link).text
        assert phone.post(f"{link}/signatures", data={"drawing": PICTURE}).status_code == 303
    host = {"name": "王科长", "kind": "主持人", "drawing": PICTURE}
    assert office.post(f"{draw}/signatures", data=host).status_code == 303
    assert office.post(f"{draw}/locks").status_code == 303
    with ZipFile(BytesIO(office.get(f"{draw}/record.zip").data)) as packed:
        packed.extractall(tmp_path)
    assert verify.main([str(tmp_path / "record.json")]) == 0


def test_a_link_belongs_to_the_first_phone_and_the_host_can_renew_it(
    office: FlaskClient, stage: Stage, app: Flask
) -> None:
    page = ask_for_a_draw(office, stage, inputs="sealed")
    db.session.rollback()
    preparation = open_preparations(stage.officer.agency_id)[0]
    phone, link = joined_phones(app, preparation)[0]
    other = app.test_client()
    assert "另一部手机" in other.get(link).text
    assert other.post(f"{link}/phones").status_code == 409
    assert other.post(f"{link}/seals", data={"commitment": "0" * 64}).status_code == 409
    assert office.post(f"{page}/witnesses/0/links").status_code == 303
    assert phone.get(link).status_code == 404
    db.session.rollback()
    fresh = links(preparation_of(stage.officer.agency_id, preparation.id), app)[0]
    assert other.post(f"{fresh}/phones").status_code == 303


def test_spoken_digits_come_from_the_own_phone_and_a_slip_is_cured_without_a_void(
    office: FlaskClient, stage: Stage, app: Flask
) -> None:
    ceremony = ask_for_a_draw(office, stage)
    draw = ceremony.removesuffix("/ceremony")
    db.session.rollback()
    preparation = preparation_of(stage.officer.agency_id, 1)
    phone, link = joined_phones(app, preparation)[0]
    assert phone.post(f"{link}/inputs", data={"digits": "111111"}).status_code == 303
    assert phone.post(f"{link}/inputs", data={"digits": "351642"}).status_code == 303
    assert office.post(f"{draw}/inputs", data={"position": 1, "digits": "004270"}).status_code == 303
    assert office.post(f"{draw}/inputs", data={"position": 1, "digits": "004271"}).status_code == 409
    assert office.post(f"{draw}/inputs/1/withdrawals").status_code == 303
    assert office.post(f"{draw}/inputs", data={"position": 1, "digits": "004271"}).status_code == 303
    assert office.post(f"{draw}/outcomes").status_code == 303
    page = office.get(ceremony).text
    assert "351642" in page
    assert "004271" in page
    assert "111111" not in page
    late = phone.post(f"{link}/inputs", data={"digits": "999999"})
    assert late.status_code == 409


def test_a_witness_without_a_phone_writes_digits_instead(
    office: FlaskClient, stage: Stage, app: Flask
) -> None:
    page = ask_for_a_draw(office, stage, inputs="sealed")
    db.session.rollback()
    preparation = open_preparations(stage.officer.agency_id)[0]
    phone, link = joined_phones(app, preparation)[0]
    phone.post(f"{link}/seals", data={"commitment": sealed("甲")})
    assert office.post(f"{page}/witnesses/1/voices").status_code == 303
    assert office.post(f"{page}/freezings").status_code == 303
    db.session.rollback()
    draw = draw_prepared_as(preparation.id)
    assert draw is not None
    assert draw.commit_doc["input_digits"] == 6
    assert [w["commitment"] for w in draw.commit_doc["witnesses"]] == [sealed("甲"), None]


def test_a_public_value_is_a_further_input_and_must_be_newer_than_the_commitment(
    office: FlaskClient, stage: Stage, clock: object
) -> None:
    ceremony = ask_for_a_draw(office, stage, beacon_source="示例彩票", beacon_round="2026123期")
    draw = ceremony.removesuffix("/ceremony")
    for position, digits in enumerate(("351642", "004271")):
        office.post(f"{draw}/inputs", data={"position": position, "digits": digits})
    assert office.post(f"{draw}/outcomes").status_code == 409
    early = {"value": "03 07 12", "appeared_at": "2025-01-01T09:00"}
    assert office.post(f"{draw}/beacons", data=early).status_code == 422
    clock.advance(hours=2)  # type: ignore[attr-defined]
    moment = re.sub(r"\+.*", "", (clock.now()).isoformat())  # type: ignore[attr-defined]
    assert (
        office.post(f"{draw}/beacons", data={"value": "03 07 12", "appeared_at": moment}).status_code == 303
    )
    assert office.post(f"{draw}/outcomes").status_code == 303
    assert "示例彩票" in office.get(ceremony).text


def test_codes_that_no_phone_can_open_come_with_a_warning(office: FlaskClient, stage: Stage) -> None:
    page = office.get(ask_for_a_draw(office, stage, inputs="sealed")).text
    assert "手机扫这里的码打不开" in page
    assert "localhost" in page
    loopback = ("127.0.0.1:8000", "localhost:8000", "[::1]:8000")
    assert [unreachable_host(host) for host in loopback] == [*loopback]
    assert not any(map(unreachable_host, ("192.168.1.20:8000", "yaohao.example.cn", "[fe80::1]:80")))


def test_what_the_phone_of_an_ended_link_sealed_is_not_frozen(
    office: FlaskClient, stage: Stage, app: Flask
) -> None:
    page = ask_for_a_draw(office, stage, inputs="sealed")
    db.session.rollback()
    preparation = open_preparations(stage.officer.agency_id)[0]
    for phone, link in joined_phones(app, preparation):
        assert phone.post(f"{link}/seals", data={"commitment": sealed("春风又绿")}).status_code == 303
    assert office.post(f"{page}/witnesses/0/links").status_code == 303
    refused = office.post(f"{page}/freezings")
    assert refused.status_code == 409
    assert "见证人甲" in refused.text


def test_the_back_button_prepares_no_second_draw(office: FlaskClient, stage: Stage) -> None:
    first = ask_for_a_draw(office, stage, inputs="sealed")
    assert ask_for_a_draw(office, stage, inputs="sealed") == first


def test_who_cannot_log_in_is_named_before_the_roster_is_frozen(office: FlaskClient, stage: Stage) -> None:
    told = office.get(f"/office/draws/new?task={task_from(stage.officer, stage.plan).id}").text
    without = [person.name for person in stage.inspectors if person.user_id is None]
    assert without
    assert f"可抽的人里有 {len(without)} 名没有登录账号。" in told
    assert f"{'、'.join(without)}：抽到他们，任务就派发不出去" in told
    assert "/office/inspectors/logins" in told


def test_a_second_officer_is_led_to_the_draw_that_runs(
    office: FlaskClient, stage: Stage, log_in: LogIn
) -> None:
    asked = {
        "task": task_from(stage.officer, stage.plan).id,
        "witness_name": "见证人甲",
        "witness_kind": "public",
        "departments": "1",
    }
    ceremony = office.post("/office/draws", data=asked).headers["Location"]
    again = log_in(OFFICER).post("/office/draws", data={**asked, "witness_name": "见证人乙"})
    assert again.status_code == 409
    assert "这个任务已经在摇号" in again.text
    assert f'href="{ceremony.removesuffix("/ceremony")}"' in again.text
