"""Matters that no form is made for: said while they are planned, not first at the entity's door."""

from collections.abc import Iterable

from flask import Flask

from backend.fieldwork.form_library.queries import library
from backend.fieldwork.form_library.rules.choosing import may_have_form
from backend.foundation.rule_profiles.queries import profile_for
from backend.registers.matters.models import Matter


def matters_without_form(agency_id: int, matters: Iterable[Matter]) -> list[Matter]:
    """Those of these matters under which no visit gets a checklist by itself, whatever the entity."""
    forms = {key: form.content for key, form in library(agency_id).items()}
    profile_key = profile_for(agency_id).key
    return [
        one
        for one in matters
        if not may_have_form(forms, one.form_key or "", profile_key, one.name, one.matter_class)
    ]


def install(app: Flask) -> None:
    """Let templates of earlier stages call `matters_without_form(agency_id, matters)`."""
    app.jinja_env.globals["matters_without_form"] = matters_without_form
