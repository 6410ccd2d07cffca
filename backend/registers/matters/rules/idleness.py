"""Which matters have stood on the list for years without an inspection: they are hinted at, never taken off unasked. Pure."""

from datetime import date


def idle_since(listed: date | None, last_used: date | None, today: date, years: int | None) -> date | None:
    """Since when a matter has not been used, if that is `years` ago or longer; None otherwise.

    `listed` is the day of its first publication: what was never published could not be used.
    """
    if listed is None or years is None:
        return None
    since = max(listed, last_used or listed)
    return since if _years_after(since, years) <= today else None


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
