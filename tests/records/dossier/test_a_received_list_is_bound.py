"""The list that a superior handed down stands in the dossier with its hash, and its file lies in the package."""

from collections.abc import Callable
from pathlib import Path

import pytest

from backend.records.documents.content import DossierContent
from backend.records.documents.order import bound_documents
from backend.records.dossier.binding import BoundDossier
from backend.records.dossier.verification import verify
from tests.records import specimens
from tests.records.conftest import packed
from tests.records.dossier.test_a_package_proves_itself import members

pytestmark = pytest.mark.one_database


def test_the_file_of_the_list_is_proved_by_the_package(
    bind_anew: Callable[[DossierContent], BoundDossier], tmp_path: Path
) -> None:
    content = specimens.with_everything()
    assert content.received is not None
    assert "抽查名单（上级下派）" in {document.title for document in bound_documents(content)}
    package = packed(content, bind_anew(content))
    path = f"data/evidence/{content.received.sha256}.csv"
    assert members(package)[path] == specimens.LIST
    kept = tmp_path / "package.zip"
    kept.write_bytes(package)
    assert [finding for finding in verify(kept) if not finding.holds] == []
