"""Dossiers bound once for all tests that only read them."""

from collections.abc import Callable
from functools import cache
from io import BytesIO

import pytest

from backend.plumbing.pictures import print_rendition
from backend.records.documents.content import DossierContent
from backend.records.dossier.binding import BoundDossier, bind
from backend.records.dossier.package import write_package
from tests.records import specimens


def bound(content: DossierContent) -> BoundDossier:
    originals = specimens.originals(content)
    return bind(content, lambda sha256: print_rendition(originals[sha256], sha256))


def packed(content: DossierContent, dossier: BoundDossier) -> bytes:
    originals = specimens.originals(content)
    out = BytesIO()
    write_package(out, content, dossier, lambda sha256: BytesIO(originals[sha256]))
    return out.getvalue()


@cache
def _complete() -> BoundDossier:
    return bound(specimens.complete())


@pytest.fixture
def complete_dossier() -> BoundDossier:
    return _complete()


@pytest.fixture
def complete_package() -> bytes:
    return packed(specimens.complete(), _complete())


@pytest.fixture
def bind_anew() -> Callable[[DossierContent], BoundDossier]:
    return bound
