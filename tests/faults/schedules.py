"""Run random schedules of the phone's own code against a real server, and hold the server's record to what screens called saved."""

import hashlib
import json
import os
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.fieldwork.evidence.queries import files_held_for
from backend.fieldwork.sync.op_log import ops_of_visit
from backend.fieldwork.visits.completeness import digest_of
from backend.fieldwork.visits.models import Visit
from backend.plumbing.db import db
from backend.plumbing.files import store
from tests.bench.world_of_visits import MATTER, Team, set_up_teams
from tests.faults.bare_server import LOG
from tests.faults.house import House, controlled, write_world

PHONE_APP = Path(__file__).resolve().parents[2] / "pwa"
AT_ONCE = 16
PEOPLE = 3


@dataclass(frozen=True)
class Run:
    """What came of it: a complaint if the phones' side fell over, every fault on phones and server, what had happened how often."""

    complaint: str
    faults: list[str]
    happened: Mapping[str, int]
    ops: int


def run_schedules(
    folder: Path, first_seed: int, count: int, kills: int, restores: int, broken: str = ""
) -> Run:
    """`count` schedules, one for each seed from `first_seed`; `broken` names a defect built in on purpose."""
    house = House(folder)
    try:
        teams = set_up_teams(house.app, [PEOPLE] * count)
        house.back_up()
        house.start()
        with controlled(house) as control:
            world = {
                "address": house.address,
                "control": control,
                "firstSeed": first_seed,
                "kills": kills,
                "restores": restores,
                "atOnce": AT_ONCE,
                "patienceMs": 5_000 if broken else 90_000,
                "teams": [_told(team) for team in teams],
            }
            write_world(folder / "world.json", world)
            complaint = _run_phones(folder / "world.json", broken)
        house.stop()
        told = json.loads((folder / "world.json.reports").read_text("utf-8"))
        with house.app.app_context():
            faults = told["failures"] + [fault for report in told["reports"] for fault in _faults_of(report)]
        faults += _defects_in((folder / LOG).read_text("utf-8"))
    finally:
        house.close()
    ops = sum(len(report["saved"]) for report in told["reports"])
    return Run(complaint, faults, told["tally"], ops)


def _defects_in(log: str) -> list[str]:
    """Whatever the line does, the server answers with a sentence of its catalogue."""
    return [f"the server met a defect: {line}" for line in log.splitlines() if "[error" in line]


def _told(team: Team) -> dict[str, Any]:
    people = [{"userId": one.user_id, "session": one.session} for one in team.people]
    return {"visit": team.visit_id, "form": team.form_sha, "matter": MATTER, "people": people}


def _run_phones(world: Path, broken: str) -> str:
    command = ["npx", "vitest", "run", "--config", "vitest.faults.config.ts"]
    environment = {**os.environ, "FAULTS": str(world), "BROKEN_BUILD": broken}
    done = subprocess.run(
        command, cwd=PHONE_APP, env=environment, capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def _faults_of(report: dict[str, Any]) -> list[str]:
    """Each op that a screen called saved is in the chain exactly once, and nothing else; every file is whole; one state."""
    faults, visit_id = [], report["visit"]
    stored = Counter(op.op_id for op in ops_of_visit(visit_id) if op.chain_seq is not None)
    saved = Counter(report["saved"])
    faults += [
        f"the saved op {one} is {stored[one]} times on the server" for one in saved if stored[one] != 1
    ]
    faults += [f"the altered op {one} reached the server" for one in report["kept"] if stored[one]]
    faults += [f"the server has {one}, which no screen called saved" for one in stored.keys() - saved.keys()]
    faults += [f"the file {sha} is not whole on the server" for sha in _not_whole(visit_id, report["shas"])]
    if digest_of(db.session.get_one(Visit, visit_id)) != report["digest"]:
        faults.append("the server's document is not the phones'")
    return [f"seed {report['seed']}: {fault}" for fault in faults]


def _not_whole(visit_id: str, shas: list[str]) -> list[str]:
    held = files_held_for(visit_id, shas)
    return [sha for sha in shas if sha not in held or _hash_of(sha) != sha]


def _hash_of(sha: str) -> str:
    return hashlib.sha256(store().read(f"evidence/{sha}")).hexdigest()
