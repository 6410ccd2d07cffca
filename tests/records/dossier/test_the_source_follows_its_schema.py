"""dossier.json follows the schema in the repository, which is the one of the content's types."""

import json
from importlib.resources import files

import jsonschema
import pytest

from backend.core.canonical_json import canonical, digest
from backend.records.dossier.binding import BoundDossier
from backend.records.dossier.source import content_schema, plain
from tests.records import specimens

pytestmark = pytest.mark.one_database


def test_the_kept_schema_is_that_of_the_types() -> None:
    kept = json.loads((files("backend.records.dossier") / "dossier-1.schema.json").read_text("utf-8"))
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
    source = {"schema": "yaohao-dossier/1", "fingerprint": "0" * 64, "content": plain(content)}
    jsonschema.validate({**source, "layout": {"pages": 0, "catalogue": []}}, content_schema())
