"""From when the clocks of a result run (rules.md "Clocks"). Pure.

All clocks of a visit hang on one event, the end of the unit's task. Where a profile counts publication from the report,
a report that is not formed yet is taken as formed on its own last day, so that the date shown is the latest allowed.
"""

from collections.abc import Sequence
from datetime import date

FROM_REPORT = "report_formed"


def task_done_on(ends: Sequence[date | None], window_to: date) -> date:
    """The day a unit's task is done: its last visit's end, at the latest the window's.

    `ends` holds for each visit the day it was submitted or closed, None while it is under way.
    """
    finished = [end for end in ends if end is not None]
    if not finished or len(finished) < len(ends):
        return window_to
    return min(max(finished), window_to)


def publication_counts_from(
    counts_from: str, task_done: date, report_formed: date | None, report_due: date | None
) -> date:
    """The day before day 1 of the publication deadline; `counts_from` is the profile's publication.counts_from."""
    if counts_from != FROM_REPORT:
        return task_done
    return report_formed or report_due or task_done
