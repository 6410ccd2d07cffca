"""Reads of sync: what is new for a person since a cursor, and what the server has of what a phone holds."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import inf
from typing import Any

from sqlalchemy import select

from backend.core.errors import CURSOR_GONE, Refusal
from backend.fieldwork.changes.models import Change
from backend.fieldwork.changes.queries import changes_after, last_server_seq, visits_answered_after
from backend.fieldwork.checklists.queries import answers_after
from backend.fieldwork.evidence.models import EvidenceFile
from backend.fieldwork.evidence.queries import files_held_for
from backend.fieldwork.sync.documents import document_of, in_step_of
from backend.fieldwork.sync.envelopes import is_id
from backend.fieldwork.sync.epochs import epoch
from backend.fieldwork.sync.models import OpPlace, Stretch
from backend.fieldwork.sync.op_log import Op, ops_where
from backend.fieldwork.visits.models import Visit
from backend.fieldwork.visits.queries import visit_ids_of_member, visits_left
from backend.foundation.permissions.actor import Actor
from backend.plumbing.bulk import among
from backend.plumbing.db import db

PAGE = 300


@dataclass(frozen=True)
class Pulled:
    """One page of what is new, and where the next one begins."""

    docs: list[dict[str, Any]]
    tombstones: list[dict[str, str]]
    cursor: str
    more: bool
    in_step: dict[int, int]


def pull(actor: Actor, cursor: str | None) -> Pulled:
    """The documents of the person's visits that changed after `cursor`; None pulls everything."""
    since = place_of(cursor)
    visit_ids = visit_ids_of_member(actor)
    up_to = last_server_seq(actor.agency_id)
    changes, more = _changes(actor.agency_id, since, up_to, visit_ids)
    told = [(change, document_of(change)) for change in changes]
    docs = [document for _, document in told if document is not None]
    gone = [{"type": change.kind, "id": change.doc_id} for change, document in told if document is None]
    reached = changes[-1].server_seq if changes else since
    left = [one for one in visits_left(actor, since) if one.server_seq <= up_to]
    gone += [{"type": "visit", "id": one.visit_id} for one in left if one.visit_id not in visit_ids]
    if not more:
        reached = max([reached, *(one.server_seq for one in left)])
    visits = list(db.session.scalars(select(Visit).where(Visit.id.in_(visit_ids))))
    return Pulled(docs, gone, f"{epoch()}.{reached}", more, in_step_of(visits))


def _changes(agency_id: int, since: int, up_to: int, visit_ids: Collection[str]) -> tuple[list[Change], bool]:
    """One page of what changed, oldest first, each document once; and whether there is more.

    Answers are found by their own rev. Two lists are cut where the shorter one ends, so that nothing is passed over.
    """
    told = changes_after(agency_id, since, up_to, visit_ids, PAGE)
    answered = visits_answered_after(agency_id, since, visit_ids)
    answers = [_answer_change(agency_id, *one) for one in answers_after(since, up_to, answered, PAGE)]
    cut = [part[-1].server_seq for part in (told, answers) if len(part) >= PAGE]
    found = sorted([*told, *answers], key=lambda change: change.server_seq)
    once = {
        (change.kind, change.doc_id): change for change in found if change.server_seq <= min(cut, default=inf)
    }
    return sorted(once.values(), key=lambda change: change.server_seq), bool(cut)


def _answer_change(agency_id: int, rev: int, visit_id: str, path: str) -> Change:
    """As if the answer had a row of its own; it never reaches the database."""
    return Change(
        visit_id=visit_id, kind="answer", doc_id=f"{visit_id} {path}", agency_id=agency_id, server_seq=rev
    )


def place_of(cursor: str | None) -> int:
    """The server seq behind a cursor; refused when it belongs to another life of the database."""
    if not cursor:
        return 0
    life, _, place = cursor.rpartition(".")
    if life != epoch() or not place.isdecimal():
        raise Refusal(CURSOR_GONE)
    return int(place)


def own_ops(actor: Actor, op_ids: Collection[str]) -> dict[str, Op]:
    """The person's own ops among these ids: for each, the one that first bore it."""
    bearing = (Stretch.user_id == actor.user_id, among(OpPlace.op_id, op_ids))
    others = ops_where(*bearing, ~OpPlace.claims)
    return {op.op_id: op for op in [*reversed(others), *ops_where(*bearing, OpPlace.claims)]}


def ids_held(op_ids: Iterable[Any]) -> set[str]:
    """Which of these ids some op here bears.

    They may come from a phone whose ops were refused for what it calls them, so they can be anything.
    """
    bearing = select(OpPlace.op_id).where(among(OpPlace.op_id, set(filter(is_id, op_ids))))
    # Ops that claim their id and those that do not have an index each.
    halves = (OpPlace.claims, ~OpPlace.claims)
    return {op_id for half in halves for op_id in db.session.scalars(bearing.where(half))}


def visible_files(actor: Actor, shas: Collection[str]) -> dict[str, EvidenceFile]:
    """The whole files among these that are here for one of the person's visits."""
    found: dict[str, EvidenceFile] = {}
    for visit_id in visit_ids_of_member(actor) if shas else ():
        found |= files_held_for(visit_id, shas)
    return found
