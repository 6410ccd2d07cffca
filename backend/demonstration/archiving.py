"""The dossiers: the recorder files come in, the archivist binds and seals each one, takes the PDF and the package, and the package is verified."""

from io import BytesIO

from backend.demonstration.browser import StepFailed
from backend.demonstration.cast import ARCHIVIST, OFFICER
from backend.demonstration.recordings import recording
from backend.demonstration.stage import Stage
from backend.foundation.jobs.actions import work_once
from backend.plumbing.db import db
from backend.records.dossier.models import Dossier
from backend.records.dossier.queries import dossiers_of_visit


def seal(stage: Stage, visit_ids: list[str]) -> list[int]:
    """Seal the dossiers of these visits; return their ids."""
    with stage.inside():
        ids = [dossiers_of_visit(visit_id)[0].id for visit_id in visit_ids]
    for dossier_id in ids:
        _bring_in_the_recorder_file(stage, dossier_id)
        stage.browser(ARCHIVIST).submit(
            f"/office/dossiers/{dossier_id}/sealing", remarks="本卷材料齐全，无缺损。"
        )
    do_the_waiting_jobs(stage)
    with stage.inside():
        unsealed = [i for i in ids if db.session.get_one(Dossier, i).status != "sealed"]
    if unsealed:
        raise StepFailed(f"not sealed: {unsealed}")
    return ids


def take_the_files(stage: Stage, dossier_id: int) -> tuple[bytes, bytes]:
    """The PDF and the package, as the archivist downloads them."""
    archivist = stage.browser(ARCHIVIST)
    address = f"/office/dossiers/{dossier_id}"
    return archivist.download(f"{address}/dossier.pdf"), archivist.download(f"{address}/package.zip")


def _bring_in_the_recorder_file(stage: Stage, dossier_id: int) -> None:
    file = (BytesIO(recording(dossier_id)), f"recorder-{dossier_id}.wav")
    stage.browser(OFFICER).submit(f"/office/dossiers/{dossier_id}/recordings", file=file, minutes="1")


def do_the_waiting_jobs(stage: Stage) -> None:
    """Be the worker until nothing waits."""
    with stage.inside():
        while work_once():
            pass
