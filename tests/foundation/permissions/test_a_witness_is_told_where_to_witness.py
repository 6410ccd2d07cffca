"""A witness's account opens no page of the office: it is told where witnessing is done, and is offered no dead button."""

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.people import WITNESS, Person

LogIn = Callable[[Person], FlaskClient]


def test_a_witness_is_led_to_the_room_and_to_no_dead_button(log_in: LogIn) -> None:
    answer = log_in(WITNESS).get("/office/")
    assert answer.status_code == 403
    assert "用自己的手机扫主持人投影上的二维码" in answer.text
    assert "回工作台</a>" not in answer.text
    assert "not-allowed" not in answer.text
    assert "退出登录" in answer.text
