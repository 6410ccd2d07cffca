"""A process beside the server that stands up again: whoever kills it from outside costs its work a moment and no more."""

import multiprocessing
import os
import signal
from collections.abc import Callable

AGAIN_AFTER_SECONDS = 1.0


class StandingProcess:
    """`work`, told who began it, in a forked process; when that ends unasked, it is begun again after a moment.

    By signals and not by a thread: the server's other processes are forked from this one, and a lock that a thread of
    ours holds at that moment would stay locked in them. For the main thread only.
    """

    def __init__(self, work: Callable[[int], None], again_after: float = AGAIN_AFTER_SECONDS) -> None:
        self._work, self._again_after, self._home = work, again_after, os.getpid()
        self._process = self._begun()
        self._found = {
            signal.SIGCHLD: signal.signal(signal.SIGCHLD, self._wake),
            signal.SIGALRM: signal.signal(signal.SIGALRM, self._look),
        }

    def end(self) -> None:
        """End it for good."""
        for number, handler in self._found.items():
            signal.signal(number, handler)
        self._process.terminate()
        self._process.join(timeout=10)

    def _begun(self) -> multiprocessing.Process:
        process = multiprocessing.Process(target=self._alone, name="worker")
        process.start()
        return process

    def _alone(self) -> None:
        for number in (signal.SIGCHLD, signal.SIGALRM):
            signal.signal(number, signal.SIG_DFL)
        self._work(self._home)

    def _wake(self, *_signal: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, self._again_after)

    def _look(self, *_signal: object) -> None:
        # The server's own processes inherit this handler, but not the worker.
        if os.getpid() == self._home and not self._process.is_alive():
            self._process = self._begun()
