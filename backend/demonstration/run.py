"""`yaohao demo --once`: the story played to its end in a house of its own, its results left in a folder, all verified."""

import json
import shutil
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

from backend.core.clock import SHANGHAI
from backend.demonstration import archiving
from backend.demonstration.browser import StepFailed
from backend.demonstration.cast import OFFICER
from backend.demonstration.moment import StoryClock
from backend.demonstration.stage import Stage
from backend.demonstration.story import Told, begin, tell
from backend.planning.draw.verify import Verifier
from backend.records.dossier.verification import verify
from backend.serving.database import bring_up_to_date
from backend.settings import settings_for

BEGINS = datetime(2026, 7, 1, 9, 0, tzinfo=SHANGHAI)
TITLE = "2026 年第三季度重点用能单位节能监察"


def play_once(out: Path) -> dict[str, Any]:
    """Play the story; write record, dossier and `summary.json` below `out`; return the summary. Raises on any failure."""
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="yaohao-demo-") as folder:
        stage = _stage(Path(folder))
        begin(stage)
        told = tell(stage, TITLE)
        summary = _leave(stage, told, out)
    (out / "summary.json").write_text(
        json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    return summary


def _stage(folder: Path) -> Stage:
    clock = StoryClock(BEGINS)
    stage = Stage(replace(settings_for(folder / "data"), clock=clock), clock, folder)
    bring_up_to_date(stage.house)
    return stage


def _leave(stage: Stage, told: Told, out: Path) -> dict[str, Any]:
    with stage.step("verify"):
        record = _leave_the_record(stage, told.draw_id, out / "draw")
        pdf, package = _leave_the_dossier(stage, told.dossier_ids[0], out / "dossier")
    return {
        "draw": {"record": record.relative_to(out).as_posix()},
        "dossier": {"pdf": pdf.relative_to(out).as_posix(), "package": package.relative_to(out).as_posix()},
        "published": told.published,
        "visits": len(told.visit_ids),
        "timings": stage.timings,
    }


def _leave_the_record(stage: Stage, draw_id: int, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    packed = stage.browser(OFFICER).download(f"/office/draws/{draw_id}/record.zip")
    with ZipFile(BytesIO(packed)) as archive:
        archive.extractall(folder)
    faults = Verifier(folder / "record.json").run()
    if faults:
        raise StepFailed(f"the record does not hold: {faults}")
    return folder / "record.json"


def _leave_the_dossier(stage: Stage, dossier_id: int, folder: Path) -> tuple[Path, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    pdf, package = archiving.take_the_files(stage, dossier_id)
    (folder / "dossier.pdf").write_bytes(pdf)
    (folder / "dossier.zip").write_bytes(package)
    faults = [finding for finding in verify(folder / "dossier.zip", None) if not finding.holds]
    if faults:
        raise StepFailed(f"the package does not hold: {faults}")
    return folder / "dossier.pdf", folder / "dossier.zip"
