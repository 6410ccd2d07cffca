"""A form with a fault never gets past the door, and the form of the industrial enterprise does."""

import hashlib
import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from backend.core.errors import Refusal
from backend.fieldwork.checklists.definitions import compile_form, compiled_forms, forms_folder, load_forms
from backend.fieldwork.checklists.rules import items_of

SCHEMA = Draft202012Validator(json.loads((forms_folder() / "schema.json").read_text("utf-8")))
KEY = "zibo-industry/industrial-energy"


def _good() -> dict[str, Any]:
    return deepcopy(dict(load_forms(forms_folder())[KEY].content))


RELEASED = {
    ("yiyuan-commerce/car-sales", 1): "43814d0c7f8c0d0592ab251893d5784a81b98332203262e9f1d1aad481e01e42",
    ("yiyuan-commerce/prepaid-card", 1): "7ec5008445e998a87515424400c542fdffe907e44a21a699e23291a7a9572c8f",
    ("yiyuan-police/hotel", 1): "5b58590028fc3d8ce02eadc1613ffa0d667272d1ed497ae6c5d7b7f3b9d007d7",
    ("yiyuan-police/security-company", 1): "d21b7f260e22f9b4d1f2cc1f50feddd591e270fe15f332ed9b37146e0bb2634a",
    ("zibo-industry/civil-explosives", 1): "0ea6b89a49ad66e9314da58127d05c6c446aff299f9f2570fa51f8ef829473e5",
    (KEY, 1): "0d2807e95bcb12972ed33b2c78b6df39c45c3f74963322ddcb0e7c0b7db253d0",
    (KEY, 2): "a171f2dbf1e56f6faa2768b1be56a73cbb81cb1f317a6aa845318a4849f25fdf",
    ("zichuan-justice/law-firm", 1): "64ae15e19031c2d6e69d36f864a695f2267db4f9683030e5bd86a4c19cf2127e",
    ("zichuan-justice/notary-office", 1): "cdc5f3637006ecc7bc9c4aa025ce318e2e0d7a6b549cba188709cab72ec6ed7f",
}


def test_a_released_form_never_changes() -> None:
    """A change is a new version: visits are pinned to these bytes."""
    assert {(form.key, form.version): form.sha for form in compiled_forms(forms_folder())} == RELEASED


@pytest.mark.parametrize("key", sorted({key for key, _ in RELEASED}))
def test_a_shipped_form_is_an_example_with_at_least_25_duties_and_no_text_twice(key: str) -> None:
    form = load_forms(forms_folder())[key].content
    checks = [item for item in items_of(form) if item["type"] == "check"]
    assert form["heading"] == "示例，使用前由法制机构核定"
    assert len(checks) >= 25
    assert len({item["label"] for item in items_of(form)}) == len(list(items_of(form)))
    assert len({item["failText"] for item in checks}) == len(checks)


def test_a_duty_that_stays_unverified_shows_no_article_number() -> None:
    checks = [
        item
        for form in load_forms(forms_folder()).values()
        for item in items_of(form.content)
        if item["type"] == "check"
    ]
    unverified = [item for item in checks if not item["verified"]]
    assert (len(checks), len(unverified)) == (322, 34), "as counted in the collection they come from"
    assert all("article" not in basis for item in unverified for basis in item["basis"])
    assert all(("article" in basis) + ("pending" in basis) + ("unnumbered" in basis) == 1
               for item in checks if item["verified"] for basis in item["basis"])  # fmt: skip
    assert not [item for item in checks if "治安管理处罚法" in str(item["basis"])], (
        "its new numbers are unknown"
    )


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


def _a_table_of_itself(form: dict[str, Any]) -> None:
    form["sections"][-1]["items"][0]["columns"] *= 2


def _files_between_nothing(form: dict[str, Any]) -> None:
    form["sections"][-1]["items"][1] |= {"minPieces": 21}


def _a_default_out_of_the_list(form: dict[str, Any]) -> None:
    form["sections"][0]["items"][0]["default"] = "unheardOf"


def _a_constraint_on_another_kind(form: dict[str, Any]) -> None:
    comparison = {"lt": ["annualEnergy", {"item": "energyClass"}]}
    form["sections"][0]["items"][1]["constraint"] = {"holds": comparison, "otherwise": "不符"}


def _a_section_asking_later(form: dict[str, Any]) -> None:
    form["sections"][0]["relevant"] = {"answered": "energyClass"}


def _no_label(form: dict[str, Any]) -> None:
    del form["sections"][1]["items"][0]["label"]


def _another_version(form: dict[str, Any]) -> None:
    form["version"] = 3


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_ask_of_later, "not an earlier item"),
        (_same_id_twice, "used twice"),
        (_article_of_an_unread_text, "basis"),
        (_literal_out_of_the_list, "can never be unheardOf"),
        (_two_operators, "relevant"),
        (_unordered_lt, "lt cannot compare"),
        (_a_table_of_itself, "has the column kind twice"),
        (_files_between_nothing, "minPieces is above maxPieces"),
        (_a_default_out_of_the_list, "its default can be no answer"),
        (_a_constraint_on_another_kind, "cannot be compared with energyClass"),
        (_a_section_asking_later, "profile: energyClass is not an earlier item"),
        (_no_label, "label"),
        (_another_version, "those of the path"),
    ],
)
def test_a_faulty_form_is_refused_with_its_place(spoil: Callable[[dict[str, Any]], None], said: str) -> None:
    form = _good()
    spoil(form)
    with pytest.raises(Refusal) as refusal:
        compile_form(form, SCHEMA, f"{KEY}/v2.yaml")
    assert refusal.value.problem.code == "invalid-form"
    assert said in refusal.value.sentence_en
