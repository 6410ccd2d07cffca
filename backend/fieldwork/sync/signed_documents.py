"""The document as the signing phone showed it, when colleagues' phones had meanwhile brought what it could not see.

The party signed one fingerprint, offline. What another phone had brought by then, unseen by the signer's, is set
aside as 未经当事人确认: kept beside the signed answers, for the leader to leave out or to return (sync.md "Conflicts").
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.core.canonical_json import canonical
from backend.fieldwork.changes.rules import Origin, Status
from backend.fieldwork.checklists.actions import put_back
from backend.fieldwork.checklists.queries import answers_of
from backend.fieldwork.evidence.actions import set_aside
from backend.fieldwork.evidence.models import Evidence
from backend.fieldwork.evidence.queries import counted_evidence
from backend.fieldwork.sync.op_log import Op, ops_of_visit
from backend.fieldwork.sync.rules import Kind
from backend.fieldwork.visits.completeness import digest_of, version_of
from backend.fieldwork.visits.models import Visit
from backend.fieldwork.visits.rules import counts_as_signed, signed_answers, visit_digest

_TOOK_PLACE = (Status.APPLIED, Status.CONFLICT)


@dataclass(frozen=True)
class Shown:
    """What was on the signer's screen: by path the answer and the op it came from, and the evidence."""

    answers: Mapping[str, tuple[Op, Any]]
    evidence: Sequence[Evidence]

    def digest(self, visit: Visit) -> str:
        version = version_of(visit)
        values = signed_answers({path: value for path, (_, value) in self.answers.items()}, version)
        pieces = [piece.sha for piece in self.evidence if counts_as_signed(piece.role, version)]
        return visit_digest(visit.id, values, pieces)


def restore_signed_document(visit: Visit, digest: str, origin: Origin) -> None:
    """Set aside what the signer's phone had not seen, if exactly that makes `digest` true; else change nothing.

    How far the phone had pulled when it was signed is not asked but found: the digest itself proves the right place.
    """
    if digest == digest_of(visit):
        return
    ops = _ops_that_took_place(visit.id)
    of_others = {op.server_seq for op in ops if op.device_id != origin.device_id}
    for pulled_to in sorted({0, *of_others}, reverse=True):
        shown = _shown(visit, ops, origin.device_id, pulled_to)
        if shown.digest(visit) == digest:
            _set_aside_the_rest(visit, shown, origin)
            return


def _shown(visit: Visit, ops: Sequence[Op], device_id: str, pulled_to: int) -> Shown:
    visible = [op for op in ops if _was_visible(op, device_id, pulled_to)]
    added = {op.op_id for op in visible if op.kind == Kind.ADD_EVIDENCE}
    evidence = [piece for piece in counted_evidence(visit.id) if piece.op_id in added]
    return Shown(_answers_shown(visible), evidence)


def _was_visible(op: Op, device_id: str, pulled_to: int) -> bool:
    return op.device_id == device_id or (op.server_seq <= pulled_to and op.status == Status.APPLIED)


def _ops_that_took_place(visit_id: str) -> Sequence[Op]:
    return [op for op in ops_of_visit(visit_id) if op.status in _TOOK_PLACE and op.chain_seq is not None]


def _answers_shown(visible: Sequence[Op]) -> dict[str, tuple[Op, Any]]:
    by_id = {op.op_id: op for op in visible}
    shown: dict[str, tuple[Op, Any]] = {}
    for op in visible:
        if op.kind in (Kind.ANSWER, Kind.NOTE):
            shown[op.path] = (op, op.body["value"])
        elif op.kind == Kind.RESOLVE and op.body["value"]["keep"] in by_id:
            kept = by_id[op.body["value"]["keep"]]
            shown[op.body["value"]["path"]] = (kept, kept.body["value"])
    return shown


def _set_aside_the_rest(visit: Visit, shown: Shown, origin: Origin) -> None:
    for piece in counted_evidence(visit.id):
        if piece not in shown.evidence:
            set_aside(piece, visit.agency_id, origin.server_seq)
    present = answers_of(visit.id)
    for path in sorted({*present, *shown.answers}):
        signed, value = shown.answers.get(path, (None, None))
        if signed is not None and path in present and canonical(present[path]) == canonical(value):
            continue
        put_back(path, _origin_of(signed, visit), value, origin.server_seq, visit.agency_id, visit.id)


def _origin_of(op: Op | None, visit: Visit) -> Origin | None:
    if op is None:
        return None
    return Origin(
        op.op_id, op.device_id, op.user_id, visit.agency_id, visit.id, op.server_seq, op.received_at
    )
