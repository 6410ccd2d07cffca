"""No value of a profile stands there for nothing: the table of the folder names who reads it, and that part does."""

import re
from pathlib import Path

import pytest

import backend
from backend.foundation.rule_profiles import profiles
from backend.foundation.rule_profiles.profile_files import known_keys

ROWS = re.findall(r"^  ([a-z_]+\.[a-z_]+) +(\S+)( +shown)?$", profiles.__doc__ or "", re.MULTILINE)
READERS = {key: reader for key, reader, _ in ROWS}
HERE = Path(backend.__file__).parent


def test_the_table_names_every_key_once_and_no_other() -> None:
    assert [key for key, _, _ in ROWS] == list(known_keys())


def test_a_value_is_obeyed_by_a_module_or_said_to_be_shown_by_a_page() -> None:
    assert {key for key, reader, _ in ROWS if reader.endswith(".html")} == {
        key for key, _, shown in ROWS if shown
    }


@pytest.mark.parametrize(("key", "reader"), sorted(READERS.items()))
def test_the_part_that_the_table_names_reads_the_key(key: str, reader: str) -> None:
    assert f'"{key}"' in (HERE / reader).read_text("utf-8")


def test_nothing_but_the_program_itself_reads(tmp_path: Path) -> None:
    """A test, the demonstration or the page of all rules is no reader."""
    places = set(READERS.values())
    assert not [place for place in places if place.startswith("demonstration")]
    assert {place for place in places if place.startswith("foundation/rule_profiles")} == {
        "foundation/rule_profiles/rules.py"
    }
