"""The sample directory of a rehearsal that no task was chosen for: invented entities and people, in no database."""

from datetime import date, timedelta

from backend.planning.draw.roster import PlannedStratum, Prospect
from backend.planning.draw.roster_rules import Candidate
from backend.planning.tasks.models import Task

POPULATIONS = {"A": 60, "B": 40, "C": 15, "D": 5}
RATIOS = {"A": (3, 100), "B": (1, 20), "C": (1, 10), "D": (1, 2)}
INSPECTORS = 8
GROUP = "示例科室"
WINDOW = timedelta(days=30)


def sample_prospect(agency_id: int, today: date) -> Prospect:
    """What a rehearsal over sample entities freezes. The task is never stored."""
    task = Task(
        agency_id=agency_id,
        title="演练：示例企业抽查",
        serial="演练任务",
        window_from=today,
        window_to=today + WINDOW,
        seats=2,
    )
    strata, first = [], 1
    for grade, population in POPULATIONS.items():
        candidates = [
            Candidate(-number, f"example:{number:04}", grade, "", frozenset())
            for number in range(first, first + population)
        ]
        strata.append(PlannedStratum(grade, task, grade, candidates, RATIOS[grade], 0))
        first += population
    return Prospect([task], strata, {}, {}, [])


def sample_people() -> list[tuple[int, str, str]]:
    """(number, name, group) of the people a rehearsal matches; numbers below zero are nobody's in the directory."""
    return [(-number, f"示例检查员{number}", GROUP) for number in range(1, INSPECTORS + 1)]
