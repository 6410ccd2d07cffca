"""The rules a campaign is drawn by: those its tasks were made under, whatever the agency follows by now."""

from collections.abc import Sequence

from backend.core.errors import DRAW_CANNOT_BE_PREPARED, Ground, Refusal
from backend.foundation.rule_profiles.profile_files import known_keys
from backend.foundation.rule_profiles.queries import profile_for
from backend.foundation.rule_profiles.rules import RuleProfile
from backend.planning.draw.models import Draw
from backend.planning.tasks.models import Task
from backend.planning.tasks.queries import pinned_rules, rules_of_task

CEREMONIAL = ("draw.", "cap.", "exemption.", "team.", "merge.", "risk.published", "inspector.")
"""Keys, or what they begin with, that one ceremony reads once for all its tasks."""


def rules_of_campaign(agency_id: int, tasks: Sequence[Task]) -> RuleProfile:
    """The rules of these tasks together; the agency's present ones for a rehearsal without a task.

    Tasks made under editions that differ in what the ceremony reads are refused: they are drawn apart.
    """
    if not tasks:
        return profile_for(agency_id)
    rules = pinned_rules(tasks[0])
    for task in tasks[1:]:
        parted = differing(rules, pinned_rules(task))
        if parted:
            fault = (
                f"《{tasks[0].title}》和《{task.title}》依据的规则版本不同（{'、'.join(parted)}），请分开摇号"
            )
            raise Refusal(DRAW_CANNOT_BE_PREPARED, fault=fault)
    return rules


def rules_of_draw(draw: Draw) -> RuleProfile:
    """The rules a committed draw is held by; its tasks were found to agree before the commitment."""
    return rules_of_task(draw.tasks[0].task_id) if draw.tasks else profile_for(draw.agency_id)


def opening_rule(rules: RuleProfile) -> Ground:
    """The article by which what a draw gave goes out: announced at the dispatch, or kept on file with its pictures.

    That names stay closed until the window is over is the draw's own rule (draw.md 2): no entity is to be warned.
    """
    return rules.cite("draw.announced_at_dispatch") or rules.ground("draw.record_archived")


def differing(one: RuleProfile, other: RuleProfile) -> list[str]:
    """What the ceremony reads differently in two editions, by its labels."""
    return [
        key.label
        for name, key in known_keys().items()
        if name.startswith(CEREMONIAL) and one.get(name).value != other.get(name).value
    ]
