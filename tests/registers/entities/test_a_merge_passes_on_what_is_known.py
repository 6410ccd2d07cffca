"""Flags and exemptions of a merged entry hold for the kept one until the merge is taken back; nobody merges a firm away."""

from collections.abc import Callable
from datetime import date

import pytest

from backend.core.errors import Refusal
from backend.foundation.accounts.queries import agency_by_code
from backend.foundation.permissions.actor import Actor
from backend.foundation.rule_profiles.actions import follow_profile
from backend.plumbing.clock import today
from backend.plumbing.db import db, transaction
from backend.registers.entities.actions import exempt, set_status
from backend.registers.entities.flagging import end_flag, end_lapsed_flags, flags_of, lapsed_of, raise_flag
from backend.registers.entities.merging import merge, take_back
from backend.registers.entities.models import Entity
from backend.registers.entities.queries import Filters, count_entities, exemption_of, history_of
from backend.registers.entities.rules import MERGED
from backend.registers.entities.transfers import answer, send
from tests.conftest import FixedClock
from tests.people import ADMIN, HEAD, OFFICER, OUTSIDER, Person
from tests.registers.entities.entering import enter

Acting = Callable[[Person], Actor]
REASON = "核对营业执照后确认"
SINCE = date(2026, 7, 1)


def _flags(entity_id: int) -> list[str]:
    db.session.rollback()
    return db.session.get_one(Entity, entity_id).flags


def test_a_merged_entrys_flags_pass_on_until_the_merge_is_taken_back(acting: Acting) -> None:
    officer = acting(OFFICER)
    kept, merged = enter(officer, 1).id, enter(officer, 2).id
    raise_flag(officer, kept, "abnormal", "样市监列异〔2026〕1号", SINCE, None)
    raise_flag(officer, merged, "abnormal", "样市监列异〔2026〕2号", SINCE, date(2026, 12, 31))
    raise_flag(officer, merged, "dishonest", "样法执〔2026〕3号", SINCE, date(2026, 12, 31))
    made = merge(officer, kept, merged, REASON)
    assert _flags(kept) == ["abnormal", "dishonest"]
    passed = flags_of(kept)[0]
    assert (passed.source, passed.until) == ("样法执〔2026〕3号", date(2026, 12, 31))
    assert count_entities(officer.agency_id, Filters(flag="dishonest", status="active")) == 1
    take_back(officer, made.id, "两户住所不同，不是一户")
    assert (_flags(kept), _flags(merged)) == (["abnormal"], ["abnormal", "dishonest"])
    assert "撤回合并" in flags_of(kept)[0].ended_reason
    assert history_of(kept)[0].after == {"flags": ["abnormal"]}


def test_of_two_terms_of_one_flag_the_longer_holds(acting: Acting, clock: FixedClock) -> None:
    officer = acting(OFFICER)
    kept, merged = enter(officer, 1).id, enter(officer, 2).id
    raise_flag(officer, kept, "abnormal", "样市监列异〔2026〕1号", SINCE, date(2026, 7, 25))
    raise_flag(officer, merged, "abnormal", "样市监列异〔2026〕2号", SINCE, date(2026, 7, 31))
    merge(officer, kept, merged, REASON)
    clock.advance(days=6)
    assert lapsed_of(kept, today()) == frozenset()
    end_lapsed_flags()
    assert _flags(kept) == ["abnormal"]
    clock.advance(days=6)
    end_lapsed_flags()
    assert _flags(kept) == []


def test_a_flag_that_passed_on_and_was_taken_off_stays_off(acting: Acting) -> None:
    officer = acting(OFFICER)
    kept, merged = enter(officer, 1).id, enter(officer, 2).id
    raise_flag(officer, merged, "dishonest", "样法执〔2026〕3号", SINCE, None)
    made = merge(officer, kept, merged, REASON)
    end_flag(officer, kept, "dishonest", "已移出名单")
    take_back(officer, made.id, "两户住所不同，不是一户")
    assert _flags(kept) == []
    assert flags_of(kept)[0].ended_reason == "已移出名单"


def test_a_merged_entrys_exemption_passes_on_unless_the_kept_one_has_its_own(acting: Acting) -> None:
    officer, head = acting(OFFICER), acting(HEAD)
    follow_profile(acting(ADMIN), "zibo-industry")
    kept, merged, third = enter(officer, 1).id, enter(officer, 2).id, enter(officer, 3).id
    exempt(head, merged, "上年度考核优秀，免检一年", date(2026, 12, 31))
    exempt(head, third, "重点项目建设期间免扰", date(2026, 9, 30))
    first = merge(officer, kept, merged, REASON)
    held = exemption_of(officer.agency_id, kept, today())
    assert held is not None
    assert (held.reason, held.valid_to) == ("上年度考核优秀，免检一年", date(2026, 12, 31))
    merge(officer, kept, third, REASON)
    again = exemption_of(officer.agency_id, kept, today())
    assert again is not None
    assert again.id == held.id
    take_back(officer, first.id, "两户住所不同，不是一户")
    assert exemption_of(officer.agency_id, kept, today()) is None
    assert exemption_of(officer.agency_id, merged, today()) is not None


def test_nobody_merges_a_firm_out_of_the_draws(acting: Acting) -> None:
    officer = acting(OFFICER)
    away, closed, here = enter(officer, 1).id, enter(officer, 2).id, enter(officer, 3).id
    sent = send(officer, away, None, "演示省某县商务局", "示工信转〔2026〕1号", "住所已迁至外省")
    with pytest.raises(Refusal, match="等待对方答复，现在不能并入另一户"):
        merge(officer, here, away, REASON)
    answer(officer, sent.id, accepted=True, words="来函：同意接收")
    set_status(officer, [closed], "closed", "实地核查")
    for kept in (away, closed):
        with pytest.raises(Refusal, match="再也抽不到"):
            merge(officer, kept, here, REASON)
    merge(officer, here, closed, REASON)


def test_an_entry_merged_meanwhile_is_not_overwritten_by_the_answer_to_its_transfer(acting: Acting) -> None:
    officer, there = acting(OFFICER), acting(OUTSIDER)
    first, second = enter(officer, 1).id, enter(officer, 2).id
    agency = agency_by_code("ylsw")
    assert agency is not None
    sent = send(officer, second, agency.id, "", "示工信转〔2026〕1号", "住所已迁至样例县")
    with transaction():
        row = db.session.get_one(Entity, second)
        row.status, row.merged_into_id = MERGED, first
    with pytest.raises(Refusal, match="已并入另一户，不能接收"):
        answer(there, sent.id, accepted=True, words="同意")
    assert answer(there, sent.id, accepted=False, words="请按保留的一户告知").state == "declined"
    assert db.session.get_one(Entity, second).status == MERGED


def test_a_merge_that_others_rest_on_is_taken_back_last(acting: Acting) -> None:
    officer = acting(OFFICER)
    first, second, third = (enter(officer, number).id for number in (1, 2, 3))
    made = merge(officer, second, first, REASON)
    merge(officer, third, second, REASON)
    with pytest.raises(Refusal, match="merge-stands"):
        take_back(officer, made.id, "两户住所不同，不是一户")
