"""No value of a profile stands there for nothing: the table of the folder names who reads it, and that part does."""

import re
from pathlib import Path

import pytest

import backend
from backend.foundation.rule_profiles import profiles
from backend.foundation.rule_profiles.profile_files import known_keys

READERS = dict(re.findall(r"^  ([a-z_]+\.[a-z_]+) +(\S+)$", profiles.__doc__ or "", re.MULTILINE))
HERE = Path(backend.__file__).parent


def test_the_table_names_every_key_once_and_no_other() -> None:
    rows = re.findall(r"^  ([a-z_]+\.[a-z_]+) ", profiles.__doc__ or "", re.MULTILINE)
    assert rows == list(known_keys())


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
