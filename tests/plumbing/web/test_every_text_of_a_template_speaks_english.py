"""A template is plain Chinese: each of its texts is a message, and each message has its English."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment

import backend
from backend.plumbing.web import language
from backend.plumbing.web.spoken_templates import messages

HERE = Path(backend.__file__).parent
PAPERS = "documents"
"""Official documents are in Chinese alone."""
TEMPLATES = [path for path in sorted(HERE.rglob("templates/**/*.html")) if PAPERS not in path.parts]


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch) -> Environment:
    env = Environment(autoescape=True)
    language.speak(env)
    return env


def in_english(env: Environment, source: str, monkeypatch: pytest.MonkeyPatch, **given: object) -> str:
    known = {
        "由{1}签字后生效": "takes effect once signed by {1}",
        "审批": "Approve",
        "已批准": "approved",
        "名称": "Name",
    }
    monkeypatch.setattr(language, "language", lambda: language.ENGLISH)
    monkeypatch.setattr(language, "english", lambda: known)
    return env.from_string(source).render(**given)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(HERE)))
def test_every_text_has_its_english(template: Path, env: Environment) -> None:
    said = {message.strip() for message in messages(env, template.read_text("utf-8"))}
    missing = {message for message in said if re.search("[一-鿿]", message)}
    assert not missing - {message.strip() for message in language.english()}


def test_chinese_stays_as_it_is_written(env: Environment) -> None:
    source = """<p title="由{{ who }}签字">　由{{ who }}签字后生效
    {% if x == "甲" %}<b>审批</b>{% endif %}</p><textarea>审批{{ who }}</textarea>"""
    plain = Environment(autoescape=True).from_string(source)
    given = {"who": "<局长>", "x": "甲"}
    assert env.from_string(source).render(**given) == plain.render(**given)


def test_a_text_with_values_is_one_message_and_its_values_stay_escaped(
    env: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = in_english(env, "<p>由{{ who }}签字后生效</p>", monkeypatch, who="<局长>")
    assert said == "<p>takes effect once signed by &lt;局长&gt;</p>"


def test_labels_from_python_and_attributes_are_read_in_english(
    env: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = """<b aria-label="名称">{{ state }}</b>{{ "审批" if state == "已批准" else "名称" }}"""
    said = in_english(env, source, monkeypatch, state="已批准")
    assert said == """<b aria-label="Name">approved</b>Approve"""


def test_what_a_form_sends_back_is_never_translated(
    env: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = """<input value="{{ x }}"><textarea>{{ x }}</textarea><option>{{ x }}</option><option value="a">{{ x }}</option>"""
    said = in_english(env, source, monkeypatch, x="审批")
    assert said == (
        """<input value="审批"><textarea>审批</textarea><option>审批</option><option value="a">Approve</option>"""
    )
