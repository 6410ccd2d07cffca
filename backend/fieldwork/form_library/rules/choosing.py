"""Which form a matter of a visit gets by itself: named by the matter, else the one that suits it best."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

Content = Mapping[str, Any]
OF_THE_MATTER = ("matters", "matterClasses")
"""The criteria that the matter alone decides; the others wait for the entity."""


@dataclass(frozen=True)
class Inspected:
    """What a choice goes by: the matter, and the entity as the directory has it."""

    matter: str
    matter_class: str
    kind: str
    industry: str
    directories: Collection[str]


def best_form(forms: Mapping[str, Content], named: str, profile_key: str, about: Inspected) -> str | None:
    """The key of the form, or None when no form is named and none suits.

    `named` holds the matter's form, or several with 、 between them: then the entity decides among these. A form suits
    when every criterion it gives is met; the most criteria win, then the agency's own form, then the first by name.
    """
    candidates = [key for one in named.split("、") if (key := _found(forms, one.strip(), profile_key))]
    if len(candidates) == 1:
        return candidates[0]
    ranked = sorted(
        (-score, not key.startswith(f"{profile_key}/"), key)
        for key in candidates or forms
        if (score := _score(forms[key].get("suits", {}), about))
    )
    return ranked[0][2] if ranked else (candidates[0] if candidates else None)


def may_have_form(
    forms: Mapping[str, Content], named: str, profile_key: str, matter: str, matter_class: str
) -> bool:
    """Whether a visit under this matter can get a form by itself, at one entity at least."""
    if any(_found(forms, one.strip(), profile_key) for one in named.split("、")):
        return True
    about = Inspected(matter, matter_class, "", "", ())
    return any(
        suits and all(_met(name, words, about) for name, words in suits.items() if name in OF_THE_MATTER)
        for suits in (form.get("suits", {}) for form in forms.values())
    )


def suits(form: Content, about: Inspected) -> bool:
    """Whether a form gives criteria and all are met."""
    return _score(form.get("suits", {}), about) > 0


def _found(forms: Mapping[str, Content], name: str, profile_key: str) -> str | None:
    return next((key for key in (name, f"{profile_key}/{name}") if name and key in forms), None)


def _score(suits: Mapping[str, Collection[str]], about: Inspected) -> int:
    """How many criteria are met; 0 when one is not."""
    return len(suits) if all(_met(name, words, about) for name, words in suits.items()) else 0


def _met(name: str, words: Collection[str], about: Inspected) -> bool:
    match name:
        case "matters":
            return about.matter in words
        case "matterClasses":
            return about.matter_class in words
        case "entityKinds":
            return about.kind in words
        case "directories":
            return bool(set(words) & set(about.directories))
        case _:
            return any(word in about.industry for word in words)
