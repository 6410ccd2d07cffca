"""A page that shows every part, for the tests of the look."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Blueprint, Flask, render_template

from backend.core.errors import NOT_FOUND, Citation, Refusal
from backend.core.workdays import Deadline, WorkCalendar
from backend.foundation.permissions.access import anyone

CALENDAR = WorkCalendar({}, frozenset({2026}))
ARTICLE = Citation(
    "示例工作指引",
    "(二十六).4",
    "检查结果应当自抽查任务完成之日起二十个工作日内公示。",
    "zibo-industry",
)
TODAY = date(2026, 7, 21)


@pytest.fixture
def kit(app: Flask) -> Flask:
    """The office application with one page more: the kit."""
    kit = Blueprint("kit", __name__, template_folder=str(Path(__file__).parent / "templates"))

    @kit.get("/office/kit")
    @anyone
    def page() -> str:
        return render_template(
            "kit.html",
            deadlines=[
                Deadline("publication", TODAY - timedelta(days=d), wd, CALENDAR, ARTICLE) for d, wd in SPANS
            ],
            refusal=Refusal(NOT_FOUND, ARTICLE, what="计划"),
            at=datetime(2026, 7, 21, 1, 30, tzinfo=UTC),
        )

    @kit.get("/office/kit/stage")
    @anyone
    def stage() -> str:
        return render_template("stage.html", article=ARTICLE)

    @kit.get("/office/kit/reveal")
    @anyone
    def reveal() -> str:
        return render_template("reveal.html")

    app.register_blueprint(kit)
    return app


SPANS = ((16, 20), (25, 20), (7, 5), (33, 20), (20, 60), (-28, 5))
