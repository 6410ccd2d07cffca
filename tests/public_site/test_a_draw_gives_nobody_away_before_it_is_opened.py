"""draw.md 2, no tip-off: fingerprints, counts and signatures at once; names and files when the draw is opened."""

import io
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient

from tests.inspections import Field

DRAWN = "示例市样本铸造有限公司1"


def test_without_draws_the_page_says_so(public: FlaskClient) -> None:
    assert "还没有摇号" in public.get("/draws").text
    assert "现在没有可以核验的摇号" in public.get("/verify").text


def test_fingerprints_counts_and_signatures_are_public_at_once(public: FlaskClient, locked_draw: str) -> None:
    page = public.get(f"/draws/{locked_draw}").text
    assert "9C9B 065A" in page
    assert "39 家" in page
    assert "11 家" in page
    assert "见证人甲" in page


@pytest.mark.parametrize(
    "address",
    [
        "verify",
        "files/record.json",
        "files/roster.txt",
        "files/events.jsonl",
        "folder.zip",
        "files/../secret",
    ],
)
def test_names_nonce_and_files_are_not(public: FlaskClient, locked_draw: str, address: str) -> None:
    assert DRAWN not in public.get(f"/draws/{locked_draw}").text
    assert public.get(f"/draws/{locked_draw}/{address}").status_code == 404


def test_an_opened_draw_gives_names_and_every_file_to_the_byte(public: FlaskClient, opened_draw: str) -> None:
    page = public.get(f"/draws/{opened_draw}").text
    assert DRAWN in page
    assert "签字后锁定" in page
    record = public.get(f"/draws/{opened_draw}/files/record.json")
    assert record.json is not None
    assert record.json["serial"] == opened_draw
    for name in ("roster.txt", "exclusions/1.txt", "events.jsonl"):
        assert public.get(f"/draws/{opened_draw}/files/{name}").status_code == 200
    assert public.get(f"/draws/{opened_draw}/files/nonce").status_code == 404


def test_the_folder_verifies_itself_with_the_program_inside(
    public: FlaskClient, opened_draw: str, tmp_path: Path
) -> None:
    first, again = (public.get(f"/draws/{opened_draw}/folder.zip").data for _ in range(2))
    assert first == again
    with ZipFile(io.BytesIO(first)) as archive:
        archive.extractall(tmp_path)
    assert (tmp_path / "verify.py").read_bytes() == public.get("/verify.py").data
    checked = subprocess.run(
        [sys.executable, "-I", "verify.py", "record.json"], cwd=tmp_path, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_draw_not_opened_in_time_is_shown_as_overdue(
    field: Field, public: FlaskClient, locked_draw: str
) -> None:
    field.clock.moment = datetime(2027, 2, 1, 2, tzinfo=UTC)
    for address in ("/draws", f"/draws/{locked_draw}", "/"):
        assert "超期未公开" in public.get(address).text
