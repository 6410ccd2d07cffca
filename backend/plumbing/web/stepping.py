"""What every form of the office does: carry a step out and go on, or show the page again with what was refused."""

from collections.abc import Callable

from flask import redirect
from werkzeug.wrappers import Response

from backend.core.errors import Refusal

Answer = tuple[str, int] | Response


def stepped(step: Callable[[], object], page: Callable[[Refusal], str], then: str) -> Answer:
    """Carry `step` out and go to the address `then`; refused, answer with `page` and the refusal's status.

    The page looks its subject up itself, so that what is not there, or another agency's, stays a plain not-found.
    """
    try:
        step()
    except Refusal as refusal:
        return page(refusal), refusal.problem.status
    return redirect(then, 303)
