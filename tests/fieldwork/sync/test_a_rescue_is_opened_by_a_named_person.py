"""求救文件: listed for the administrator, opened by the worker when a named person gives a reason, the outcome on the trail."""

import json
from collections.abc import Callable

from flask.testing import FlaskClient

from backend.fieldwork.sync.models import Rescue
from backend.foundation.audit.queries import entries_on
from backend.foundation.jobs.actions import work_once
from backend.plumbing.db import db
from tests.fieldwork.phones import Phones
from tests.people import ADMIN, LEADER, OFFICER, OUTSIDER, Person

LogIn = Callable[[Person], FlaskClient]
BUNDLE = (
    b'YAOHAO-OUTBOX-1\n{"deviceId":"d","userId":1,"madeAt":1,"iv":null,"ephemeral":null}\n'
    b'{"ops":[{"id":"019d0000-0000-7000-8000-000000000001","visitId":"%s"}],"files":[],"declarations":[{"entity":"91370302MA0000000X"}]}\n'
)


def _handed_in(phones: Phones, content: bytes) -> Rescue:
    phone = phones(LEADER)
    headers = {"X-Device": phone.device_id, "Authorization": f"Bearer {phone.push_token}"}
    answer = phone.send("POST", "/api/v1/rescue", body=content, headers=headers)
    assert answer.status_code == 202
    db.session.rollback()
    return db.session.query(Rescue).one()


def test_it_is_opened_with_a_reason_and_settled(phones: Phones, visit_id: str, log_in: LogIn) -> None:
    rescue = _handed_in(phones, BUNDLE % visit_id.encode())
    admin, address = log_in(ADMIN), f"/office/rescues/{rescue.id}"
    assert "未打开" in admin.get("/office/rescues").text
    assert admin.post(f"{address}/outcomes", data={"outcome": "补齐"}).status_code == 409
    assert admin.post(f"{address}/openings", data={"reason": ""}).status_code == 422
    assert admin.post(f"{address}/openings", data={"reason": "手机应用太旧"}).status_code == 303
    assert work_once()
    page = admin.get("/office/rescues").text
    assert "李主管" in page
    assert "手机应用太旧" in page
    assert "利害关系申报 1 份" in page
    assert admin.post(f"{address}/outcomes", data={"outcome": "手机更新后已补传"}).status_code == 303
    db.session.rollback()
    db.session.expire_all()
    rescue = db.session.get_one(Rescue, rescue.id)
    assert rescue.found is not None
    assert (rescue.found["ops"], rescue.found["opsHeld"], rescue.outcome) == (1, 0, "手机更新后已补传")
    verbs = [entry.verb for entry in entries_on(rescue.agency_id, "rescue", rescue.id)]
    assert verbs == ["rescue.take", "rescue.open", "rescue.found", "rescue.outcome"]


def test_what_cannot_be_opened_is_said_and_only_the_administrator_may(
    phones: Phones, visit_id: str, log_in: LogIn
) -> None:
    rescue = _handed_in(phones, b"no bundle at all")
    address = f"/office/rescues/{rescue.id}/openings"
    assert log_in(OFFICER).post(address, data={"reason": "看看"}).status_code == 403
    assert log_in(OUTSIDER).post(address, data={"reason": "看看"}).status_code == 404
    assert log_in(ADMIN).post(address, data={"reason": "手机交来的"}).status_code == 303
    work_once()
    assert "打不开" in log_in(ADMIN).get("/office/rescues").text


def test_a_bundle_whose_ops_bear_odd_ids_is_counted_all_the_same(
    phones: Phones, visit_id: str, log_in: LogIn
) -> None:
    odd = ("op-1", "019D0000-0000-7000-8000-000000000001", "\0", "\ud800", 7, None, [1])
    ops = [{"id": name, "visitId": name} for name in odd] + [{"id": "op-2", "visitId": visit_id}]
    about, _, _ = BUNDLE.partition(b'{"ops"')
    told = json.dumps({"ops": ops, "files": []}).encode()
    rescue = _handed_in(phones, about + told + b"\n")
    log_in(ADMIN).post(f"/office/rescues/{rescue.id}/openings", data={"reason": "手机坏了"})
    work_once()
    db.session.rollback()
    db.session.expire_all()
    found = db.session.get_one(Rescue, rescue.id).found
    assert found is not None
    assert (found["ops"], found["opsHeld"]) == (8, 0)
    assert [(one["id"], one["ops"]) for one in found["visits"]] == [(visit_id, 1)]
