"""Entering, flags with a last day, likenesses merged and taken back, transfers, masked numbers, directories, views."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from backend.core.codes import registration_check_digit
from backend.core.errors import Refusal
from backend.foundation.accounts.queries import agency_by_code
from backend.foundation.audit.queries import entries_on
from backend.foundation.permissions.actor import Actor
from backend.plumbing.db import db
from backend.registers.entities.actions import mend_entity, set_status
from backend.registers.entities.flagging import end_flag, end_lapsed_flags, flags_of, raise_flag
from backend.registers.entities.merging import likenesses, merge, take_back
from backend.registers.entities.models import Entity
from backend.registers.entities.private_numbers import unmask
from backend.registers.entities.queries import (
    Filters,
    count_entities,
    drawable_entities,
    entity_by_code,
    history_of,
    page_of_entities,
    standing_for,
)
from backend.registers.entities.transfers import answer, send, transfers_with
from backend.registers.imports.actions import import_rows, upload
from tests.conftest import FixedClock
from tests.people import ADMIN, ARCHIVIST, INSPECTOR, OFFICER, OUTSIDER, Person
from tests.registers.entities.entering import enter
from tests.registers.sheets import as_xlsx, credit_code, entity_rows

Acting = Callable[[Person], Actor]
LogIn = Callable[[Person], FlaskClient]
OLD_NUMBER = "37030300000001" + registration_check_digit("37030300000001")
REASON = "核对营业执照后确认"


def test_one_entry_by_hand_begins_its_history(acting: Acting) -> None:
    officer = acting(OFFICER)
    made = enter(officer, 1)
    assert [(change.source, change.before) for change in history_of(made.id)] == [("手工录入", None)]
    with pytest.raises(Refusal, match="已在名录里"):
        enter(officer, 1)
    with pytest.raises(Refusal, match="地址：必须填写"):
        enter(officer, 2, address="")


def test_a_flag_ends_by_itself_after_its_last_day(acting: Acting, clock: FixedClock) -> None:
    officer = acting(OFFICER)
    made = enter(officer, 1)
    raise_flag(officer, made.id, "abnormal", "样市监列异〔2026〕1号", date(2026, 7, 1), date(2026, 7, 31))
    assert count_entities(officer.agency_id, Filters(flag="abnormal")) == 1
    clock.advance(days=10)
    end_lapsed_flags()
    assert made.flags == ["abnormal"]
    clock.advance(days=1)
    end_lapsed_flags()
    assert db.session.get_one(Entity, made.id).flags == []
    assert count_entities(officer.agency_id, Filters(flag="abnormal")) == 0
    assert flags_of(made.id)[0].ended_reason == "到期"
    assert history_of(made.id)[0].source == "标记到期"


def test_a_flag_needs_a_source_and_is_taken_off_with_a_reason(acting: Acting) -> None:
    officer = acting(OFFICER)
    made = enter(officer, 1)
    with pytest.raises(Refusal, match="来源"):
        raise_flag(officer, made.id, "abnormal", " ", date(2026, 7, 1), None)
    raise_flag(officer, made.id, "abnormal", "样市监列异〔2026〕1号", date(2026, 7, 1), None)
    end_flag(officer, made.id, "abnormal", "已移出名录")
    assert db.session.get_one(Entity, made.id).flags == []
    with pytest.raises(Refusal, match="not-found"):
        end_flag(officer, made.id, "abnormal", "已移出名录")


@pytest.mark.parametrize(
    "other",
    [
        {"name": "示例市样例第001机械（有限） 公司"},
        {"registration_no": OLD_NUMBER},
    ],
)
def test_likenesses_are_found_merged_by_a_person_and_taken_back(
    acting: Acting, other: dict[str, str]
) -> None:
    officer = acting(OFFICER)
    first = enter(officer, 1, name="示例市样例第001机械(有限)公司", registration_no=OLD_NUMBER)
    second = enter(officer, 2, **other)
    ((found,),) = [[likeness.entities for likeness in likenesses(officer.agency_id)]]
    assert [each.id for each in found] == [first.id, second.id]
    made = merge(officer, first.id, second.id, REASON)
    assert [each.id for each in drawable_entities(officer.agency_id)] == [first.id]
    assert likenesses(officer.agency_id) == []
    take_back(officer, made.id, "两户住所不同，不是一户")
    assert db.session.get_one(Entity, second.id).status == "active"
    assert len(drawable_entities(officer.agency_id)) == 2
    with pytest.raises(Refusal, match="not-found"):
        take_back(officer, made.id, REASON)


def test_the_person_says_which_entry_is_kept(acting: Acting, log_in: LogIn) -> None:
    officer = acting(OFFICER)
    numbers = [enter(officer, number, name="示例市样例同名机械有限公司").id for number in (1, 2, 3)]
    browser = log_in(OFFICER)
    told = browser.post("/office/entities/merges", data={"kept": numbers[2], "reason": REASON})
    assert (told.status_code, "先选保留哪一户" in told.text) == (422, True)
    chosen = {"kept": numbers[2], "merged": numbers, "reason": REASON}
    assert browser.post("/office/entities/merges", data=chosen).status_code == 303
    assert [each.id for each in drawable_entities(officer.agency_id)] == [numbers[2]]
    assert standing_for(officer.agency_id) == {numbers[0]: numbers[2], numbers[1]: numbers[2]}


def test_who_stands_for_a_merged_entry_is_found_through_others(acting: Acting) -> None:
    officer = acting(OFFICER)
    first, second, third = (enter(officer, number).id for number in (1, 2, 3))
    merge(officer, second, first, REASON)
    later = merge(officer, third, second, REASON)
    assert standing_for(officer.agency_id) == {first: third, second: third}
    take_back(officer, later.id, REASON)
    assert standing_for(officer.agency_id) == {first: second}


def test_a_merge_outlives_the_next_file_and_a_change_by_hand(acting: Acting) -> None:
    officer = acting(OFFICER)
    first, second = enter(officer, 1), enter(officer, 2)
    merge(officer, first.id, second.id, REASON)
    held = upload(officer, "entities", "本月.xlsx", as_xlsx(entity_rows(2, 状态="在册")))
    assert held.counts["refused"] == 1
    import_rows(officer, held.id, good_rows_only=True)
    for change in (
        lambda: set_status(officer, [second.id], "active", "核对"),
        lambda: mend_entity(officer, second.id, {"status": "在册"}),
    ):
        with pytest.raises(Refusal, match="merge-stands"):
            change()
    assert [each.id for each in drawable_entities(officer.agency_id)] == [first.id]


def test_a_transfer_moves_the_entry_only_when_it_is_accepted(acting: Acting) -> None:
    officer, there = acting(OFFICER), acting(OUTSIDER)
    made = enter(officer, 1)
    sent = send(officer, made.id, agency_by_code("ylsw").id, "", "示工信转〔2026〕1号", "住所已迁至样例县")
    assert db.session.get_one(Entity, made.id).status == "active"
    with pytest.raises(Refusal, match="not-found"):
        answer(officer, sent.id, accepted=True, words="同意")
    assert [each.id for each in transfers_with(there.agency_id)[0]] == [sent.id]
    answer(there, sent.id, accepted=True, words="样商函〔2026〕2号")
    assert db.session.get_one(Entity, made.id).status == "moved_out"
    entered = entity_by_code(there.agency_id, made.code)
    assert entered is not None
    assert "示工信转〔2026〕1号" in history_of(entered.id)[0].source
    with pytest.raises(Refusal, match="现在不能答复"):
        answer(there, sent.id, accepted=False, words="不同意")


def test_what_comes_home_stands_in_the_directory_again(acting: Acting) -> None:
    officer, there = acting(OFFICER), acting(OUTSIDER)
    made = enter(officer, 1)
    away = send(officer, made.id, there.agency_id, "", "示工信转〔2026〕1号", "住所已迁至样例县")
    answer(there, away.id, accepted=True, words="同意")
    entered = entity_by_code(there.agency_id, made.code)
    assert entered is not None
    back = send(there, entered.id, officer.agency_id, "", "样商转〔2026〕1号", "住所已迁回示例市")
    answer(officer, back.id, accepted=True, words="同意")
    assert [each.id for each in drawable_entities(officer.agency_id)] == [made.id]
    assert drawable_entities(there.agency_id) == []


def test_a_declined_transfer_leaves_everything_as_it_was(acting: Acting) -> None:
    officer = acting(OFFICER)
    made = enter(officer, 1)
    sent = send(officer, made.id, None, "演示省某县商务局", "示工信转〔2026〕1号", "住所已迁至外省")
    answer(officer, sent.id, accepted=False, words="来函：不属其管辖")
    assert db.session.get_one(Entity, made.id).status == "active"


def test_a_whole_number_is_shown_to_who_needs_it_and_leaves_a_trace(acting: Acting, log_in: LogIn) -> None:
    officer = acting(OFFICER)
    made = enter(officer, 1, kind="个人", identity_no="110101199003070038")
    assert "110101199003070038" not in str(history_of(made.id)[0].after)
    page = log_in(OFFICER).get(f"/office/entities/{made.id}").text
    assert "13800000001" not in page
    assert "138****0001" in page
    assert "19900307" not in page
    assert unmask(acting(INSPECTOR), made.id, "identity_no") == "110101199003070038"
    verbs = [entry.verb for entry in entries_on(officer.agency_id, "entity", made.id)]
    assert verbs == ["entity.enter", "entity.unmask"]
    with pytest.raises(Refusal, match="not-allowed"):
        unmask(acting(ARCHIVIST), made.id, "phone")


def test_a_search_finds_name_code_address_and_person_and_nothing_that_only_looks_so(acting: Acting) -> None:
    officer = acting(OFFICER)
    made = enter(officer, 1, name="示例市䶮记陶瓷（集团）厂", principal="欧阳样例")
    enter(officer, 2, name="瓷陶示例")
    for words in (
        "陶瓷",
        "䶮",
        "欧阳",
        "示例路1",
        credit_code(1)[8:].lower(),
        credit_code(1),
        "(集团)",
        "陶瓷 欧阳",
    ):
        found = page_of_entities(officer.agency_id, Filters(words=words), 9)
        assert made.id in [each.id for each in found], words
    assert count_entities(officer.agency_id, Filters(words="陶瓷")) == 1
    assert count_entities(officer.agency_id, Filters(words="例市示")) == 0


def test_the_pages_of_care_hold_and_say_what_is_missing(log_in: LogIn, acting: Acting) -> None:
    officer = acting(OFFICER)
    made = enter(officer, 1, directories="重点用能单位")
    browser, admin = log_in(OFFICER), log_in(ADMIN)
    for address in (
        "new",
        "likenesses",
        "transfers",
        "directories",
        "directories?name=重点用能单位",
        f"{made.id}",
    ):
        assert browser.get(f"/office/entities/{address}").status_code == 200, address
    told = browser.post(
        "/office/entities/new", data={"name": "示例", "code": "9137", "kind": "企业", "status": "在册"}
    )
    assert (told.status_code, "应为 18 位" in told.text) == (422, True)
    assert browser.post(f"/office/entities/{made.id}/flags", data={"flag": "abnormal"}).status_code == 422
    described = {"name": "重点用能单位", "object_type": "年耗能一万吨标准煤以上", "demands": "每年报告"}
    assert admin.post("/office/entities/directories", data=described).status_code == 303
    assert "年耗能一万吨标准煤以上" in browser.get("/office/entities/directories").text
    assert (
        browser.post(
            "/office/entities/views", data={"name": "重点", "directory": "重点用能单位", "_method": "x"}
        ).status_code
        == 303
    )
    assert 'href="/office/entities?directory=' in browser.get("/office/entities").text
    assert "重点</a>" not in admin.get("/office/entities").text
    whole = browser.post(f"/office/entities/{made.id}/numbers", data={"number": "phone"})
    assert "13800000001" in whole.text
    assert browser.get(f"/office/entities?before={1 << 62}").status_code == 200


def test_a_notice_waits_in_the_work_list_of_the_agency_it_was_sent_to(acting: Acting, log_in: LogIn) -> None:
    made = enter(acting(OFFICER), 1)
    there = acting(OUTSIDER).agency_id
    send(acting(OFFICER), made.id, there, "", "示工信告〔2026〕3号", "已迁往样例县经营")
    receiver = log_in(OUTSIDER)
    told = receiver.get("/office/").text
    assert f"{made.name}迁入" in told
    assert "/office/rules#transfer.moved_away" in told, "their rules are silent: the default is named"
    assert "等本单位答复" in receiver.get("/office/entities/transfers").text
    assert f"{made.name}迁入" not in log_in(OFFICER).get("/office/").text
