"""Whoever prepares or approves a form fills it in on a phone's frame, with the phone's own engine; nothing of it is sent."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.fieldwork import conftest as fieldwork
from tests.people import OFFICER, PASSWORD

matter = fieldwork.matter

pytestmark = pytest.mark.browser

FORM = "zibo-industry/industrial-energy"


def test_a_form_is_filled_in_and_nothing_leaves_the_page(
    context: Flask, matter: object, tidy: Page, live_address: str
) -> None:
    tidy.goto(f"{live_address}/office/login")
    tidy.get_by_label("账号").fill(OFFICER.login)
    tidy.get_by_label("口令").fill(PASSWORD)
    tidy.get_by_role("button", name="登录").click()
    tidy.wait_for_url("**/office/**")
    tidy.goto(f"{live_address}/office/forms/newest?form={FORM}")
    asked: list[str] = []
    tidy.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    phone = tidy.frame_locator(".phone-trial")
    phone.get_by_role("button", name="有能源管理制度").click()
    first = phone.locator("[aria-current=true] h2")
    question = first.inner_text()
    phone.get_by_role("button", name="不合格", exact=True).click()
    phone.get_by_label("发现的问题").fill("门口没有制度牌")
    expect(phone.get_by_text("还差：发现的问题")).to_have_count(0)
    phone.get_by_role("button", name="改答案").click()
    phone.get_by_role("button", name="合格", exact=True).click()
    expect(first).not_to_have_text(question)
    expect(phone.get_by_text("1 /").last).to_be_visible()
    assert not [one for one in asked if not one.startswith("GET ") or "/api/" in one]
