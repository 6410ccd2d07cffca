"""What happens when something has happened: each event and who reacts, and each kind of job and who does it.

An earlier stage announces, a later one reacts, inside the same transaction; this is the only
place where the two meet (design.md rule 6).
"""

from collections.abc import Callable, Mapping, Sequence

from backend.decisions.approval.actions import keep_leaders_hand
from backend.decisions.objections.queries import tell_deadlines as tell_objection_deadlines
from backend.decisions.results.drafting import (
    draft_results,
    draft_results_without_inspection,
    withdraw_results,
)
from backend.decisions.results.queries import tell_deadlines as tell_report_deadlines
from backend.decisions.results.queries import tell_passed
from backend.fieldwork.evidence.uploads import sweep_abandoned_uploads
from backend.fieldwork.sync.rescue import OPEN_JOB, open_as_job
from backend.fieldwork.visits.clocks import tell_windows
from backend.fieldwork.visits.opening import open_visits
from backend.fieldwork.visits.queries import tell_inspected
from backend.fieldwork.visits.reassigning import (
    follow_companions,
    follow_inspector,
    follow_replacement,
    follow_team,
    pass_on_recusal,
)
from backend.foundation.jobs.actions import Handler
from backend.planning.draw.commit import FREEZE_JOB, freeze_as_job
from backend.planning.draw.computing import COMPUTE_JOB, compute_as_job
from backend.plumbing.events import Reaction
from backend.records.dossier.actions import PRINT_JOB, SEAL_JOB, open_dossier, require_unsealed
from backend.records.dossier.printing import print_draft, seal
from backend.records.dossier.queries import tell_deadlines as tell_dossier_deadlines
from backend.registers.entities.exporting import EXPORT_JOB, forget_old_exports, write_export
from backend.registers.entities.flagging import end_lapsed_flags
from backend.registers.imports.actions import CHECK_JOB, IMPORT_JOB
from backend.registers.imports.jobs import check_file, take_in_file

REACTIONS: Mapping[str, Sequence[Reaction]] = {
    "task.dispatched": [open_visits],
    "team.changed": [follow_team],
    "entity.replaced": [follow_replacement],
    "companions.changed": [follow_companions],
    "inspector.changed": [follow_inspector],
    "visit.submitted": [],
    "visit.approved": [draft_results, open_dossier],
    "approval.signed": [keep_leaders_hand],
    "visit.reopened": [require_unsealed, withdraw_results],
    "recusal.granted": [pass_on_recusal],
    "visit.closed": [draft_results_without_inspection, open_dossier],
    "result.published": [],
    "passed.asked": [tell_passed],
    "inspected.asked": [tell_inspected],
    "deadlines.asked": [
        tell_windows,
        tell_report_deadlines,
        tell_objection_deadlines,
        tell_dossier_deadlines,
    ],
}

JOBS: Mapping[str, Handler] = {
    FREEZE_JOB: freeze_as_job,
    COMPUTE_JOB: compute_as_job,
    OPEN_JOB: open_as_job,
    PRINT_JOB: print_draft,
    SEAL_JOB: seal,
    CHECK_JOB: check_file,
    IMPORT_JOB: take_in_file,
    EXPORT_JOB: write_export,
}

DAILY: Sequence[Callable[[], None]] = [
    end_lapsed_flags,
    sweep_abandoned_uploads,
    forget_old_exports,
]
"""What the worker does once each day in Shanghai, before the first job of that day."""
