"""The results: the officer completes and forms each report, the head approves where the rules ask, all is published."""

from backend.decisions.results.models import Result
from backend.decisions.results.queries import report_of
from backend.demonstration.browser import Browser
from backend.demonstration.cast import HEAD, OFFICER
from backend.demonstration.stage import Stage
from backend.foundation.rule_profiles.queries import profile_for
from backend.plumbing.db import db

OPINION = "已责令限期改正，由业务科室跟踪复查。"
NO_OPINION = "未发现问题，无需后续处置。"


def form_the_reports(stage: Stage, visit_ids: list[str]) -> None:
    """Write the handling opinion of each visit and form its report."""
    for visit_id in visit_ids:
        _form_one(stage, stage.browser(OFFICER), visit_id)
        if _head_approves(stage):
            stage.browser(HEAD).submit(f"/office/results/{visit_id}/approvals")


def publish_the_results(stage: Stage, visit_ids: list[str]) -> None:
    """Publish every visit's results through all the channels of the profile."""
    with stage.inside():
        channels = list(profile_for(stage.agency_id).words("publication.channels"))
    for visit_id in visit_ids:
        stage.browser(OFFICER).submit(f"/office/results/{visit_id}/publications", channels=channels)


def published_results(stage: Stage, visit_ids: list[str]) -> list[dict[str, str]]:
    """What a citizen finds of these visits: entity, matter, result and the public address, each address opened."""
    with stage.inside():
        rows = (
            db.session.query(Result)
            .filter(Result.visit_id.in_(visit_ids))
            .order_by(Result.publication_no)
            .all()
        )
        found = [
            {
                "entity": r.entity_name,
                "matter": r.matter_name,
                "result": r.text,
                "url": f"/results/{r.publication_no}",
            }
            for r in rows
        ]
    for result in found:
        stage.visitor().open(result["url"])
    return found


def _form_one(stage: Stage, officer: Browser, visit_id: str) -> None:
    with stage.inside():
        report = report_of(stage.agency_id, visit_id)
        fields = {f"field-{n}": words for n, (_, words) in enumerate(report.body)}
        faulty = any(result.found for result in report.results)
        open_fields = [n for n, (_, words) in enumerate(report.body) if not words.strip()]
        fields |= {f"field-{n}": OPINION if faulty else NO_OPINION for n in open_fields}
        version = report.version
    officer.submit(f"/office/results/{visit_id}/report", step="form", version=version, **fields)


def _head_approves(stage: Stage) -> bool:
    with stage.inside():
        return profile_for(stage.agency_id).flag("result.head_approves")
