"""Read what a draw is made from and fix it in files: the first half of a commitment, outside the agency's turn (draw.md 2)."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

from backend.core.errors import DRAW_CANNOT_BE_PREPARED, DRAW_CODES_FAULTY, TOO_FEW_INSPECTORS, Refusal
from backend.foundation.accounts.queries import agency as agency_with
from backend.foundation.accounts.queries import departments_of
from backend.foundation.permissions.actor import Actor
from backend.foundation.rule_profiles.rules import RuleProfile
from backend.planning.draw.apart import recusals_among
from backend.planning.draw.codes import SALT_BYTES, faults_of, masked_code
from backend.planning.draw.commitment import NONCE_BYTES, nonce_hash
from backend.planning.draw.committed_files import FrozenFiles, freeze
from backend.planning.draw.files_at_rest import KnownEntity, KnownInspector, keep_files
from backend.planning.draw.frozen_table import rows_of, write_rows
from backend.planning.draw.pinned_rules import rules_of_campaign
from backend.planning.draw.preparing import CommitRequest, check_request, request_of
from backend.planning.draw.queries import preparation_of
from backend.planning.draw.roster import Prospect, prospect_of
from backend.planning.draw.sample import sample_people, sample_prospect
from backend.planning.reinforcements.queries import may_be_short
from backend.planning.tasks.models import Task
from backend.plumbing.clock import today
from backend.plumbing.randomness import token
from backend.registers.inspectors.queries import drawable_inspectors

Report = Callable[[int, int], None]
"""Told how much of how much is done."""


@dataclass(frozen=True)
class Person:
    """Someone who may be drawn as an inspector."""

    id: int
    name: str
    group: str


@dataclass(frozen=True)
class Frozen:
    """All that a commitment fixes, before it has a serial."""

    prospect: Prospect
    entities: dict[int, KnownEntity]
    files: FrozenFiles
    nonce: bytes
    folder: str
    who_is_who: dict[str, str]
    """Roots of the oversight copy, which says who stands behind the codes and the numbers."""


def frozen_now(actor: Actor, preparation_id: int, report: Report) -> Frozen:
    """The directory, the exemptions and the inspectors as they are now, in files and rows; nothing of it is published yet."""
    request = request_of(preparation_of(actor.agency_id, preparation_id))
    tasks = check_request(actor, request)
    rules = rules_of_campaign(actor.agency_id, tasks)
    prospect = _drawable_prospect(actor.agency_id, tasks)
    size = sum(len(stratum.candidates) for stratum in prospect.strata)
    report(size, 3 * size)
    entities = _masked(rules, prospect)
    people = _numbered(actor, rules, prospect.tasks, request)
    files = _files(actor.agency_id, prospect, entities, people)
    nonce = token(NONCE_BYTES)
    name = nonce_hash(nonce)[:24]
    folder = f"draws/{agency_with(actor.agency_id).code}-{preparation_id}-{name}"
    report(2 * size, 3 * size)
    inspectors = [KnownInspector(draw_id, p.id, p.name) for draw_id, p in people.items()]
    who_is_who = keep_files(folder, files, entities.values(), inspectors)
    known = {entity.roster_code: entity for entity in entities.values()}
    write_rows(preparation_id, rows_of(files.roster, known), lambda done: report(2 * size + done, 3 * size))
    return Frozen(prospect, entities, files, nonce, folder, who_is_who)


def _drawable_prospect(agency_id: int, tasks: Sequence[Task]) -> Prospect:
    prospect = prospect_of(tasks) if tasks else sample_prospect(agency_id, today())
    if prospect.without_ratio:
        fault = f"没有抽查比例：{'、'.join(prospect.without_ratio)}。先给它们评定等级，或重新制定写明这一级比例的任务"
        raise Refusal(DRAW_CANNOT_BE_PREPARED, fault=fault)
    if not any(stratum.ratio[0] for stratum in prospect.strata):
        raise Refusal(DRAW_CANNOT_BE_PREPARED, fault="名录里没有可抽的对象")
    everyone = {c.entity_id: c.code for stratum in prospect.strata for c in stratum.candidates}
    faults = faults_of(everyone.values())
    if faults:
        first = faults[0]
        raise Refusal(DRAW_CODES_FAULTY, count=len(faults), code=first.code, fault=first.fault)
    return prospect


def _masked(rules: RuleProfile, prospect: Prospect) -> dict[int, KnownEntity]:
    """Who stands under which code, by entity id. Strata tell the risk grade, so codes are masked unless it is public."""
    is_open = rules.flag("risk.published")
    in_strata = chain.from_iterable(stratum.candidates for stratum in prospect.strata)
    everyone = {c.entity_id: c for c in chain(in_strata, *prospect.left_out.values())}
    salts = b"" if is_open else token(SALT_BYTES * len(everyone))
    known = {}
    for place, (entity_id, candidate) in enumerate(everyone.items()):
        salt = None if is_open else salts[SALT_BYTES * place : SALT_BYTES * (place + 1)]
        roster_code = candidate.code if salt is None else masked_code(salt, candidate.code)
        known[entity_id] = KnownEntity(roster_code, entity_id, candidate.code, salt)
    return known


def _numbered(
    actor: Actor, rules: RuleProfile, tasks: Sequence[Task], request: CommitRequest
) -> dict[str, Person]:
    """The inspectors under draw-local numbers, in an order that tells nothing of who they are."""
    if request.rehearsal and not request.task_ids:
        able = [Person(*sample) for sample in sample_people()]
    else:
        chosen, names = {*request.departments, *request.leader_departments}, group_names(actor.agency_id)
        window_from, window_to = min(t.window_from for t in tasks), max(t.window_to for t in tasks)
        able = [
            Person(i.id, i.name, i.organisation or names[i.department_id or 0])
            for i in drawable_inspectors(actor.agency_id, window_to, window_from, rules)
            if (i.organisation in request.organisations if i.organisation else i.department_id in chosen)
        ]
    seats = tasks[0].seats
    if len(able) < seats and not may_be_short(tasks):
        raise Refusal(TOO_FEW_INSPECTORS, rules.ground("team.shortage"), count=len(able), seats=seats)
    random.Random(token(32)).shuffle(able)
    return {f"P{number:03}": person for number, person in enumerate(able, start=1)}


def _files(
    agency_id: int, prospect: Prospect, entities: dict[int, KnownEntity], people: dict[str, Person]
) -> FrozenFiles:
    draw_ids = {person.id: draw_id for draw_id, person in people.items()}
    rostered = {c.entity_id for stratum in prospect.strata for c in stratum.candidates}
    return freeze(
        roster=[
            (entities[c.entity_id].roster_code, stratum.id)
            for stratum in prospect.strata
            for c in stratum.candidates
        ],
        inspectors=[(draw_id, person.group) for draw_id, person in people.items()],
        recusals=[
            (draw_ids[inspector_id], entities[entity_id].roster_code)
            for inspector_id, entity_id in recusals_among(agency_id, people.values(), rostered)
        ],
        exemptions={entities[e].roster_code: reason for e, reason in prospect.exempt.items()},
        exclusions=[
            (reason, [entities[c.entity_id].roster_code for c in candidates])
            for reason, candidates in prospect.left_out.items()
        ],
    )


def group_names(agency_id: int) -> dict[int, str]:
    """Inspectors' groups are their departments, or the agency that lends them; those of neither form one of their own."""
    return {0: "未分科室"} | {d.id: d.name for d in departments_of(agency_id)}
