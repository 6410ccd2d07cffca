"""A form with a fault never gets past the door, and the form of the industrial enterprise does."""

import hashlib
import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from backend.core.errors import Refusal
from backend.fieldwork.checklists.definitions import compile_form, forms_folder, load_forms
from backend.fieldwork.checklists.rules import items_of

SCHEMA = Draft202012Validator(json.loads((forms_folder() / "schema.json").read_text("utf-8")))
KEY = "zibo-industry/industrial-energy"


def _good() -> dict[str, Any]:
    return deepcopy(dict(load_forms(forms_folder())[KEY].content))


def test_the_energy_form_has_its_items_with_basis_method_and_severity() -> None:
    form = load_forms(forms_folder())[KEY]
    checks = [item for item in items_of(form.content) if item["type"] == "check"]
    assert len(checks) == 37
    assert len({item["label"] for item in checks}) == 37
    assert {item["type"] for item in items_of(form.content)} == {
        "check",
        "text",
        "number",
        "choice",
        "multi",
        "date",
    }


def test_a_released_form_never_changes() -> None:
    """A change is a new version: visits are pinned to these bytes."""
    released = {KEY: (1, "0d2807e95bcb12972ed33b2c78b6df39c45c3f74963322ddcb0e7c0b7db253d0")}
    loaded = load_forms(forms_folder()).values()
    assert {form.key: (form.version, form.sha) for form in loaded} == released


def test_an_unverified_item_shows_no_article_number() -> None:
    checks = [item for item in items_of(_good()) if item["type"] == "check"]
    unverified = [item for item in checks if not item["verified"]]
    assert [item["id"] for item in unverified] == ["onlineMonitoring"]
    assert all("article" not in basis for item in unverified for basis in item["basis"])
    assert all("article" in basis for item in checks if item["verified"] for basis in item["basis"])


def test_the_sha_is_that_of_the_bytes_that_travel() -> None:
    form = load_forms(forms_folder())[KEY]
    assert hashlib.sha256(form.canonical).hexdigest() == form.sha
    assert json.loads(form.canonical) == form.content


def _ask_of_later(form: dict[str, Any]) -> None:
    form["sections"][0]["items"][0]["relevant"] = {"answered": "training"}


def _same_id_twice(form: dict[str, Any]) -> None:
    form["sections"][1]["items"][1]["id"] = form["sections"][1]["items"][0]["id"]


def _article_of_an_unread_text(form: dict[str, Any]) -> None:
    item = next(item for item in items_of(form) if item["id"] == "onlineMonitoring")
    item["basis"][0]["article"] = "9"


def _literal_out_of_the_list(form: dict[str, Any]) -> None:
    form["sections"][1]["items"][0]["relevant"] = {"eq": ["energyClass", "unheardOf"]}


def _two_operators(form: dict[str, Any]) -> None:
    form["sections"][1]["items"][0]["relevant"] = {
        "answered": "energyClass",
        "not": {"answered": "energyClass"},
    }


def _unordered_lt(form: dict[str, Any]) -> None:
    form["sections"][1]["items"][0]["relevant"] = {"lt": ["mainProducts", "5"]}


def _no_label(form: dict[str, Any]) -> None:
    del form["sections"][1]["items"][0]["label"]


def _another_version(form: dict[str, Any]) -> None:
    form["version"] = 2


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_ask_of_later, "not an earlier item"),
        (_same_id_twice, "used twice"),
        (_article_of_an_unread_text, "basis"),
        (_literal_out_of_the_list, "can never be unheardOf"),
        (_two_operators, "relevant"),
        (_unordered_lt, "lt cannot compare"),
        (_no_label, "label"),
        (_another_version, "those of the path"),
    ],
)
def test_a_faulty_form_is_refused_with_its_place(spoil: Callable[[dict[str, Any]], None], said: str) -> None:
    form = _good()
    spoil(form)
    with pytest.raises(Refusal) as refusal:
        compile_form(form, SCHEMA, f"{KEY}/v1.yaml")
    assert refusal.value.problem.code == "invalid-form"
    assert said in refusal.value.sentence_en
