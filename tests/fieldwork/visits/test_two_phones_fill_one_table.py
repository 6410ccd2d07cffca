"""A table on two phones at once: every cell is an answer of its own, so only the same cell can differ."""

from backend.demonstration.scripted_phone import ScriptedPhone
from backend.fieldwork.visits.completeness import assessments_of
from backend.fieldwork.visits.models import Visit
from backend.plumbing.db import db
from tests.fieldwork.phones import Phones, item
from tests.people import INSPECTOR, LEADER

TABLE = "equipmentSampled"


def _both(phones: Phones) -> tuple[ScriptedPhone, ScriptedPhone]:
    leader, colleague = phones(LEADER), phones(INSPECTOR)
    leader.pull()
    colleague.pull()
    return leader, colleague


def _cell(phone: ScriptedPhone, visit_id: str, row: str, column: str) -> str:
    return item(phone, visit_id, f"{TABLE}/rows/{row}/{column}")


def _fill_row(phone: ScriptedPhone, visit_id: str, row: str, model: str) -> None:
    phone.answer(visit_id, _cell(phone, visit_id, row, "kind"), "motor")
    phone.answer(visit_id, _cell(phone, visit_id, row, "model"), model)


def test_rows_that_two_phones_add_unseen_are_both_kept(phones: Phones, visit_id: str) -> None:
    leader, colleague = _both(phones)
    _fill_row(leader, visit_id, "019a01", "Y132")
    _fill_row(colleague, visit_id, "019a02", "Y160")
    leader.sync()
    colleague.sync()
    leader.pull()
    assert {result["status"] for result in (*leader.results.values(), *colleague.results.values())} == {
        "applied"
    }
    models = {path: value for path, value in leader.answers(visit_id).items() if path.endswith("/model")}
    assert sorted(models.values()) == ["Y132", "Y160"]


def test_two_phones_fill_different_cells_of_one_row_and_differ_only_in_the_same_one(
    phones: Phones, visit_id: str
) -> None:
    leader, colleague = _both(phones)
    _fill_row(leader, visit_id, "019a01", "Y132")
    leader.sync()
    colleague.pull()
    leader.answer(visit_id, _cell(leader, visit_id, "019a01", "power"), "7.5kW")
    leader.answer(visit_id, _cell(leader, visit_id, "019a01", "model"), "Y132M")
    leader.sync()
    colleague.answer(visit_id, _cell(colleague, visit_id, "019a01", "made"), "2009-05-01")
    differing = colleague.answer(visit_id, _cell(colleague, visit_id, "019a01", "model"), "Y132S")
    colleague.sync()
    set_aside = {op for op, result in colleague.results.items() if result["status"] == "conflict"}
    assert set_aside == {differing}


def test_taking_a_row_away_never_takes_what_a_colleague_wrote_meanwhile(
    phones: Phones, visit_id: str
) -> None:
    leader, colleague = _both(phones)
    _fill_row(leader, visit_id, "019a01", "Y132")
    leader.sync()
    colleague.pull()
    colleague.answer(visit_id, _cell(colleague, visit_id, "019a01", "finding"), "在淘汰目录内")
    colleague.sync()
    for column in ("kind", "model"):
        leader.answer(visit_id, _cell(leader, visit_id, "019a01", column), None)
    leader.sync()
    db.session.rollback()
    (seen,) = assessments_of(db.session.get_one(Visit, visit_id)).values()
    assert [name for name in seen.missing if name.startswith(TABLE)] == [
        f"{TABLE}/rows/019a01/kind",
        f"{TABLE}/rows/019a01/model",
    ]


def test_a_cell_that_the_form_does_not_have_is_set_aside(phones: Phones, visit_id: str) -> None:
    leader, _ = _both(phones)
    op_id = leader.act(
        "answer.set", visit_id, _cell(leader, visit_id, "019a01", "colour"), "红", _sha(leader, visit_id)
    )
    leader.sync()
    assert leader.results[op_id]["reason"] == "no-such-path"


def _sha(phone: ScriptedPhone, visit_id: str) -> str:
    sha: str = phone.docs["visit", visit_id]["body"]["matters"][0]["formSha"]
    return sha
