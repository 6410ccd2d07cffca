"""Reads of forms and answers."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from backend.core.errors import NOT_FOUND, Refusal
from backend.fieldwork.checklists.definitions import CompiledForm, forms_folder, load_forms
from backend.fieldwork.checklists.models import Answer, AnswerCandidate, Form
from backend.fieldwork.checklists.rules import items_of
from backend.plumbing.db import db


def available_forms() -> Mapping[str, CompiledForm]:
    """The forms that are shipped, the newest version of each by key."""
    return load_forms(forms_folder())


def form(sha: str) -> Form:
    """A form that some visit is pinned to."""
    found = db.session.get(Form, sha)
    if found is None:
        raise Refusal(NOT_FOUND, what=f"检查表单 {sha[:12]}")
    return found


@lru_cache(maxsize=1000)
def item_names(sha: str) -> frozenset[str]:
    """The ids of all items of a form; a form never changes, so they are read once."""
    return frozenset(item["id"] for item in items_of(form(sha).content))


def answers_of(visit_id: str) -> dict[str, Any]:
    """Every present answer of a visit by path."""
    return {answer.path: answer.value for answer in answer_rows(visit_id)}


def answer_rows(visit_id: str) -> Sequence[Answer]:
    """The present answers of a visit in path order."""
    return list(db.session.scalars(select(Answer).where(Answer.visit_id == visit_id).order_by(Answer.path)))


def answers_after(
    server_seq: int, up_to: int, visit_ids: Collection[str], limit: int
) -> list[tuple[int, str, str]]:
    """`(rev, visit id, path)` of answers set after `server_seq`, oldest first: about `limit`, never half of one moment's."""
    columns = (Answer.rev, Answer.visit_id, Answer.path)
    of_these = select(*columns).where(Answer.visit_id.in_(visit_ids))
    page = of_these.where(Answer.rev > server_seq, Answer.rev <= up_to).order_by(Answer.rev).limit(limit)
    found = [(rev, visit_id, path) for rev, visit_id, path in db.session.execute(page)]
    if len(found) == limit:
        last = found[-1][0]
        found = [row for row in found if row[0] < last]
        same = db.session.execute(of_these.where(Answer.rev == last))
        found += [(rev, visit_id, path) for rev, visit_id, path in same]
    return found


def answer_at(visit_id: str, path: str) -> Answer | None:
    """The present answer at a path."""
    return db.session.scalar(select(Answer).where(Answer.visit_id == visit_id, Answer.path == path))


def candidates_of(visit_id: str, path: str | None = None) -> Sequence[AnswerCandidate]:
    """The second answers that wait for a choice, of a whole visit or of one path."""
    query = select(AnswerCandidate).where(AnswerCandidate.visit_id == visit_id)
    if path is not None:
        query = query.where(AnswerCandidate.path == path)
    return list(db.session.scalars(query.order_by(AnswerCandidate.path, AnswerCandidate.id)))
