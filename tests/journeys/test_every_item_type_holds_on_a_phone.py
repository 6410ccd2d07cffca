"""Every type of item on a real phone screen: it can be answered without a signal, fits, and is accessible."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from backend.core.canonical_json import digest
from backend.fieldwork.checklists.definitions import forms_folder, load_forms
from backend.fieldwork.form_library.models import FormVersion
from backend.fieldwork.visits.models import Visit
from backend.foundation.permissions.actor import Actor
from backend.plumbing.db import db, transaction
from tests.conftest import FixedClock
from tests.fieldwork import conftest as fieldwork
from tests.journeys.handset import Handset
from tests.people import LEADER, OFFICER, Person
from tests.screens import faults_seen

matter = fieldwork.matter
task = fieldwork.task
dispatch = fieldwork.dispatch

pytestmark = pytest.mark.browser

KEY = "zibo-industry/industrial-energy"
CHOICES = [{"value": "good", "label": "好", "points": 10}, {"value": "poor", "label": "差", "points": 0}]


def _item(name: str, kind: str, label: str, **more: Any) -> dict[str, Any]:
    plain = {"id": name, "type": kind, "label": label, "photo": "never", "required": False, "relevant": None}
    return {**plain, **more}


ITEMS = [
    _item("address", "text", "实际生产经营地址", prefill="entity.address", required=True),
    _item("load", "number", "变压器负载率", unit="%", min="0", max="100"),
    _item("grade", "choice", "现场管理总评", choices=CHOICES, default="good"),
    _item("marks", "multi", "现场有下列哪些情形", choices=CHOICES),
    _item("begun", "date", "设备投运日期"),
    _item("gate", "photos", "厂区大门和主要车间的照片", minPieces=1, maxPieces=6),
    _item("walk", "video", "试报警过程的录像"),
    _item("talk", "audio", "询问现场负责人的录音"),
    _item("papers", "file", "提取的电费账单"),
    _item("where", "location", "取样点的位置"),
    _item("guide", "signature", "陪同人员对查看过程签名"),
    _item("plates", "table", "抽查的用能设备铭牌", maxRows=20, columns=[
        {"id": "kind", "type": "choice", "label": "设备", "required": True,
         "choices": [{"value": "motor", "label": "电动机"}, {"value": "pump", "label": "水泵"}]},
        {"id": "model", "type": "text", "label": "型号", "required": True},
        {"id": "power", "type": "number", "label": "额定功率", "required": False, "unit": "kW", "min": "0"},
        {"id": "made", "type": "date", "label": "出厂日期", "required": False},
    ]),
]  # fmt: skip


@pytest.fixture
def visit_id(
    context: Flask, acting: Callable[[Person], Actor], dispatch: Callable[..., str], clock: FixedClock
) -> str:
    """A visit whose form has one item of every type."""
    content = deepcopy(dict(load_forms(forms_folder())[KEY].content))
    content["version"] += 1
    content["sections"] = [{"id": "everything", "title": "各种类型", "items": ITEMS}, content["sections"][1]]
    officer = acting(OFFICER)
    with transaction():
        db.session.add(
            FormVersion(
                agency_id=officer.agency_id,
                key=KEY,
                version=content["version"],
                published_version=content["version"],
                sha=digest(content),
                content=content,
                filename="表单.xlsx",
                status="published",
                prepared_by=officer.user_id,
                prepared_by_name=officer.name,
                prepared_at=clock.now(),
            )
        )
    return dispatch()


@pytest.fixture
def phone(visit_id: str, live_address: str, browser: Browser) -> Handset:
    """The leader's phone, logged in."""
    handset = Handset(browser, live_address)
    handset.log_in(LEADER)
    return handset


def _open(phone: Handset, visit_id: str, name: str) -> None:
    matter_id = db.session.get_one(Visit, visit_id).matters[0]["matterId"]
    phone.goes_to(f"visit/{visit_id}/checklist/{matter_id}/{name}")


def test_every_type_is_answered_without_a_signal(phone: Handset, visit_id: str) -> None:
    page = phone.page
    _open(phone, visit_id, "plates")
    phone.phone.set_offline(True)
    phone.presses("加一行")
    phone.chooses("水泵")
    phone.writes("型号", "IS100-80")
    phone.presses("填好了")
    expect(page.get_by_text("1 行", exact=True)).to_be_visible()
    expect(page.get_by_text("没填全")).to_have_count(0)
    _open(phone, visit_id, "address")
    page.get_by_role("button", name="采用名录登记的").click()
    _open(phone, visit_id, "where")
    phone.presses("记下现在的位置")
    expect(page.get_by_text("误差12米").first).to_be_visible()
    _open(phone, visit_id, "guide")
    phone.presses("请他签名")
    page.get_by_label("签名人姓名").fill("陪同员甲")
    _draw(phone)
    phone.presses("保存签名")
    expect(page.get_by_alt_text("陪同员甲的签名")).to_be_visible()
    page.evaluate("delete window.MediaRecorder")  # a phone whose browser cannot record asks its own recorder
    for name, button, kind in (
        ("walk", "录视频", "video/mp4"),
        ("talk", "录音", "audio/mp4"),
        ("papers", "选文件", "application/pdf"),
    ):
        _open(phone, visit_id, name)
        with phone.opens_camera(button) as camera:
            camera.set_files({"name": "kept", "mimeType": kind, "buffer": name.encode() * 99})
        expect(page.get_by_text("已有 1 件")).to_be_visible()
    phone.find_signal()
    assert phone.faults == []


@pytest.mark.parametrize("look", ["浅色", "深色"])
def test_every_type_fits_and_is_accessible(phone: Handset, visit_id: str, look: str) -> None:
    faults: dict[str, list[str]] = {}
    phone.goes_to("me")
    phone.chooses(look)
    for width, size in ((390, "标准"), (320, "特大")):
        phone.page.set_viewport_size({"width": width, "height": 844})
        phone.goes_to("me")
        phone.chooses(size)
        for item in ITEMS:
            _open(phone, visit_id, item["id"])
            phone.page.locator(".other").wait_for()
            if found := faults_seen(phone.page):
                faults[f"{item['id']} at {width}"] = found
    assert faults == {}
    assert phone.faults == []


def _draw(phone: Handset) -> None:
    pad = phone.page.get_by_label("签字区").bounding_box()
    assert pad is not None
    left, middle = pad["x"] + 40, pad["y"] + pad["height"] / 2
    phone.page.mouse.move(left, middle)
    phone.page.mouse.down()
    for step in range(16):
        phone.page.mouse.move(left + step * 8, middle + (20 if step % 4 < 2 else -20))
    phone.page.mouse.up()
