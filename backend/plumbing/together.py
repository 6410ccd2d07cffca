"""Work that many threads bring at the same time, done by one of them for all.

While one batch is under way the next one gathers, so that what a batch costs, such as the wait for the disk at its
commit, is shared by as many as came meanwhile, and nobody waits longer than before.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from flask import current_app

from backend.plumbing.db import db

Job = TypeVar("Job")
Done = TypeVar("Done")

MOST_AT_ONCE = 16


@dataclass(eq=False)
class _Waiting(Generic[Job, Done]):
    job: Job
    settled: bool = False
    done: list[Done] = field(default_factory=list)
    fault: Exception | None = None


class Together(Generic[Job, Done]):
    """Jobs of one kind. `work` does a batch of them whole, or raises and leaves nothing behind.

    A batch that fails is done again one by one: what is wrong with one job is told to whoever brought it, and to nobody
    else. A job that `work` answers with an exception is refused without harm to the others.
    """

    def __init__(self, work: Callable[[Sequence[Job]], Sequence[Done | Exception]]) -> None:
        self._work = work
        self._turn, self._guard = threading.Lock(), threading.Lock()
        self._waiting: list[_Waiting[Job, Done]] = []

    def bring(self, job: Job) -> Done:
        """Have the job done, by this thread or by another one; what `work` made of it."""
        mine: _Waiting[Job, Done] = _Waiting(job)
        with self._guard:
            self._waiting.append(mine)
        while not mine.settled:
            with self._turn:
                if not mine.settled:
                    self._lead()
        if mine.fault is not None:
            raise mine.fault
        return mine.done[0]

    def _lead(self) -> None:
        with self._guard:
            batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
        try:
            self._settle(batch)
        finally:
            # Only where this thread is being ended: the others are left to one that lives.
            with self._guard:
                self._waiting[:0] = [one for one in batch if not one.settled]

    def _settle(self, batch: Sequence[_Waiting[Job, Done]]) -> None:
        try:
            answers = self._work([one.job for one in batch])
        except Exception as fault:
            if len(batch) > 1:
                for one in batch:
                    self._settle([one])
            else:
                batch[0].fault, batch[0].settled = fault, True
            return
        for one, answer in zip(batch, answers, strict=True):
            if isinstance(answer, Exception):
                one.fault = answer
            else:
                one.done.append(answer)
            one.settled = True


def bring_together(
    agency_id: int, work: Callable[[Sequence[Job]], Sequence[Done | Exception]], job: Job
) -> Done:
    """Have `work` do the job together with what else it is brought for this agency by requests of the same moment."""
    lines: dict[tuple[int, Any], Together[Job, Done]] = current_app.extensions.setdefault("together", {})
    line = lines.setdefault((agency_id, work), Together(work))
    # No connection is kept from the others while the turn is waited for.
    db.session.rollback()
    return line.bring(job)
