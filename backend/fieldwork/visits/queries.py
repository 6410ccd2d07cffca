"""Reads of visits: whose they are, what they hold, what still stands in the way."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import lazyload

from backend.core.clock import day_in_china
from backend.core.errors import NOT_FOUND, Refusal
from backend.core.workdays import Deadline, WorkCalendar
from backend.fieldwork.changes.rules import Gap
from backend.fieldwork.checklists.queries import answers_of, candidates_of, form, item_names
from backend.fieldwork.checklists.rules import Assessment, assess, counts_for, has_place, items_of
from backend.fieldwork.evidence.models import Evidence
from backend.fieldwork.evidence.queries import counted_evidence, files_held_for
from backend.fieldwork.signatures.queries import refusals_of, signatures_of
from backend.fieldwork.visits.models import (
    MergedTask,
    Recheck,
    RecusalRequest,
    Visit,
    VisitLeft,
    VisitMember,
)
from backend.fieldwork.visits.rules import (
    CAPTURING,
    Signed,
    VisitStatus,
    counts_as_signed,
    missing_signatures,
    signed_answers,
    task_done_on,
    visit_digest,
)
from backend.fieldwork.walk.rules import (
    Walked,
    absent,
    asks_for_checklists,
    asks_for_party,
    obstacle_gaps,
    walk_gaps,
)
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import work_calendar
from backend.foundation.rule_profiles.rules import RuleProfile, RunningDeadline, deadline
from backend.planning.companions.models import Companion
from backend.planning.companions.queries import companions_of
from backend.planning.tasks.models import Task
from backend.planning.tasks.queries import rules_of_task, rules_of_tasks
from backend.plumbing.db import db, reading
from backend.registers.entities.models import Entity


def visit_of(agency_id: int, visit_id: str) -> Visit:
    """One visit of this agency; another agency's is not found."""
    visit = db.session.get(Visit, visit_id)
    if visit is None or visit.agency_id != agency_id:
        raise Refusal(NOT_FOUND, what="这次检查")
    return visit


def page_of_visits(
    actor: Actor, status: str = "", words: str = "", before: str | None = None, limit: int = 50
) -> Sequence[Visit]:
    """The visits the person may see, newest serial first; `before` is the last serial of the page before."""
    query = _visible(actor)
    if status:
        query = query.where(Visit.status == status)
    if words:
        named = Entity.name.contains(words, autoescape=True) | Entity.code.contains(words, autoescape=True)
        query = query.join(Entity).where(named | Visit.serial.contains(words, autoescape=True))
    if before:
        query = query.where(Visit.serial < before)
    return list(db.session.scalars(query.order_by(Visit.serial.desc()).limit(limit)))


def count_by_status(actor: Actor) -> dict[str, int]:
    """How many visits the person may see in each status."""
    visible = _visible(actor).subquery()
    counted = select(visible.c.status, func.count()).group_by(visible.c.status)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def _visible(actor: Actor) -> Select[Visit]:
    query = select(Visit).where(Visit.agency_id == actor.agency_id)
    if actor.may(Capability.SEE_EVERY_VISIT):
        return query
    own = select(VisitMember.visit_id).where(VisitMember.user_id == actor.user_id)
    return query.where(Visit.id.in_(own))


def visits_of_task(task_id: int) -> Sequence[Visit]:
    """Every visit of a task, in order of serial; those that another task's visit carries out are among them."""
    merged = select(MergedTask.visit_id).where(MergedTask.task_id == task_id)
    query = select(Visit).where((Visit.task_id == task_id) | Visit.id.in_(merged))
    return list(db.session.scalars(query.order_by(Visit.serial)))


def merged_tasks(visit_id: str) -> Sequence[MergedTask]:
    """The further tasks of a visit."""
    return list(db.session.scalars(select(MergedTask).where(MergedTask.visit_id == visit_id)))


def companions_of_visit(visit: Visit) -> list[Companion]:
    """Experts and others who go along, for whichever of its tasks they were named."""
    tasks = [visit.task_id, *(merged.task_id for merged in merged_tasks(visit.id))]
    return [one for task_id in tasks for one in companions_of(task_id, visit.entity_id)]


def task_of_matter(visit: Visit, matter_id: int) -> int:
    """The task for which a visit checks this matter."""
    merged = merged_tasks(visit.id)
    return next((one.task_id for one in merged if matter_id in one.matter_ids), visit.task_id)


def visit_ids_of_member(actor: Actor) -> Sequence[str]:
    """The visits on whose team the person is: what their phone may see."""
    query = (
        select(VisitMember.visit_id)
        .join(Visit)
        .where(VisitMember.user_id == actor.user_id, Visit.agency_id == actor.agency_id)
        .where(Visit.status != VisitStatus.WITHDRAWN)
    )
    return list(db.session.scalars(query.order_by(VisitMember.visit_id)))


_VISITS_OF_MEMBERS = (
    select(VisitMember.user_id, Visit)
    .join(VisitMember)
    .where(Visit.id.in_(bindparam("visits", expanding=True)))
    .where(VisitMember.user_id.in_(bindparam("users", expanding=True)))
    .where(Visit.agency_id == bindparam("agency"), Visit.status != VisitStatus.WITHDRAWN)
    .options(lazyload(Visit.members), lazyload(Visit.numbers))
)


def visits_of_members(
    agency_id: int, user_ids: Collection[int], visit_ids: Collection[str]
) -> dict[int, dict[str, Visit]]:
    """For each of these people those of these visits on whose team they are, without team and numbers: what a push is held to."""
    found: dict[int, dict[str, Visit]] = {user_id: {} for user_id in user_ids}
    asked = {"visits": list(visit_ids), "users": list(user_ids), "agency": agency_id}
    for user_id, visit in db.session.execute(_VISITS_OF_MEMBERS, asked):
        found[user_id][visit.id] = visit
    return found


def visits_left(actor: Actor, server_seq: int) -> Sequence[VisitLeft]:
    """The visits that left the person's phone after this place in the order, oldest first."""
    query = select(VisitLeft).where(VisitLeft.user_id == actor.user_id, VisitLeft.server_seq > server_seq)
    return list(db.session.scalars(query.order_by(VisitLeft.server_seq)))


_IS_ON_TEAM = (
    select(VisitMember.visit_id)
    .join(Visit)
    .where(VisitMember.visit_id == bindparam("visit"), VisitMember.user_id == bindparam("user"))
    .where(Visit.agency_id == bindparam("agency"))
    .limit(1)
)


def is_on_team(actor: Actor, visit_id: str) -> bool:
    """Whether the person is on the team of this visit, withdrawn or not."""
    asked = {"visit": visit_id, "user": actor.user_id, "agency": actor.agency_id}
    with reading() as connection:
        return connection.execute(_IS_ON_TEAM, asked).first() is not None


def visit_of_member(actor: Actor, visit_id: str) -> Visit:
    """One visit on whose team the person is; any other is not found."""
    visit = visit_of(actor.agency_id, visit_id)
    if not any(member.user_id == actor.user_id for member in visit.members):
        raise Refusal(NOT_FOUND, what="这次检查")
    return visit


def visit_for(actor: Actor, visit_id: str) -> Visit:
    """One visit that the person may see: any of the agency's for the office, for an inspector those of their teams."""
    if actor.may(Capability.SEE_EVERY_VISIT):
        return visit_of(actor.agency_id, visit_id)
    return visit_of_member(actor, visit_id)


def visits_open_to(actor: Actor) -> Sequence[str] | None:
    """The ids of the visits the person may see; None stands for all of the agency's."""
    return None if actor.may(Capability.SEE_EVERY_VISIT) else visit_ids_of_member(actor)


def leader_of(visit: Visit) -> VisitMember:
    """组长: the member in position 0."""
    return next(member for member in visit.members if member.is_leader)


def pinned_forms(visit: Visit) -> Iterator[tuple[dict[str, Any], Mapping[str, Any]]]:
    """Each matter that has a checklist, with the content of the form it is pinned to."""
    for matter in visit.matters:
        if matter["formSha"]:
            yield matter, form(matter["formSha"]).content


def forms_of_path(visit: Visit, path: str) -> list[str]:
    """The SHA-256 of every form of the visit that holds the item or table cell at `path`, the pinned one first.

    The forms a matter had before another one was chosen are among them: a phone that had not heard of the choice may
    still answer, and what it says stays on record.
    """
    for matter in visit.matters:
        below = item_path(matter["matterId"], "")
        if path.startswith(below):
            place = path.removeprefix(below)
            shas = [matter["formSha"], *matter.get("formerForms", ())]
            return [sha for sha in shas if sha and _holds(sha, place)]
    return []


def _holds(sha: str, place: str) -> bool:
    return place in item_names(sha) or has_place(form(sha).content, place)


def item_path(matter_id: int, item_id: str) -> str:
    """Where the answer to an item of a matter's checklist stands."""
    return f"/matters/{matter_id}/items/{item_id}"


def assessments_of(visit: Visit) -> dict[int, Assessment]:
    """What each matter's checklist amounts to so far."""
    answers = answers_of(visit.id)
    evidence = counted_evidence(visit.id)
    found = {}
    for matter, content in pinned_forms(visit):
        below = item_path(matter["matterId"], "")
        given = {path.removeprefix(below): value for path, value in answers.items() if path.startswith(below)}
        found[matter["matterId"]] = assess(content, given, _pieces(content, below, evidence))
    return found


def _pieces(content: Mapping[str, Any], below: str, evidence: Iterable[Evidence]) -> Mapping[str, int]:
    items = {below + item["id"]: item for item in items_of(content)}
    found = (
        items[one.item]["id"]
        for one in evidence
        if one.item in items and counts_for(items[one.item], one.mime)
    )
    return Counter(found)


def tasks_done(task_ids: Iterable[int]) -> Mapping[int, date]:
    """The day on which each task is done, or its window's end while it is not."""
    visits: dict[int, list[Visit]] = {}
    standing = select(Visit).where(Visit.task_id.in_(list(task_ids)), Visit.status != VisitStatus.WITHDRAWN)
    for visit in db.session.scalars(standing):
        visits.setdefault(visit.task_id, []).append(visit)
    carried = (
        select(MergedTask.task_id, Visit)
        .join(Visit, Visit.id == MergedTask.visit_id)
        .where(MergedTask.task_id.in_(list(task_ids)), Visit.status != VisitStatus.WITHDRAWN)
    )
    for task_id, visit in db.session.execute(carried):
        visits.setdefault(task_id, []).append(visit)
    rules = rules_of_tasks(visits)
    return {
        task_id: task_done_on(
            [visit_end(visit, rules[task_id]) for visit in of_task],
            max(visit.window_to for visit in of_task),
        )
        for task_id, of_task in visits.items()
    }


def visit_end(visit: Visit, rules: RuleProfile) -> date | None:
    """The day a visit was submitted, or closed as cannot-inspect where that counts as done; None before."""
    if visit.status == "closed" and visit.closed_at:
        return day_in_china(visit.closed_at) if rules.flag("cannot_inspect.counts_as_done") else None
    if visit.status in ("submitted", "approved") and visit.submitted_at:
        return day_in_china(visit.submitted_at)
    return None


def rules_of(visit: Visit) -> RuleProfile:
    """The rules the visit's task was made under."""
    return rules_of_task(visit.task_id)


def visit_deadlines(visit: Visit, calendar: WorkCalendar | None = None) -> list[Deadline]:
    """The clocks a team sees: its window while it captures (the plan fixes the time), the result report afterwards.

    The report's clock hangs on the end of the whole task, as everywhere (rules.md "Clocks").
    """
    rules, calendar = rules_of(visit), calendar or work_calendar(visit.agency_id)
    if visit.submitted_at or visit.closed_at:
        report = deadline(rules, calendar, "report", tasks_done([visit.task_id])[visit.task_id])
        return [report] if report else []
    begun, ends = visit.window_from, visit.window_to
    workdays = max(0, calendar.between(begun, ends))
    return [Deadline("window", begun, workdays, calendar, rules.cite("plan.fields"), ends)]


def tell_windows(agency_id: int, calendar: WorkCalendar, found: list[RunningDeadline]) -> None:
    """Answer `deadlines.asked` with the windows of the visits that are still under way."""
    under_way = select(Visit).where(Visit.agency_id == agency_id, Visit.status.in_(CAPTURING))
    for visit in db.session.scalars(under_way.order_by(Visit.serial)):
        found += [
            RunningDeadline("visit", visit.id, visit.entity_snapshot["name"], each)
            for each in visit_deadlines(visit, calendar)
        ]


def tell_inspected(task: Task, found: set[int]) -> None:
    """Answer `inspected.asked`: the entities that another department's team has begun to inspect or has inspected in the
    days of this task, so that no joint visit can be made of both."""
    begun = select(Visit.entity_id).where(
        Visit.agency_id == task.agency_id,
        Visit.department_id.is_distinct_from(task.department_id),
        Visit.status.not_in((VisitStatus.DISPATCHED, VisitStatus.CLOSED, VisitStatus.WITHDRAWN)),
        Visit.window_from <= task.window_to,
        Visit.window_to >= task.window_from,
    )
    found.update(db.session.scalars(begun))


def digest_of(visit: Visit) -> str:
    """The fingerprint of the document as the server holds it now."""
    signed = signed_answers(answers_of(visit.id), version_of(visit))
    return visit_digest(visit.id, signed, [piece.sha for piece in signed_evidence(visit)])


def signed_evidence(visit: Visit) -> list[Evidence]:
    """The evidence that is part of what is signed."""
    version = version_of(visit)
    return [piece for piece in counted_evidence(visit.id) if counts_as_signed(piece.role, version)]


def version_of(visit: Visit) -> int:
    """Which rules of the walk the visit is held to; 0 for those dispatched before there were any."""
    return int(visit.procedure.get("version", 0))


def gaps_of(visit: Visit) -> tuple[Gap, ...]:
    """Everything that stands between this visit and 提交, in the order a person would mend it."""
    answers = answers_of(visit.id)
    with_checklists = asks_for_checklists(visit.procedure, answers)
    return (
        *_conflict_gaps(visit, ("differs",)),
        *(_checklist_gaps(visit) if with_checklists else ()),
        *walk_gaps(visit.procedure, _walked(visit, answers)),
        *_signature_gaps(visit, answers, asks_for_party(visit.procedure, answers)),
    )


def closing_gaps(visit: Visit) -> tuple[Gap, ...]:
    """What a team must still show before the visit is closed as one that could not be made."""
    answers = answers_of(visit.id)
    return (
        *_conflict_gaps(visit, ("differs",)),
        *obstacle_gaps(reasons_not_to_inspect(rules_of(visit)), _walked(visit, answers)),
        *_signature_gaps(visit, answers, asks_party=False),
    )


def reasons_not_to_inspect(rules: RuleProfile) -> list[str]:
    """The reasons for which nothing can be inspected, 迁出 among them where the rules know of it."""
    moved = ["moved_out"] if rules.get("transfer.moved_away").value else []
    return [*rules.words("cannot_inspect.reasons"), *moved]


def approval_gaps(visit: Visit) -> tuple[Gap, ...]:
    """What stands between a submitted visit and the leader's approval: open choices, photos still on a phone."""
    shas = {piece.sha for piece in counted_evidence(visit.id)}
    pending = sorted(shas - set(files_held_for(visit.id, shas)))
    return (
        *_conflict_gaps(visit, ("differs", "unconfirmed")),
        *(Gap("recusal", one.reason) for one in recusals_of(visit.id) if one.status == "asked"),
        *(Gap("evidence-bytes", sha) for sha in pending),
    )


def recusals_of(visit_id: str) -> Sequence[RecusalRequest]:
    """Every 回避申请 made on this visit, in the order they were made."""
    query = select(RecusalRequest).where(RecusalRequest.visit_id == visit_id)
    return list(db.session.scalars(query.order_by(RecusalRequest.id)))


def rechecks_of(visit_id: str) -> Sequence[Recheck]:
    """Every 复查 of what was ordered on this visit, oldest first."""
    return list(db.session.scalars(select(Recheck).where(Recheck.visit_id == visit_id).order_by(Recheck.id)))


def _conflict_gaps(visit: Visit, reasons: Collection[str]) -> list[Gap]:
    waiting = [candidate for candidate in candidates_of(visit.id) if candidate.reason in reasons]
    paths = dict.fromkeys(candidate.path for candidate in waiting)
    return [Gap("conflict", path) for path in paths]


def _checklist_gaps(visit: Visit) -> list[Gap]:
    gaps = []
    for matter_id, seen in assessments_of(visit).items():
        named = (
            ("item", seen.missing),
            ("invalid", tuple(seen.invalid)),
            ("problem", seen.missing_problems),
            ("photo", seen.missing_photos),
        )
        gaps += [Gap(code, item_path(matter_id, name)) for code, names in named for name in names]
    return gaps


def _signature_gaps(visit: Visit, answers: Mapping[str, Any], asks_party: bool) -> list[Gap]:
    signed = [Signed(one.role, one.user_id, one.digest) for one in signatures_of(visit.id)]
    everyone = [(member.user_id, member.name) for member in visit.members]
    out = absent(answers, everyone)
    team = [one for one in everyone if one[0] not in out]
    digest = digest_of(visit)
    in_ink = asks_party and is_signed_in_ink(visit, answers, digest)
    return missing_signatures(
        digest, team, signed, [one.digest for one in refusals_of(visit.id)], asks_party and not in_ink
    )


def is_signed_in_ink(visit: Visit, answers: Mapping[str, Any], digest: str) -> bool:
    """A printed record, signed and stamped, was photographed, and it is the present document that was printed."""
    paper = answers.get("/papers/record")
    if not isinstance(paper, Mapping) or paper.get("digest") != digest:
        return False
    return any(
        piece.role == "signed_sheet" and piece.sha == paper.get("sha") for piece in counted_evidence(visit.id)
    )


def _walked(visit: Visit, answers: Mapping[str, Any]) -> Walked:
    return Walked(
        answers=answers,
        files=Counter(piece.item for piece in counted_evidence(visit.id)),
        matters=[matter["matterId"] for matter in visit.matters],
        findings=findings_of(visit, answers) if asks_for_checklists(visit.procedure, answers) else {},
        team=[(member.user_id, member.name) for member in visit.members],
    )


def findings_of(visit: Visit, answers: Mapping[str, Any]) -> dict[str, str]:
    """Every failed item by path, with what was ordered about it, in the order of the forms."""
    found = {}
    for matter_id, seen in assessments_of(visit).items():
        for path in (item_path(matter_id, name) for name in seen.relevant):
            value = answers.get(path)
            if isinstance(value, Mapping) and value.get("result") == "fail":
                found[path] = value.get("disposal") or ""
    return found
