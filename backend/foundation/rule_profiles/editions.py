"""A resolved profile as plain JSON and back: how a version of an agency's rules outlives the file it was taken from."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from backend.core.canonical_json import digest
from backend.core.errors import Citation
from backend.foundation.rule_profiles.profile_files import load_profile
from backend.foundation.rule_profiles.rules import RuleProfile, Validity, Value


@cache
def packaged_edition(key: str) -> str:
    """The fingerprint of the profile as it lies in this release."""
    return digest(spelled(load_profile(key)))


def spelled(profile: RuleProfile) -> dict[str, Any]:
    """`{key, source, name, issuer, validity: {from, to, cite}|null, values: {key: {value, cite|null, from}}}`."""
    validity = profile.validity
    return {
        "key": profile.key,
        "source": profile.source,
        "name": profile.name,
        "issuer": profile.issuer,
        "validity": validity
        and {"from": _iso(validity.begins), "to": _iso(validity.ends), "cite": _cite(validity.citation)},
        "values": {
            value.key: {"value": value.value, "cite": _cite(value.citation), "from": value.from_profile}
            for value in profile.values.values()
        },
    }


def read(content: Mapping[str, Any], silent: RuleProfile) -> RuleProfile:
    """The profile that was spelled; a key it does not know yet is taken from `silent`."""
    values = {
        key: Value(key, held["value"], _cited(held["cite"]), held["cite"] is None, held["from"])
        for key, held in content["values"].items()
    }
    validity = content["validity"]
    return RuleProfile(
        key=content["key"],
        source=content["source"],
        name=content["name"],
        issuer=content["issuer"],
        validity=Validity(_day(validity["from"]), _day(validity["to"]), Citation(**validity["cite"]))
        if validity
        else None,
        values=MappingProxyType({**silent.values, **values}),
    )


def _cite(citation: Citation | None) -> dict[str, str] | None:
    return None if citation is None else dict(vars(citation))


def _cited(spelling: Mapping[str, str] | None) -> Citation | None:
    return None if spelling is None else Citation(**spelling)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(spelling: str | None) -> date | None:
    return date.fromisoformat(spelling) if spelling else None
