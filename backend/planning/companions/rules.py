"""Who may go along with a team, and in which order experts are drawn. Pure."""

import hashlib
from collections.abc import Collection

ROLES = {"expert": "专家", "staff": "随同人员"}
WAYS = {"draw": "随机抽取", "appoint": "直接委派"}
STATUSES = {
    "asked": "待批准",
    "going": "随同",
    "leaving": "申请不再随同，待批准",
    "refused": "不同意",
    "left": "不再随同",
}
GOING = ("going", "leaving")
"""Who goes along today: a drawn expert stays until the leader lets them leave."""
MOST_DRAWN = 5
"""Experts ever drawn for one entity, those who left counted: further ones are appointed, by name and with a reason."""

STAFF_OF_THE_MATTER = "检查事项主管业务科室人员"
THIRD_PARTY = "第三方"


def why_not_foreseen(who: Collection[str], in_directory: bool, of_own_department: bool) -> str:
    """Why the rules (their words of `accompanying.who`) do not foresee a person who is no expert; empty where they do."""
    if in_directory:
        if STAFF_OF_THE_MATTER not in who:
            return f"规则里随同的是{'、'.join(who)}"
        return "" if of_own_department else "随同人员由检查事项主管业务科室派出，不能是其他科室的"
    return "" if {STAFF_OF_THE_MATTER, THIRD_PARTY} & set(who) else f"规则里随同的是{'、'.join(who)}"


def expert_ticket(key: bytes, code: str, expert_id: int) -> str:
    """The place of an expert in the drawn order for one entity; `key` is the one by which its team was matched.

    Experts are drawn apart from the seats (draw.md 1.10), hence a word of their own in what is hashed.
    """
    return hashlib.sha256(f"{key.hex()}{code}|expert|{expert_id}".encode()).hexdigest()


def drawn_experts(key: bytes, code: str, experts: Collection[int], many: int) -> list[tuple[int, str]]:
    """The first `many` experts for an entity, each with the ticket, smallest first."""
    tickets = sorted((expert_ticket(key, code, expert), expert) for expert in experts)
    return [(expert, ticket) for ticket, expert in tickets[:many]]
