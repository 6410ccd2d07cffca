"""dossier.json follows the schema in the repository, which is the one of the content's types."""

import json

import jsonschema
import pytest

from backend.core.canonical_json import canonical, digest
from backend.records.dossier.binding import BoundDossier
from backend.records.dossier.source import SCHEMA, content_schema, plain, released_schema
from tests.records import specimens

pytestmark = pytest.mark.one_database


def test_the_kept_schema_is_that_of_the_types() -> None:
    kept = released_schema(SCHEMA)
    assert kept == content_schema()


def test_the_source_is_valid_and_canonical(complete_dossier: BoundDossier) -> None:
    source = json.loads(complete_dossier.source)
    jsonschema.validate(source, content_schema())
    assert canonical(source) == complete_dossier.source


def test_the_fingerprint_is_that_of_the_content(complete_dossier: BoundDossier) -> None:
    source = json.loads(complete_dossier.source)
    assert digest(source["content"]) == source["fingerprint"] == complete_dossier.fingerprint


@pytest.mark.parametrize("content", [specimens.complete(), specimens.refused(), specimens.with_everything()])
def test_every_specimen_can_be_said_in_the_schema(content: object) -> None:
    source = {"schema": SCHEMA, "fingerprint": "0" * 64, "content": plain(content)}
    jsonschema.validate({**source, "layout": {"pages": 0, "catalogue": []}}, content_schema())
