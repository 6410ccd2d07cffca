"""The story's draw: committed before two witnesses, drawn from their digits, signed by all, locked, approved, dispatched."""

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

from backend.demonstration.cast import HEAD, OFFICER, SECOND_WITNESS, WITNESS
from backend.demonstration.stage import Stage
from backend.foundation.accounts.queries import departments_of
from backend.planning.draw.actions import signers_of
from backend.planning.draw.queries import draw_of

WITNESSES = ((WITNESS.name, "legal", "408151"), (SECOND_WITNESS.name, "public", "623423"))


def hold_the_draw(stage: Stage, task_id: int) -> int:
    """Hold the whole ceremony; return the draw's id."""
    officer = stage.browser(OFFICER)
    with stage.inside():
        department = next(d.id for d in departments_of(stage.agency_id) if d.name == OFFICER.department)
    ceremony = officer.submit(
        "/office/draws",
        task=task_id,
        witness_name=[name for name, _, _ in WITNESSES],
        witness_kind=[kind for _, kind, _ in WITNESSES],
        input_digits=6,
        departments=[department],
        leader_departments=[department],
        hard_cap=20,
    )
    draw_id = int(ceremony.split("/")[3])
    for position, (_, _, digits) in enumerate(WITNESSES):
        officer.submit(f"/office/draws/{draw_id}/inputs", position=position, digits=digits)
    officer.submit(f"/office/draws/{draw_id}/outcomes")
    with stage.inside():
        present = [(signer.name, signer.kind) for signer in signers_of(draw_of(stage.agency_id, draw_id))]
    for seed, (name, kind) in enumerate(present):
        officer.submit(f"/office/draws/{draw_id}/signatures", name=name, kind=kind, image=_pen(seed))
    officer.submit(f"/office/draws/{draw_id}/locks")
    return draw_id


def approve_the_inspection(stage: Stage, task_id: int) -> None:
    """Say why the firms must be entered and how the teams work; the head approves the inspection."""
    stage.browser(OFFICER).submit(
        f"/office/tasks/{task_id}/preparations",
        remote_answer="enter",
        remote_reason="要核对用能设备铭牌和计量器具，书面材料看不出来",
        work_plan="组长负责现场组织和签批，组员负责拍照和填表；先出示证件、送达通知书，再逐项检查；期限内完成。",
    )
    stage.browser(HEAD).submit(f"/office/tasks/{task_id}/approvals", opinion="同意")


def _pen(seed: int) -> tuple[BytesIO, str]:
    """A few strokes, as somebody's hand would leave them on the screen."""
    random, picture = Random(seed), Image.new("RGB", (360, 140), "white")
    pen = ImageDraw.Draw(picture)
    for stroke in range(7):
        start = (30 + 44 * stroke, random.randint(30, 100))
        bends = [(start[0] + random.randint(-20, 50), random.randint(20, 120)) for _ in range(3)]
        pen.line([start, *bends], fill="#12202a", width=4, joint="curve")
    drawn = BytesIO()
    picture.save(drawn, "PNG")
    drawn.seek(0)
    return drawn, "signature.png"


def dispatch(stage: Stage, task_id: int) -> None:
    """Have the inspection approved and send the teams out."""
    approve_the_inspection(stage, task_id)
    stage.browser(OFFICER).submit(f"/office/tasks/{task_id}/dispatches")
