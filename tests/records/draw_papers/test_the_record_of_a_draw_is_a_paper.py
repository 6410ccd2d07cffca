"""The record of a draw on paper: what the room saw, everybody's signature, the fingerprints; no names before the visits."""

import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
from flask.testing import FlaskClient
from PIL import Image, ImageDraw

from backend.planning.draw.actions import attach, lock, sign, signers_of
from backend.planning.draw.computing import draw_now
from backend.planning.draw.endings import void
from backend.planning.draw.models import Draw
from backend.planning.draw.queries import draw_of
from backend.records.draw_papers.paper import draw_paper
from tests.people import OFFICER, Person
from tests.planning.conftest import Stage, head, officer, oversight, stage
from tests.planning.directories import commit, give_inputs, hold_draw, task_from
from tests.records.reading import pages_of

__all__ = ["head", "officer", "oversight", "stage"]
LogIn = Callable[[Person], FlaskClient]


def a_signature() -> bytes:
    image = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    ImageDraw.Draw(image).line(
        [(40, 150), (180, 40), (300, 160), (420, 50), (560, 140)], fill="black", width=9
    )
    written = BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def _printed(pdf: bytes) -> str:
    return "".join(pages_of(pdf))


def signed(stage: Stage, draw: Draw) -> Draw:
    for signer in signers_of(draw):
        sign(stage.officer, draw.id, signer.name, signer.kind, a_signature())
    return draw_of(stage.officer.agency_id, draw.id)


def test_it_holds_quotas_inputs_tickets_signatures_photos_and_fingerprints(
    stage: Stage, log_in: LogIn
) -> None:
    draw = commit(stage.officer, task_from(stage.officer, stage.plan))
    give_inputs(stage.officer, draw)
    draw_now(stage.officer, draw.id)
    attach(stage.officer, draw.id, "会场.png", a_signature())
    draw = signed(stage, draw_of(stage.officer.agency_id, draw.id))
    lock(stage.officer, draw.id)
    draw = draw_of(stage.officer.agency_id, draw.id)
    answer = log_in(OFFICER).get(f"/office/draws/{draw.id}/record.pdf")
    assert answer.mimetype == "application/pdf"
    printed = _printed(answer.data)
    for expected in (draw.serial, "351642", "004271", "见证人甲", "王科长", "会场.png", "sha256sum"):
        assert expected in printed
    assert draw.record is not None
    assert draw.record_hash is not None
    for digest in (draw.commitment, draw.record_hash, draw.record["picks"][0]["ticket"][:32]):
        assert digest.upper() in printed
    assert not any(entity.name in printed for entity in stage.entities), "names come out after the visits"
    with pikepdf.open(BytesIO(answer.data)) as pdf:
        assert sum(len(page.get_images()) for page in pdf.pages) >= 4
    assert draw_paper(draw) == answer.data, "the same draw, the same bytes"
    if folder := os.environ.get("SHOW"):
        Path(folder, "draw.pdf").write_bytes(answer.data)


def test_a_void_draw_is_printed_with_its_reason_and_a_committed_one_not_at_all(
    stage: Stage, log_in: LogIn
) -> None:
    draw = commit(stage.officer, task_from(stage.officer, stage.plan))
    assert log_in(OFFICER).get(f"/office/draws/{draw.id}/record.pdf").status_code == 409
    void(stage.head, draw.id, "会议室停电")
    printed = _printed(log_in(OFFICER).get(f"/office/draws/{draw.id}/record.pdf").data)
    assert "会议室停电" in printed
    assert "没有抽出任何单位" in printed


def test_a_signature_that_is_no_readable_picture_leaves_its_line_empty(stage: Stage) -> None:
    draw = hold_draw(stage.officer, task_from(stage.officer, stage.plan))
    assert "见证人乙" in _printed(draw_paper(draw))
