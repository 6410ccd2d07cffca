"""How a matching spread the work, seen before it is confirmed; and, where there is none, the smallest step that would allow one."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations

from sqlalchemy import select

from backend.foundation.accounts.queries import departments_of
from backend.planning.draw.apart import recusals_among
from backend.planning.draw.committed_files import pairs
from backend.planning.draw.files_at_rest import kept_files, known_inspectors
from backend.planning.draw.models import Draw
from backend.planning.draw.outcome import committed_rules
from backend.planning.draw.pinned_rules import rules_of_draw
from backend.planning.draw.queries import tasks_of_draw
from backend.planning.draw.seed import keys_of
from backend.planning.matching.models import Seat
from backend.planning.matching.rules import Matched, MatchingRules, match
from backend.plumbing.db import db
from backend.registers.inspectors.queries import drawable_inspectors

A_YEAR = timedelta(days=365)
OFTEN = 3
"""A pair that meets as often as this within a year, this draw included, is shown."""
MOST_MORE = 20
MOST_ENTITIES = 500
"""Beyond this many drawn entities no steps are tried: the page would wait for them."""


@dataclass(frozen=True)
class Spread:
    """Pairs who meet again and again (names, times within a year), and those drawn from whom nobody needed."""

    pairs: list[tuple[str, str, int]]
    idle: list[str]


def spread_of(draw: Draw) -> Spread:
    """Repeated pairs and idle people of a computed draw."""
    names = {person.inspector_id: person.name for person in known_inspectors(draw).values()}
    teams = _teams(draw.agency_id, draw.published_at - A_YEAR)
    here = [team for (draw_id, _), team in teams.items() if draw_id == draw.id]
    met = _meetings(teams.values())
    now_together = {pair for team in here for pair in combinations(sorted(team), 2)}
    often = [(pair, met[pair]) for pair in now_together if met[pair] >= OFTEN]
    seated = {person for team in here for person in team}
    return Spread(
        [
            (names.get(a, "？"), names.get(b, "？"), times)
            for (a, b), times in sorted(often, key=lambda held: (-held[1], held[0]))
        ],
        [name for person, name in sorted(names.items()) if person not in seated],
    )


def relaxations_of(draw: Draw) -> list[str]:
    """For a draw without a matching: each smallest single step after which everybody could be placed."""
    assert draw.record is not None, "matching follows the picks of a record"
    files, rules = kept_files(draw), committed_rules(draw.commit_doc)
    first = list({pick["code"]: pick["stratum"] for pick in reversed(draw.record["picks"])}.items())
    if len(first) > MOST_ENTITIES:
        return []
    key = keys_of(bytes.fromhex(draw.record["seed"])).inspector
    people, apart = pairs(files.inspectors), {*pairs(files.recusals)}

    def fits(
        asked: MatchingRules, more: Iterable[tuple[str, str]] = (), bar: Iterable[tuple[str, str]] = ()
    ) -> bool:
        return isinstance(match(first, [*people, *more], apart | {*bar}, asked, key), Matched)

    found = []
    caps = (replace(rules, hard_cap=rules.hard_cap + more) for more in range(1, MOST_MORE + 1))
    cap = next((asked.hard_cap for asked in caps if fits(asked)), None)
    if cap is not None:
        found.append(f"每人最多承担的家数从 {rules.hard_cap} 提高到 {cap}")
    tasks = tasks_of_draw(draw)
    if not tasks:
        return found
    begins, ends = min(task.window_from for task in tasks), max(task.window_to for task in tasks)
    already = {person.inspector_id for person in known_inspectors(draw).values()}
    able = [
        i
        for i in drawable_inspectors(draw.agency_id, ends, begins, rules_of_draw(draw))
        if i.id not in already
    ]
    codes = {pick.entity_id: pick.code for pick in draw.picks}
    ties = [(f"+{i}", codes[e]) for i, e in recusals_among(draw.agency_id, able, codes)]
    strata = list(rules.eligible)
    for department in departments_of(draw.agency_id):
        joining = [(f"+{i.id}", "+") for i in able if i.department_id == department.id]
        opened = replace(
            rules,
            eligible={s: (*rules.eligible[s], "+") for s in strata},
            leader={s: (*rules.leader.get(s, ()), "+") for s in strata},
        )
        if joining and fits(opened, joining, ties):
            found.append(f"加上{department.name}的 {len(joining)} 人")
    return found


def _teams(agency_id: int, since: datetime) -> dict[tuple[int, int], list[int]]:
    query = (
        select(Seat.draw_id, Seat.entity_id, Seat.inspector_id)
        .join(Draw, Draw.id == Seat.draw_id)
        .where(Draw.agency_id == agency_id, Draw.status.in_(("drawn", "locked")))
        .where(Draw.published_at >= since, Seat.status == "seated", Seat.inspector_id.is_not(None))
    )
    found: dict[tuple[int, int], list[int]] = {}
    for draw_id, entity_id, inspector_id in db.session.execute(query):
        if inspector_id is not None:
            found.setdefault((draw_id, entity_id), []).append(inspector_id)
    return found


def _meetings(teams: Iterable[list[int]]) -> Counter[tuple[int, int]]:
    return Counter((a, b) for team in teams for a, b in combinations(sorted(team), 2))
