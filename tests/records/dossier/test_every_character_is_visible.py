"""A character that no font can draw stops the export and is named with its field; so does any warning."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from backend.core.errors import Refusal
from backend.plumbing.pdf import lay_out
from backend.records.documents.content import DossierContent
from backend.records.dossier.binding import BoundDossier
from tests.records import specimens

pytestmark = pytest.mark.one_database


def test_the_character_and_its_field_are_named(bind_anew: Callable[[DossierContent], BoundDossier]) -> None:
    content = specimens.complete()
    photos = (content.photos[0], replace(content.photos[1], caption="证照🏭"), *content.photos[2:])
    with pytest.raises(Refusal) as refused:
        bind_anew(replace(content, photos=photos))
    assert refused.value.problem.code == "characters-not-printable"
    assert "照片（photos[2].caption）：🏭（U+1F3ED）" in refused.value.sentence_zh


def test_a_glyph_that_slips_through_is_caught_by_the_typesetter() -> None:
    laid_out = lay_out("<p style='font-family:serif'>工厂🏭")
    with pytest.raises(Refusal, match=r"U\+1F3ED"):
        laid_out.write(identifier=b"x", moment=specimens.NOON)


def test_a_picture_from_elsewhere_is_never_fetched() -> None:
    with pytest.raises(Refusal, match=r"http://127\.0\.0\.1:9/x\.png"):
        lay_out("<img alt='x' src='http://127.0.0.1:9/x.png'>")
