"""Who signs: the offices that a rule names, and whether somebody holds one of them."""

from backend.core.errors import NOT_THE_SIGNATORY, Refusal
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Role
from backend.foundation.rule_profiles.profile_files import known_keys
from backend.foundation.rule_profiles.rules import RuleProfile

ROLES = {"head": Role.HEAD, "deputy": Role.DEPUTY, "department": Role.OFFICER}
"""The role behind each word of the keys that end in `signatories`."""


def may_sign(actor: Actor, rules: RuleProfile, key: str) -> bool:
    """Whether the rules name one of the actor's offices under `key`."""
    return not actor.roles.isdisjoint(ROLES[word] for word in rules.words(key))


def require_signatory(actor: Actor, rules: RuleProfile, key: str) -> None:
    """Refuse with the article unless the rules name one of the actor's offices."""
    if not may_sign(actor, rules, key):
        raise Refusal(NOT_THE_SIGNATORY, rules.ground(key), who=signatories(rules, key))


def signatories(rules: RuleProfile, key: str) -> str:
    """`单位主要负责人、分管负责人`."""
    words = known_keys()[key].words
    return "、".join(words[word] for word in rules.words(key))
