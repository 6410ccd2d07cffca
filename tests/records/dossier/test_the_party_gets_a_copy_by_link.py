"""The party's copy: once the server holds what was signed, whoever has the link sees the papers handed over, and nobody else."""

import re

from flask.testing import FlaskClient

from backend.fieldwork.visits.copies import copy_path
from backend.fieldwork.visits.models import Visit
from backend.plumbing.db import db
from tests.people import LEADER, RECUSED
from tests.records.dossier.conftest import Archive


def test_whoever_holds_the_link_reads_the_papers(
    archive: Archive, visit_id: str, public_client: FlaskClient
) -> None:
    address = f"/api/v1/visits/{visit_id}/copy.svg"
    assert archive.log_in(LEADER).get(address).status_code == 409
    archive.capture(visit_id)
    shown = archive.log_in(LEADER).get(address)
    assert (shown.status_code, shown.mimetype) == (200, "image/svg+xml")
    assert archive.log_in(RECUSED).get(address).status_code == 404
    db.session.rollback()
    path = copy_path(db.session.get_one(Visit, visit_id))
    page = public_client.get(path)
    assert page.status_code == 200
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "no-store" in page.headers["Cache-Control"]
    titles = re.findall(r"<b>([^<]+)</b>", page.text)
    assert "现场检查笔录" in titles
    assert not {"检查组讨论记录", "检查结果审批", "检查人员匹配记录"} & set(titles)
    made = public_client.get(f"{path}/{titles.index('现场检查笔录') + 1}.pdf")
    assert made.data[:4] == b"%PDF"


def test_a_guessed_or_an_old_link_opens_nothing(
    archive: Archive, visit_id: str, public_client: FlaskClient
) -> None:
    archive.capture(visit_id)
    db.session.rollback()
    visit = db.session.get_one(Visit, visit_id)
    old = copy_path(visit)
    for guessed in ("A" * 32, "é" * 32):
        assert public_client.get(f"/copies/{visit_id}/{guessed}").status_code == 404
    visit.digest = "0" * 64
    db.session.commit()
    assert public_client.get(old).status_code == 404
    assert public_client.get(copy_path(visit)).status_code == 200
