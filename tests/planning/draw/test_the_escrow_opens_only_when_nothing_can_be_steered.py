"""The head's copy of the nonce: closed while inputs can still change, open from the moment that fixes the outcome."""

from collections.abc import Callable

from flask.testing import FlaskClient

from backend.planning.draw.computing import draw_now
from tests.people import HEAD, Person
from tests.planning.conftest import Stage
from tests.planning.directories import commit, give_inputs, task_from

WORDS = {"passphrase": "correct horse battery"}


def test_nobody_learns_the_nonce_before_all_inputs_are_shown(
    stage: Stage, log_in: Callable[[Person], FlaskClient]
) -> None:
    head = log_in(HEAD)
    assert head.post("/office/draws/escrow/keys", data=WORDS).status_code == 303
    draw = commit(stage.officer, task_from(stage.officer, stage.plan))
    copy = f"/office/draws/escrow/{draw.id}/openings"
    assert "还没有一起翻开" in head.post(copy, data=WORDS).text
    give_inputs(stage.officer, draw)
    assert head.post(copy, data=WORDS).status_code == 422
    draw_now(stage.officer, draw.id)
    opened = head.post(copy, data=WORDS)
    assert opened.status_code == 200
    assert "只显示这一次" in opened.text
