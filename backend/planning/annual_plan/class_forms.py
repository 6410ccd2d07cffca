"""Scopes and classes as they are written in the forms of plans and tasks.

Names of fields: `<prefix><scope word>`, `<prefix>ratio-<grade>`; a further class n is `<prefix>class-<n>-…`.
"""

from collections.abc import Mapping

from backend.core.errors import INVALID_INPUT, Refusal
from backend.planning.annual_plan.rules import GRADES, ratio_from
from backend.planning.scopes.rules import SCOPE_WORDS, Amount, EntityClass, tidy_scope

MOST_CLASSES = 8


def scope_from(form: Mapping[str, str], prefix: str = "") -> dict[str, str]:
    """The scope that was filled in."""
    return tidy_scope({name: form.get(f"{prefix}{name}", "") for name in SCOPE_WORDS})


def amounts_from(form: Mapping[str, str], prefix: str = "") -> dict[str, Amount]:
    """Amounts by grade. Refuses what is no ratio."""
    try:
        written = {grade: ratio_from(form.get(f"{prefix}ratio-{grade}", "")) for grade in GRADES}
    except ValueError as fault:
        raise Refusal(INVALID_INPUT, detail=str(fault)) from fault
    return {grade: ratio for grade, ratio in written.items() if ratio is not None}


def classes_from(form: Mapping[str, str], prefix: str = "") -> list[EntityClass]:
    """The further classes that have a name or any amount, in their order."""
    found = []
    for number in range(MOST_CLASSES):
        of_class = f"{prefix}class-{number}-"
        name = form.get(f"{of_class}name", "").strip()
        amounts = amounts_from(form, of_class)
        if name or amounts:
            found.append(EntityClass(name, scope_from(form, of_class), amounts))
    return found
