"""What is to be filed for a task, what was, and the tables that other platforms take."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from backend.core.clock import SHANGHAI
from backend.core.errors import Citation
from backend.planning.filings.models import Filing
from backend.planning.received.queries import teams_of
from backend.planning.tasks.models import Task
from backend.planning.tasks.queries import matters_of_task, plan_behind, rules_of_task
from backend.plumbing.db import db
from backend.plumbing.spreadsheets import NewSheet
from backend.registers.entities.models import Entity
from backend.registers.entities.rules import KINDS
from backend.registers.inspectors.models import Inspector

REPORTED = "reported"


@dataclass(frozen=True)
class Step:
    """One thing to be filed, with its article; `done` once a person ticked it off."""

    key: str
    words: str
    citation: Citation | None
    done: Filing | None


def steps_of(task: Task) -> list[Step]:
    """Everything the task's rules want filed, in order."""
    profile = rules_of_task(task.id)
    done = {filing.step: filing for filing in db.session.query(Filing).filter_by(task_id=task.id)}
    reported = profile.text("draw.reported_to") or "把检查对象和检查人员报综合法规科"
    found = [Step(REPORTED, reported, profile.cite("draw.reported_to"), done.get(REPORTED))]
    citation = profile.cite("filing.steps")
    found += [Step(step, step, citation, done.get(step)) for step in profile.words("filing.steps")]
    return found


def inspection_filing(task: Task) -> NewSheet:
    """涉企检查备案: one row for each entity with matter, basis, window and team."""
    matters = matters_of_task(task)
    entities, people = _named(task)
    rows = [
        (
            entities[team.entity_id].name,
            entities[team.entity_id].code,
            entities[team.entity_id].address,
            "、".join(matter.name for matter in matters),
            "；".join(matter.legal_basis for matter in matters),
            task.window_from.isoformat(),
            task.window_to.isoformat(),
            "、".join(people[i].name for i, _ in team.members),
            "、".join(people[i].certificate_no for i, _ in team.members),
            task.serial,
        )
        for team in teams_of(task)
    ]
    headings = (
        "检查对象", "统一社会信用代码", "地址", "检查事项", "检查依据", "检查开始", "检查结束", "检查人员", "执法证号", "任务编号",
    )  # fmt: skip
    return NewSheet("涉企检查备案", headings, rows)


def running_steps(task: Task, steps: Sequence[str]) -> NewSheet:
    """权力网络运行系统: for each entity what stands in each of its steps so far."""
    plan, entities = plan_behind(task), _named(task)[0]
    approved = (
        f"{task.approved_by_name} {task.approved_at.astimezone(SHANGHAI):%Y-%m-%d}"
        if task.approved_at
        else ""
    )
    known = {
        "检查登记": task.serial,
        "计划申请": plan.title if plan else task.ad_hoc_reason,
        "审核批准": approved,
        "现场检查": f"{task.window_from}—{task.window_to}",
    }
    rows = [
        (
            entities[team.entity_id].name,
            entities[team.entity_id].code,
            *(known.get(step, "") for step in steps),
        )
        for team in teams_of(task)
    ]
    return NewSheet("网上运行流程", ("检查对象", "统一社会信用代码", *steps), rows)


def parties(agency_id: int) -> NewSheet:
    """“行政相对人”名录: the whole directory, as the platform keeps it equal (003 art. 6)."""
    query = select(Entity).where(Entity.agency_id == agency_id).order_by(Entity.code)
    rows = (
        (e.name, e.code, KINDS.get(e.kind, e.kind), e.address, e.principal, e.phone)
        for e in db.session.scalars(query)
    )
    return NewSheet("行政相对人", ("名称", "统一社会信用代码", "种类", "地址", "负责人", "联系方式"), rows)


def _named(task: Task) -> tuple[dict[int, Entity], dict[int, Inspector]]:
    teams = teams_of(task)
    entity_ids = {team.entity_id for team in teams}
    inspector_ids = {i for team in teams for i, _ in team.members}
    entities = db.session.scalars(select(Entity).where(Entity.id.in_(entity_ids)))
    people = db.session.scalars(select(Inspector).where(Inspector.id.in_(inspector_ids)))
    return {e.id: e for e in entities}, {i.id: i for i in people}
