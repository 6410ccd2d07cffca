"""A database of the days when each op had a whole row of its own is brought to today's tables, and nothing in it is another."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from flask import Flask

from backend.demonstration.scripted_phone import ScriptedPhone
from backend.fieldwork.sync.op_log import Op, ops_of_visit
from backend.plumbing import migrations
from backend.plumbing.db import db, transaction
from tests.fieldwork.phones import Phones
from tests.people import LEADER

ONE_ROW_EACH = "0024"


def test_every_op_is_what_it_was(context: Flask, phones: Phones, visit_id: str) -> None:
    phone = phones(LEADER)
    phone.pull()
    for words in ("一", "第二行\n\\\u2028”", "三"):
        phone.note(visit_id, "/record/situation", {"text": words})
    phone.push()
    _push_a_fork(phone, visit_id)
    db.session.rollback()
    before = ops_of_visit(visit_id)
    assert [op.chain_seq for op in before] == [1, 2, 3, None]
    assert _after_there_and_back(visit_id) == before


def _push_a_fork(phone: ScriptedPhone, visit_id: str) -> None:
    """An op at a place in the chain that is taken."""
    stray = {**phone.log[-1], "id": phone.new_id(), "path": "/record/startedAt"}
    answer = phone.send(
        "POST", "/api/v1/sync/push", json=phone.signed([stray]), headers={"X-Device": phone.device_id}
    )
    assert answer.json["results"][0]["reason"] == "seq-taken"


def _after_there_and_back(visit_id: str) -> list[Op]:
    with transaction():
        config = Config()
        config.set_main_option("script_location", str(Path(migrations.__file__).parent))
        config.attributes["connection"] = db.session.connection()
        command.downgrade(config, ONE_ROW_EACH)
        command.upgrade(config, "head")
    db.session.expire_all()
    return ops_of_visit(visit_id)
