"""Bring in a list that was drawn elsewhere; match inspectors to it by chance, on record."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from backend.core.errors import (
    INVALID_INPUT,
    LIST_RECEIVED_BEFORE,
    MATCHING_IMPOSSIBLE,
    NOT_FOUND,
    RECEIVED_LIST_DEPARTED,
    RECEIVED_LIST_FAULTY,
    TASK_NOT_IN_STATE,
    TOO_FEW_INSPECTORS,
    Refusal,
)
from backend.foundation.accounts.queries import departments_of
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.planning.draw.apart import recusals_among
from backend.planning.matching.rules import Impossible, match
from backend.planning.received.models import ReceivedEntity, ReceivedList, ReceivedSeat
from backend.planning.received.queries import entities_of, known_codes, list_of
from backend.planning.received.rules import codes_in, read_list, teams_are_named
from backend.planning.received.seating import ONE_STRATUM, fresh_key, rules_for
from backend.planning.reinforcements.queries import refuse_unapproved
from backend.planning.tasks.actions import make_received_task
from backend.planning.tasks.made_before import TaskEntry
from backend.planning.tasks.models import Task
from backend.planning.tasks.queries import pinned_rules, task_of
from backend.planning.tasks.rules import STATUSES
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.plumbing.files import store
from backend.plumbing.spreadsheets import read_sheet
from backend.registers.inspectors.queries import drawable_inspectors

FAULTS_SHOWN = 5


@dataclass(frozen=True)
class SourceFile:
    """The list as it was handed over."""

    filename: str
    content: bytes


def receive(
    actor: Actor,
    origin: str,
    source: str,
    matter_ids: Sequence[int],
    entry: TaskEntry,
    file: SourceFile,
    with_departed: bool = False,
) -> Task:
    """Make a task of a received list, all rows or none; named teams are taken over as they are.

    An entry that was merged is taken as the one that stands for it. Who has left the register is taken only
    `with_departed`: the team then settles it as 无法检查.
    """
    require(actor, Capability.MAKE_TASKS)
    if not source.strip():
        raise Refusal(INVALID_INPUT, detail="请写明是谁抽取的")
    sheet = read_sheet(file.content, file.filename)
    sha256 = hashlib.sha256(file.content).hexdigest()
    with transaction():
        hold_chain(actor.agency_id)
        _require_new(actor.agency_id, entry, sha256)
        task = make_received_task(actor, origin, source.strip(), matter_ids, entry)
        people = {
            i.certificate_no: i.id
            for i in drawable_inspectors(
                actor.agency_id, entry.window_to, entry.window_from, pinned_rules(task)
            )
        }
        known = known_codes(actor.agency_id, codes_in(sheet))
        read = read_list(sheet, known, people, entry.seats)
        if read.faults:
            shown = "；".join(read.faults[:FAULTS_SHOWN])
            raise Refusal(RECEIVED_LIST_FAULTY, count=len(read.faults), faults=shown)
        if read.departed and not with_departed:
            rule = pinned_rules(task).ground("cannot_inspect.reasons")
            shown = "、".join(read.departed[:FAULTS_SHOWN])
            raise Refusal(RECEIVED_LIST_DEPARTED, rule, count=len(read.departed), rows=shown)
        store().put(f"received/{sha256}", file.content)
        db.session.add(
            ReceivedList(
                task_id=task.id,
                agency_id=actor.agency_id,
                source=source.strip(),
                filename=file.filename,
                sha256=sha256,
                rows=len(read.entities),
                imported_by_name=actor.name,
                imported_at=now(),
            )
        )
        db.session.add_all(
            ReceivedEntity(task_id=task.id, entity_id=one.entity_id, cell=one.cell) for one in read.entities
        )
        if teams_are_named(read.entities):
            for one in read.entities:
                _seat(task, one.entity_id, one.team)
            task.status = "matched"
        db.session.flush()
        after = {"serial": task.serial, "source": source, "sha256": sha256, "rows": len(read.entities)}
        after |= {"departed": read.departed} if read.departed else {}
        record(actor, "task.receive", "task", task.id, after=after)
        return task


def _require_new(agency_id: int, entry: TaskEntry, sha256: str) -> None:
    """A second press, or the back button, makes no second task of the same list."""
    query = (
        select(Task.serial)
        .join(ReceivedList, ReceivedList.task_id == Task.id)
        .where(
            Task.agency_id == agency_id,
            ReceivedList.sha256 == sha256,
            Task.title == entry.title.strip(),
            Task.window_from == entry.window_from,
            Task.window_to == entry.window_to,
        )
    )
    if (serial := db.session.scalar(query.limit(1))) is not None:
        raise Refusal(LIST_RECEIVED_BEFORE, title=entry.title.strip(), serial=serial)


def match_inspectors(
    actor: Actor, task_id: int, departments: Sequence[int], hard_cap: int, organisations: Sequence[str] = ()
) -> None:
    """Match inspectors to a received list by a fresh key; the key stays on record, so that it can be computed again.

    `organisations`: other agencies whose inspectors join; they, and other departments, only once that was approved.
    """
    require(actor, Capability.HOLD_DRAW)
    with transaction():
        hold_chain(actor.agency_id)
        task = task_of(actor.agency_id, task_id)
        held = list_of(task)
        if task.status != "drawn":
            raise Refusal(TASK_NOT_IN_STATE, title=task.title, state=STATUSES[task.status], step="匹配")
        own = {department.id for department in departments_of(actor.agency_id)}
        if not departments or not set(departments) <= own:
            raise Refusal(NOT_FOUND, what="所选科室")
        refuse_unapproved([task], departments, organisations)
        rules = pinned_rules(task)
        able = drawable_inspectors(actor.agency_id, task.window_to, task.window_from, rules)
        people = [
            i
            for i in able
            if (i.organisation in organisations if i.organisation else i.department_id in departments)
        ]
        entities = {entity.code: entity.id for entity in entities_of(task)}
        if len(people) < task.seats:
            shortage = rules.ground("team.shortage")
            raise Refusal(TOO_FEW_INSPECTORS, shortage, count=len(people), seats=task.seats)
        codes = {entity_id: code for code, entity_id in entities.items()}
        apart = {(str(i), codes[e]) for i, e in recusals_among(actor.agency_id, people, codes)}
        held.departments, held.organisations = list(departments), list(organisations)
        held.hard_cap, held.matched_at = max(1, hard_cap), now()
        found = match(
            [(code, ONE_STRATUM) for code in entities],
            [(str(person.id), ONE_STRATUM) for person in people],
            apart,
            rules_for(task.seats, hard_cap),
            bytes.fromhex(fresh_key(held)),
        )
        if isinstance(found, Impossible):
            raise Refusal(MATCHING_IMPOSSIBLE, rules.ground("team.shortage"), sentence=found.sentence)
        for team in found.teams:
            _seat(task, entities[team.code], [int(inspector) for inspector in team.inspectors])
        task.status = "matched"
        after = {"key": held.matching_key, "cap": found.cap, "people": [person.id for person in people]}
        record(actor, "task.match_received", "task", task.id, after=after)


def _seat(task: Task, entity_id: int, team: Sequence[int]) -> None:
    for position, inspector_id in enumerate(team):
        db.session.add(
            ReceivedSeat(task_id=task.id, entity_id=entity_id, position=position, inspector_id=inspector_id)
        )
