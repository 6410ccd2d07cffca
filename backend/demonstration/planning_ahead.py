"""The story's plan and task: the year's plan approved and published, and a directed task made from one of its lines."""

from dataclasses import dataclass
from datetime import date

from backend.demonstration.cast import HEAD, OFFICER, OVERSIGHT
from backend.demonstration.stage import Stage
from backend.planning.annual_plan.models import Plan, PlanLine
from backend.plumbing.db import db
from backend.registers.matters.models import Matter

MAIN_MATTER = "SLGX-01"
RATIOS = {"A": "1/50", "B": "1/20", "C": "10%", "D": "20%"}


@dataclass(frozen=True)
class TaskWish:
    """What a task of the story is to be: its title, its window, and the directed draw's scope."""

    title: str
    window: tuple[date, date]
    region: str
    industry: str = ""
    directory: str = ""


def publish_the_plan(stage: Stage, year: int) -> None:
    """Draft the year's plan from the matter list, give the main matter its ratios by grade, approve, publish."""
    officer = stage.browser(OVERSIGHT)
    plan = officer.submit("/office/plans", year=year, body="节能与综合利用科")
    with stage.inside():
        line = main_line(stage, year)
    ratios = {f"line-{line}-ratio-{grade}": ratio for grade, ratio in RATIOS.items()}
    details = {
        f"body-{line}": "节能与综合利用科",
        f"frequency-{line}": "每年 1 次",
        f"category-{line}": "节能监察",
    }
    officer.submit(f"{plan}/lines", **ratios, **details, **{f"from-{line}": 1, f"to-{line}": 12})
    stage.browser(HEAD).submit(f"{plan}/approvals")
    officer.submit(f"{plan}/publications")


def make_the_task(stage: Stage, wish: TaskWish) -> int:
    """Make the task; return its id."""
    begin, end = wish.window
    with stage.inside():
        line = main_line(stage, begin.year)
    address = stage.browser(OFFICER).submit(
        "/office/tasks",
        plan_line_id=line,
        title=wish.title,
        window_from=begin.isoformat(),
        window_to=end.isoformat(),
        seats=2,
        region=wish.region,
        industry=wish.industry,
        directory=wish.directory,
    )
    return int(address.rsplit("/", 1)[-1])


def main_line(stage: Stage, year: int) -> int:
    """The plan's line for the main matter."""
    query = (
        db.session.query(PlanLine.id)
        .join(Plan)
        .join(Matter, Matter.id == PlanLine.matter_id)
        .filter(Plan.agency_id == stage.agency_id, Plan.year == year, Matter.code == MAIN_MATTER)
        .order_by(Plan.revision.desc())
    )
    return int(query.limit(1).one()[0])
