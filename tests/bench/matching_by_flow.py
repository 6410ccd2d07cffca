"""The matching as a min-cost flow for OR-Tools: an oracle for feasibility and the smallest cap, and the clock to beat."""

from collections.abc import Collection, Sequence

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from backend.planning.matching.rules import MatchingRules

Arcs = list[tuple[int, int, int]]


def smallest_cap_by_flow(
    entities: Sequence[tuple[str, str]],
    inspectors: Sequence[tuple[str, str]],
    recused: Collection[tuple[str, str]],
    rules: MatchingRules,
) -> int | None:
    """The smallest load at which every seat can be filled, by solving the flow at each load from the even one upward.

    None where not even the hard cap is enough.
    """
    arcs, sink = _arcs(entities, inspectors, recused, rules)
    needed = rules.seats * len(entities)
    cap = min(rules.hard_cap, max(1, -(-needed // len(inspectors))))
    while cap <= rules.hard_cap:
        if _flows(arcs, sink, len(inspectors), needed, cap):
            return cap
        cap += 1
    return None


def _arcs(
    entities: Sequence[tuple[str, str]],
    inspectors: Sequence[tuple[str, str]],
    recused: Collection[tuple[str, str]],
    rules: MatchingRules,
) -> tuple[Arcs, int]:
    """Nodes: 0 the source, then the inspectors, the sink, and for each entity its leader's and its members' side.

    Who may lead and sit goes through a node of the pair, so that nobody holds two seats of one team.
    """
    sink = len(inspectors) + 1
    arcs: Arcs = []
    following = sink + 1
    for code, stratum in entities:
        leader, members = following, following + 1
        following += 2
        arcs += [(0, leader, 1), (0, members, rules.seats - 1)]
        may_lead, may_sit = set(rules.leader[stratum]), set(rules.eligible[stratum])
        for place, (name, group) in enumerate(inspectors, start=1):
            leads, sits = group in may_lead, group in may_sit
            if not (leads or sits) or (name, code) in recused:
                continue
            if leads and sits:
                arcs += [(leader, following, 1), (members, following, 1), (following, place, 1)]
                following += 1
            else:
                arcs.append((leader if leads else members, place, 1))
    return arcs, sink


def _flows(arcs: Arcs, sink: int, inspectors: int, needed: int, cap: int) -> bool:
    tails, heads, capacities = (np.array(column) for column in zip(*arcs, strict=True))
    people = np.arange(1, inspectors + 1)
    solver = SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(tails, heads, capacities, np.zeros(len(tails), dtype=int))
    solver.add_arcs_with_capacity_and_unit_cost(
        people, np.full(inspectors, sink), np.full(inspectors, cap), np.ones(inspectors, dtype=int)
    )
    solver.set_node_supply(0, needed)
    solver.set_node_supply(sink, -needed)
    return bool(solver.solve() == SimpleMinCostFlow.OPTIMAL)
