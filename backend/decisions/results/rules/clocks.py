"""From when the clocks of a result run (rules.md "Clocks"). Pure.

All clocks of a visit hang on one event, the end of the unit's task (fieldwork/visits/rules). Where a profile counts publication from the report,
a report that is not formed yet is taken as formed on its own last day, so that the date shown is the latest allowed.
"""

from datetime import date

FROM_REPORT = "report_formed"


def publication_counts_from(
    counts_from: str, task_done: date, report_formed: date | None, report_due: date | None
) -> date:
    """The day before day 1 of the publication deadline; `counts_from` is the profile's publication.counts_from."""
    if counts_from != FROM_REPORT:
        return task_done
    return report_formed or report_due or task_done
