"""What all pages share, the navigation and the whole public site can be read in English."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

import backend
from backend.foundation.permissions.roles import Role
from backend.plumbing.web.english import english
from backend.plumbing.web.navigation import OFFICE, PUBLIC_SECTIONS

ROOT = Path(backend.__file__).parent
SHARED = ROOT / "plumbing/web/templates"
TEMPLATES = sorted(
    [
        *(SHARED / name for name in ("parts.html", "differences.html", "skeleton.html")),
        *(SHARED / name for name in ("office/base.html", "public/base.html", "errors/refusal.html")),
        *ROOT.glob("public_site/*/templates/*/*.html"),
    ]
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLACE = re.compile(r"%\((\w+)\)s")


def words_of(template: Path, kind: type[nodes.TemplateData] | type[nodes.Const]) -> Iterator[str]:
    tree = Environment(extensions=["jinja2.ext.i18n"]).parse(template.read_text("utf-8"))
    for node in tree.find_all(kind):
        words = node.data if isinstance(node, nodes.TemplateData) else getattr(node, "value", "")
        if isinstance(words, str) and CHINESE.search(words):
            yield words


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_word_of_a_shared_template_has_english(template: Path) -> None:
    assert list(words_of(template, nodes.TemplateData)) == [], "wrap it in _()"
    missing = set(words_of(template, nodes.Const)) - set(english())
    assert missing == set(), "add it to backend/translations/en.po"


def test_the_navigation_and_the_roles_have_english() -> None:
    said = {group.label for group in OFFICE} | {item.label for group in OFFICE for item in group.items}
    said |= {words for _, words, _ in PUBLIC_SECTIONS} | {role.label for role in Role}
    assert said - set(english()) == set()


def test_a_translation_names_exactly_the_facts_of_its_original() -> None:
    wrong = {
        chinese
        for chinese, words in english().items()
        if sorted(PLACE.findall(chinese)) != sorted(PLACE.findall(words))
    }
    assert wrong == set()
