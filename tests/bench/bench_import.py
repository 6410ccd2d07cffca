"""A spreadsheet of 300,000 rows and 12 columns into an empty directory, beside reading it and a bulk insert of its rows."""

import resource
from collections.abc import Iterator
from functools import partial
from multiprocessing import get_context
from tempfile import TemporaryFile

from python_calamine import CalamineWorkbook
from sqlalchemy import func, insert, select, text

from backend.foundation.jobs.actions import work_once
from backend.foundation.permissions.actor import Actor
from backend.plumbing.db import db, transaction
from backend.plumbing.spreadsheets import NewSheet, write_xlsx_to
from backend.registers.entities.models import Entity
from backend.registers.imports.actions import upload
from backend.registers.imports.queries import uploaded
from tests.bench.directories import chunks, entity_values
from tests.bench.installations import installation, kinds
from tests.bench.ratios import Ratio, seconds

ROWS = 300_000
MOST_MEGABYTES = 600
COLUMNS = {
    "name": "名称",
    "code": "统一社会信用代码",
    "address": "地址",
    "region": "所在地",
    "industry": "行业",
    "principal": "负责人",
    "phone": "联系电话",
    "risk_grade": "风险等级",
    "risk_source": "等级来源",
    "registration_no": "原注册号",
    "directories": "专项名录",
    "department_id": "维护科室",
}


def ratios() -> Iterator[Ratio]:
    """Each database in a process of its own, so that each has its own peak of memory."""
    for kind in kinds():
        with get_context("spawn").Pool(1) as alone:
            yield from alone.apply(_measured, (kind,))


def _measured(kind: str) -> list[Ratio]:
    """The product first, so that its peak of memory is its own; then the plain way."""
    content = _spreadsheet()
    with installation(kind) as (_app, actor):
        took = seconds(partial(_import, actor, content))
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        again = seconds(partial(_import, actor, content))
        with transaction():
            for table in ("entity_posting", "entity"):
                db.session.execute(text(f"DELETE FROM {table}"))
        plain = seconds(partial(_read, content)) + _seconds_of_insert(actor)
    return [
        Ratio(f"import of 300,000 rows, {kind}", took, plain, 2),
        Ratio(f"the same file again, {kind}", again, plain, 2),
        Ratio(f"most memory while importing, {kind}", megabytes, MOST_MEGABYTES, 1, "MB"),
    ]


def _import(actor: Actor, content: bytes) -> None:
    held = upload(actor, "entities", "名录.xlsx", content, choice="whole")
    while work_once():
        pass
    db.session.rollback()
    counts = uploaded(actor.agency_id, held.id).counts
    assert counts["read"] == ROWS == counts["new"] + counts["same"], counts
    assert db.session.scalar(select(func.count(Entity.id))) == ROWS


def _read(content: bytes) -> None:
    with TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        sheet = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0)
        assert sum(1 for _ in sheet.iter_rows()) == ROWS + 1


def _seconds_of_insert(actor: Actor) -> float:
    took = 0.0
    with transaction():
        for piece in chunks(entity_values(ROWS, actor.agency_id)):
            took += seconds(partial(db.session.execute, insert(Entity), piece))
    return took


def _spreadsheet() -> bytes:
    def cells() -> Iterator[list[str]]:
        for piece in chunks(entity_values(ROWS, 0)):
            for values in piece:
                yield [_spelled(values.get(field)) for field in COLUMNS]

    with TemporaryFile() as file:
        write_xlsx_to(file, [NewSheet("名录", list(COLUMNS.values()), cells())])
        file.seek(0)
        return file.read()


def _spelled(value: object) -> str:
    return "、".join(value) if isinstance(value, list) else str(value or "")
