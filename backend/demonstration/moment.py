"""The demonstration's clock: stands where the story is, moved by the story, ahead only."""

from datetime import datetime, time, timedelta

from backend.core.clock import SHANGHAI
from backend.core.workdays import WorkCalendar


class StoryClock:
    """Shows the story's present moment."""

    def __init__(self, begin: datetime) -> None:
        self._moment = begin

    def now(self) -> datetime:
        """The story's moment; each look takes a second, so that no two things happen at once."""
        self._moment += timedelta(seconds=1)
        return self._moment

    def next_workday(self, calendar: WorkCalendar, days: int = 1, hour: int = 9) -> None:
        """Go on to the `days`-th working day from here."""
        day = calendar.add(self._moment.astimezone(SHANGHAI).date(), days)
        self._moment = datetime.combine(day, time(hour), SHANGHAI)
