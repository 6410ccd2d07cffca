"""One random day of two phones in real browsers, and the server's record held to what their screens called saved."""

from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from playwright.sync_api import Browser

from backend.fieldwork.checklists.queries import answers_of
from backend.fieldwork.evidence.queries import files_held_for
from backend.fieldwork.sync.op_log import ops_of_visit
from backend.plumbing.db import db
from tests.bench.world_of_visits import Team
from tests.faults.browser_line import BrowserLine, served
from tests.faults.browser_phone import BrowserPhone
from tests.faults.house import House

STEPS = 5
STEP_OF_RESTORE = 3
RESTORED_ONE_IN = 6
Held = dict[str, Any]
KILLS = (None, "between commit and reply", "a piece half on the disk")


def run_browser_schedule(
    browser: Browser, house: House, built: Path, team: Team, seed: int, happened: "Counter[str]"
) -> list[str]:
    """Live through the day, mend the line, and tell every fault."""
    random, line = Random(seed), BrowserLine(house, seed, happened)
    with served(line) as address:
        phones = [BrowserPhone(browser, address, person, team.visit_id) for person in team.people]
        line.faulty = True
        line.kill_at = KILLS[seed % len(KILLS)]
        for step in range(STEPS):
            if step == STEP_OF_RESTORE and seed % RESTORED_ONE_IN == 0:
                house.restore()
                happened["server restored from a backup"] += 1
            for place, phone in enumerate(phones):
                item = f"item{step * len(phones) + place}"
                _live(phone, item, seed * 100 + step * 10 + place, random, built, happened)
        line.calm()
        for phone in phones:
            phone.syncs_to_the_end()
        for phone in phones:
            phone.syncs_to_the_end()
        with house.app.app_context():
            answers = answers_of(team.visit_id)
            db.session.remove()
        held = [phone.comes_to_show(answers) for phone in phones]
        for phone in phones:
            phone.is_put_away()
    faults = [fault for phone, rows in zip(phones, held, strict=True) for fault in _faults_of(phone, rows)]
    with house.app.app_context():
        db.session.rollback()
        faults += _faults_on_the_server(team.visit_id, phones, held)
        db.session.remove()
    return [f"seed {seed}: {fault}" for fault in faults]


def _live(
    phone: BrowserPhone, item: str, mark: int, random: Random, built: Path, happened: "Counter[str]"
) -> None:
    roll = random.randrange(100)
    if roll < 40:
        phone.answer(item, random.choice(("合格", "不适用")))
        happened["answer called saved"] += 1
    elif roll < 60:
        phone.photograph(mark)
        happened["photo called saved"] += 1
    elif roll < 72:
        phone.is_killed_while_answering(item)
        happened["page killed while answering"] += 1
    elif roll < 80:
        phone.is_killed()
        happened["page killed"] += 1
    elif roll < 88:
        phone.is_offline(True)
        phone.answer(item, "合格")
        phone.is_killed()
        happened["page killed without signal"] += 1
    elif roll < 94:
        phone.is_offline(False)
        happened["signal found again"] += 1
    else:
        with (built / "app" / "sw.js").open("a") as worker:
            worker.write(f"// version {mark}\n")
        phone.looks_for_a_new_version()
        phone.answer(item, "合格")
        phone.is_killed()
        happened["app updated under an open page"] += 1


def _faults_of(phone: BrowserPhone, rows: Held) -> list[str]:
    stuck = [f"op {row['id']} has no receipt" for row in rows["ops"] if row["waiting"] or not row["receipt"]]
    stuck += [f"file {row['sha']} has no receipt" for row in rows["uploads"] if not row["receipt"]]
    shown: dict[str, Any] = dict(rows["answers"])
    here = {row["sha"] for row in rows["uploads"]}
    stuck += [
        f"the saved answer {path} is gone"
        for path, result in phone.answered.items()
        if (shown.get(path) or {}).get("result") != result
    ]
    return stuck + [f"the saved photo {sha} is gone" for sha in phone.photographed if sha not in here]


def _faults_on_the_server(visit_id: str, phones: list[BrowserPhone], held: list[Held]) -> list[str]:
    ops = [op for op in ops_of_visit(visit_id) if op.chain_seq is not None]
    stored = Counter(op.op_id for op in ops)
    on_phones = Counter(row["id"] for rows in held for row in rows["ops"])
    faults = [
        f"op {one}: {stored[one]} on the server, {on_phones[one]} on the phones"
        for one in stored | on_phones
        if (stored[one], on_phones[one]) != (1, 1)
    ]
    answers = answers_of(visit_id)
    for phone, rows in zip(phones, held, strict=True):
        if dict(rows["answers"]) != answers:
            faults.append("the phone shows other answers than the server has")
        for path, result in phone.answered.items():
            given = [op for op in ops if op.path == path and op.body["value"]["result"] == result]
            if len(given) != 1:
                faults.append(f"the saved answer {path} is {len(given)} times on the server")
        whole = files_held_for(visit_id, phone.photographed)
        faults += [f"the saved photo {sha} is not whole" for sha in phone.photographed if sha not in whole]
    return faults
