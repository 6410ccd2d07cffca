"""What the tests of the public site begin with: published results, and a draw announced or opened."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.app import create_public_app
from backend.core.clock import SHANGHAI
from backend.foundation.accounts.queries import agency_by_code
from backend.planning.draw.committed_files import FrozenFiles
from backend.planning.draw.models import Draw, DrawEvent, DrawSignature, DrawWitness, Pick
from backend.planning.draw.record import event_line, record_hash, signatures_hash
from backend.plumbing.db import db, transaction
from backend.plumbing.files import store
from backend.settings import Settings
from tests.conftest import FixedClock
from tests.inspections import Field
from tests.people import AGENCY
from tests.planning.draw.published_vectors import Vector, draw_vectors
from tests.planning.draw.recorded_draws import AT, frozen_files, signed_record
from tests.registered import a_task, an_entity

FOLDER = "draws/slgx-2026-1"


@pytest.fixture
def field(app: Flask, clock: FixedClock, settings: Settings) -> Field:
    return Field(app, clock, settings)


@pytest.fixture
def public(field: Field, settings: Settings) -> FlaskClient:
    """Anyone's browser on the public site, over the database that `field` fills."""
    return create_public_app(settings).test_client()


@pytest.fixture
def locked_draw(field: Field) -> str:
    """A drawn and signed draw of which the public knows only the fingerprints. Its serial."""
    return keep_draw(field, draw_vectors()[0])


@pytest.fixture
def opened_draw(field: Field, locked_draw: str) -> str:
    """The same draw once it has been opened. Its serial."""
    with field.app.app_context(), transaction():
        draw = db.session.query(Draw).filter_by(serial=locked_draw).one()
        draw.revealed_at = AT
    return locked_draw


def keep_draw(field: Field, vector: Vector) -> str:
    """Keep a draw of the published vectors as planning would, files and all."""
    record, files = signed_record(vector), frozen_files(vector)
    commit = record["commit"]
    with field.app.app_context(), transaction():
        agency_id = agency_by_code(AGENCY).id
        draw = Draw(
            agency_id=agency_id,
            year=2026,
            number=1,
            serial=commit["serial"],
            title="2026 年第三季度节能监察抽查",
            status="locked",
            folder=FOLDER,
            commit_doc=commit,
            commitment=record["C"],
            nonce_sealed="",
            left_out=[],
            committed_by_name="王科长",
            published_at=AT,
            drawn_at=AT,
            locked_at=AT,
            reveal_by=date.fromisoformat(commit["reveal_by"]),
            record=record,
            record_hash=record_hash(record),
        )
        db.session.add(draw)
        db.session.flush()
        for position, witness in enumerate(commit["witnesses"]):
            db.session.add(
                DrawWitness(draw_id=draw.id, position=position, name=witness["name"], kind=witness["kind"])
            )
            db.session.add(
                DrawSignature(
                    draw_id=draw.id,
                    name=witness["name"],
                    kind=witness["kind"],
                    at=AT.astimezone(SHANGHAI),
                    image_sha256=None,
                    covers=record_hash(record),
                )
            )
        _keep_files(draw, files, record)
        task = a_task(agency_id, "任务〔2026〕900号")
        for number, pick in enumerate(record["picks"]):
            db.session.add(
                Pick(
                    draw_id=draw.id,
                    task_id=task.id,
                    entity_id=an_entity(
                        agency_id, pick["code"], f"示例市样本铸造有限公司{number + 1}", phone="13800000000"
                    ).id,
                    status="picked",
                    **pick,
                )
            )
    serial: str = commit["serial"]
    return serial


def _keep_files(draw: Draw, files: FrozenFiles, record: dict[str, Any]) -> None:
    for name, file in files.by_name().items():
        store().put(f"{FOLDER}/{name}", file.content)
    locked = event_line(record_hash(record), None, "locked", AT, {"signatures": signatures_hash(record)})
    db.session.add(DrawEvent(draw_id=draw.id, number=1, line=locked, at=AT))
