"""The demonstration's clock: stands where the story is, moved by the story, ahead only."""

from datetime import datetime, time, timedelta

from backend.core.clock import SHANGHAI
from backend.core.workdays import WorkCalendar


class StoryClock:
    """Shows the story's present moment."""

    def __init__(self, begin: datetime) -> None:
        self._begun = self._moment = begin.astimezone(SHANGHAI)

    def now(self) -> datetime:
        """The story's moment; each look takes a millisecond, so that no two things happen at once."""
        self._moment += timedelta(milliseconds=1)
        return self._moment

    def next_workday(self, calendar: WorkCalendar, days: int = 1, hour: int = 9) -> None:
        """Go on to the `days`-th working day from here."""
        day = calendar.add(self._moment.date(), days)
        self.move_to(datetime.combine(day, time(hour), SHANGHAI))

    def move_to(self, moment: datetime) -> None:
        """Go on to `moment`; where the story has gone past it, stay."""
        self._moment = max(self._moment, moment.astimezone(SHANGHAI))

    @property
    def year_has_turned(self) -> bool:
        """Whether the story began in an earlier year than it is in now."""
        return self._begun.year != self._moment.year
