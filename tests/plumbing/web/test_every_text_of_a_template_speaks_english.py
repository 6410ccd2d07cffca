"""A template is plain Chinese: each of its texts is a message, and each message has its English."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jinja2 import Environment

import backend
from backend.plumbing.web import english, language
from backend.plumbing.web.spoken_templates import messages

HERE = Path(backend.__file__).parent
PAPERS = "documents"
"""Official documents are in Chinese alone."""
TEMPLATES = [path for path in sorted(HERE.rglob("templates/**/*.html")) if PAPERS not in path.parts]


KNOWN = {
    "由{1}签字后生效": "takes effect once signed by {1}",
    "审批": "Approve",
    "已批准": "approved",
    "名称": "Name",
}


@pytest.fixture
def env() -> Environment:
    env = Environment(autoescape=True)
    language.speak(env)
    return env


@pytest.fixture
def in_english(env: Environment, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Render a source in English, by a small catalogue."""

    def rendered(source: str, **given: object) -> str:
        return env.from_string(source).render(**given)

    monkeypatch.setattr(language, "language", lambda: language.ENGLISH)
    monkeypatch.setattr(english, "english", lambda: KNOWN)
    _forget()
    yield rendered
    _forget()


def _forget() -> None:
    english._composed.cache_clear()
    english._patterns.cache_clear()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(HERE)))
def test_every_text_has_its_english(template: Path, env: Environment) -> None:
    said = {message.strip() for message in messages(env, template.read_text("utf-8"))}
    missing = {message for message in said if re.search("[一-鿿]", message)}
    assert not missing - {message.strip() for message in english.english()}


def test_chinese_stays_as_it_is_written(env: Environment) -> None:
    source = """<p title="由{{ who }}签字">　由{{ who }}签字后生效
    {% if x == "甲" %}<b>审批</b>{% endif %}</p><textarea>审批{{ who }}</textarea>"""
    plain = Environment(autoescape=True).from_string(source)
    given = {"who": "<局长>", "x": "甲"}
    assert env.from_string(source).render(**given) == plain.render(**given)


def test_a_text_with_values_is_one_message_and_its_values_stay_escaped(
    in_english: Callable[..., str],
) -> None:
    said = in_english("<p>由{{ who }}签字后生效</p>", who="<局长>")
    assert said == "<p>takes effect once signed by &lt;局长&gt;</p>"


def test_labels_from_python_and_attributes_are_read_in_english(in_english: Callable[..., str]) -> None:
    source = """<b aria-label="名称">{{ state }}</b>{{ "审批" if state == "已批准" else "名称" }}"""
    assert in_english(source, state="已批准") == """<b aria-label="Name">approved</b>Approve"""


def test_words_that_python_put_together_are_read_in_parts(in_english: Callable[..., str]) -> None:
    source = "<b>{{ title }}</b><i>{{ detail }}</i>"
    said = in_english(source, title="审批：示例公司", detail="由示例公司签字后生效")
    assert said == "<b>Approve: 示例公司</b><i>takes effect once signed by 示例公司</i>"


def test_what_a_form_sends_back_is_never_translated(in_english: Callable[..., str]) -> None:
    kept = """<input value="{{ x }}"><textarea>{{ x }}</textarea><option>{{ x }}</option>"""
    assert in_english(kept, x="审批") == kept.replace("{{ x }}", "审批")
    assert (
        in_english("""<option value="a">{{ x }}</option>""", x="审批")
        == """<option value="a">Approve</option>"""
    )


def test_a_part_of_a_page_stays_html(in_english: Callable[..., str]) -> None:
    source = """{% macro box() %}<div>{{ caller() }}</div>{% endmacro %}{% call box() %}审批：<b>名称</b>{% endcall %}"""
    assert in_english(source) == "<div>Approve: <b>Name</b></div>"
