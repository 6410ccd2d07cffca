"""Choose an agency's rules, set single values of its own, confirm expired ones for a year."""

from collections.abc import Mapping
from typing import Any

from backend.core.errors import (
    OVERRIDE_WRONG,
    PROFILE_ALREADY_CONFIRMED,
    PROFILE_NEEDS_NO_CONFIRMATION,
    REASON_TOO_SHORT,
    UNKNOWN_PROFILE,
    Refusal,
)
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.editions import packaged_edition, spelled
from backend.foundation.rule_profiles.models import (
    AgencyProfile,
    ProfileConfirmation,
    ProfileEdition,
    RulesVersion,
)
from backend.foundation.rule_profiles.profile_files import known_keys, load_profile, profile_files
from backend.foundation.rule_profiles.queries import (
    DEFAULT_PROFILE,
    confirmation_of,
    current_version,
    profile_for,
)
from backend.foundation.rule_profiles.written_values import value_from
from backend.plumbing.clock import now, today
from backend.plumbing.db import db, transaction

SHORTEST_REASON = 10


def follow_profile(actor: Actor, profile_key: str) -> RulesVersion:
    """Let the actor's agency follow this profile from now on; the values it set itself stay with the old one."""
    require(actor, Capability.MANAGE_RULES)
    if profile_key not in profile_files():
        raise Refusal(UNKNOWN_PROFILE, key=profile_key)
    with transaction():
        hold_chain(actor.agency_id)
        before = profile_for(actor.agency_id).key
        version = _new_version(actor, profile_key, {}, f"采用《{load_profile(profile_key).name}》")
        record(
            actor,
            "rules.follow",
            "agency",
            actor.agency_id,
            before={"profile": before},
            after={"profile": profile_key, "version": version.number},
        )
        return version


def set_value(actor: Actor, key: str, written: str, reason: str, source: str) -> RulesVersion:
    """Put a value of the agency's own in the place of its regulation's, with the reason and the document behind it."""
    require(actor, Capability.MANAGE_RULES)
    if key not in known_keys():
        raise Refusal(OVERRIDE_WRONG, detail="没有这一项规则")
    value = value_from(known_keys()[key], written)
    if not source.strip():
        raise Refusal(OVERRIDE_WRONG, detail="请写依据的文件和文号")
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal(REASON_TOO_SHORT, least=SHORTEST_REASON)
    with transaction():
        hold_chain(actor.agency_id)
        before = profile_for(actor.agency_id).get(key).value
        if value == before:
            raise Refusal(OVERRIDE_WRONG, detail=f"“{known_keys()[key].label}”已经是这个内容")
        held = {
            "value": value,
            "reason": reason.strip(),
            "source": source.strip(),
            "by": actor.name,
            "on": today().isoformat(),
        }
        overrides = {**_overrides(actor.agency_id), key: held}
        version = _new_version(
            actor, _followed(actor.agency_id), overrides, f"自定“{known_keys()[key].label}”"
        )
        record(
            actor,
            "rules.set",
            "rule",
            key,
            before={"value": before},
            after={
                "value": value,
                "reason": reason.strip(),
                "source": source.strip(),
                "version": version.number,
            },
        )
        return version


def drop_value(actor: Actor, key: str) -> RulesVersion:
    """Go back to what the regulation says of `key`."""
    require(actor, Capability.MANAGE_RULES)
    with transaction():
        hold_chain(actor.agency_id)
        overrides = _overrides(actor.agency_id)
        if key not in overrides:
            raise Refusal(OVERRIDE_WRONG, detail="这一项没有自定过")
        before = overrides.pop(key)
        version = _new_version(
            actor, _followed(actor.agency_id), overrides, f"“{known_keys()[key].label}”恢复原规定"
        )
        record(
            actor,
            "rules.unset",
            "rule",
            key,
            before={"value": before["value"]},
            after={"value": profile_for(actor.agency_id).get(key).value, "version": version.number},
        )
        return version


def confirm_profile(actor: Actor, reason: str) -> ProfileConfirmation:
    """Go on with the agency's expired profile for this calendar year."""
    require(actor, Capability.MANAGE_RULES)
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise Refusal(REASON_TOO_SHORT, least=SHORTEST_REASON)
    with transaction():
        hold_chain(actor.agency_id)
        profile = profile_for(actor.agency_id)
        year = today().year
        if profile.in_force(today()):
            raise Refusal(PROFILE_NEEDS_NO_CONFIRMATION, name=profile.name)
        earlier = confirmation_of(actor.agency_id, profile.key, year)
        if earlier is not None:
            raise Refusal(PROFILE_ALREADY_CONFIRMED, year=year, by=earlier.confirmed_by)
        confirmation = ProfileConfirmation(
            agency_id=actor.agency_id,
            profile_key=profile.key,
            year=year,
            reason=reason,
            confirmed_by=actor.name,
            at=now(),
        )
        db.session.add(confirmation)
        db.session.flush()
        record(
            actor,
            "rules.confirm",
            "profile_confirmation",
            confirmation.id,
            after={"profile": profile.key, "year": year, "reason": reason},
        )
        return confirmation


def pinned_version(actor: Actor) -> int:
    """The id of the version that work begun now is held to, whatever changes later; call it inside a transaction.

    A version made with an older release gets a successor that holds this release's edition.
    """
    version = current_version(actor.agency_id)
    key = version.profile_key if version else DEFAULT_PROFILE
    if version is not None and version.edition == packaged_edition(key):
        return version.id
    successor = _new_version(actor, key, _overrides(actor.agency_id), "随程序带来的规则文本")
    record(
        actor,
        "rules.edition",
        "agency",
        actor.agency_id,
        before={"edition": version.edition if version else None},
        after={"edition": successor.edition, "version": successor.number},
    )
    return successor.id


def _new_version(actor: Actor, profile_key: str, overrides: Mapping[str, Any], change: str) -> RulesVersion:
    before = current_version(actor.agency_id)
    version = RulesVersion(
        agency_id=actor.agency_id,
        number=before.number + 1 if before else 1,
        profile_key=profile_key,
        edition=_kept_edition(profile_key),
        overrides=dict(overrides),
        change=change,
        made_by=actor.name,
        made_at=now(),
    )
    db.session.add(version)
    db.session.flush()
    followed = db.session.get(AgencyProfile, actor.agency_id)
    if followed is None:
        db.session.add(AgencyProfile(agency_id=actor.agency_id, version=version))
    else:
        followed.version = version
    db.session.flush()
    return version


def _kept_edition(profile_key: str) -> str:
    fingerprint = packaged_edition(profile_key)
    if db.session.get(ProfileEdition, fingerprint) is None:
        content = spelled(load_profile(profile_key))
        db.session.add(
            ProfileEdition(digest=fingerprint, profile_key=profile_key, content=content, kept_at=now())
        )
        db.session.flush()
    return fingerprint


def _followed(agency_id: int) -> str:
    version = current_version(agency_id)
    return version.profile_key if version else DEFAULT_PROFILE


def _overrides(agency_id: int) -> dict[str, Any]:
    version = current_version(agency_id)
    return dict(version.overrides) if version else {}
