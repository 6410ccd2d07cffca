"""What a visit holds so far, what is signed of it, and what still stands in its way."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from backend.fieldwork.changes.rules import Gap
from backend.fieldwork.checklists.queries import answers_of, candidates_of
from backend.fieldwork.checklists.rules import Assessment, assess, counts_for, items_of
from backend.fieldwork.evidence.models import Evidence
from backend.fieldwork.evidence.queries import counted_evidence, files_held_for
from backend.fieldwork.signatures.queries import refusals_of, signatures_of
from backend.fieldwork.visits.models import Visit
from backend.fieldwork.visits.queries import item_path, pinned_forms, recusals_of, rules_of
from backend.fieldwork.visits.rules import (
    Signed,
    counts_as_signed,
    missing_signatures,
    signed_answers,
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
from backend.foundation.rule_profiles.rules import RuleProfile


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
