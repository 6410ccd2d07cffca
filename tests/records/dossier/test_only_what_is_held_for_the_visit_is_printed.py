"""A SHA-256 alone opens nothing in a dossier: an original that was not sent for this visit is a gap, never a print of another's."""

from zipfile import ZipFile

from backend.fieldwork.evidence.models import Evidence, EvidenceLink
from backend.plumbing.db import db, transaction
from backend.plumbing.files import store
from backend.records.dossier.printing import PACKAGE
from tests.people import ARCHIVIST, HEAD
from tests.records.dossier.conftest import Archive


def test_a_file_that_was_only_named_is_left_out_and_said(archive: Archive, visit_id: str) -> None:
    dossier = archive.complete(visit_id)
    sha = db.session.query(Evidence).filter_by(visit_id=visit_id).one().sha
    with transaction():
        for link in db.session.query(EvidenceLink).filter_by(visit_id=visit_id):
            link.proven_at = None
    archive.post(ARCHIVIST, dossier, "drafts")
    archive.work()
    assert archive.again(dossier).folder
    archive.post(HEAD, dossier, "sealing", reason="手机已损毁，原件无法取得")
    archive.work()
    sealed = archive.again(dossier)
    assert (sealed.status, sealed.gaps_sealed) == ("sealed", 1)
    with ZipFile(store().path(f"{sealed.folder}/{PACKAGE}")) as package:
        names = package.namelist()
    assert not [name for name in names if sha in name]
    assert [name for name in names if "/data/evidence/" in name]
