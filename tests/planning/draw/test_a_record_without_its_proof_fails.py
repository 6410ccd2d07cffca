"""What an outsider must not be talked into: a record without signatures, without the lines after it, or with neither."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.planning.draw import verify
from tests.planning.draw.published_vectors import draw_vectors
from tests.planning.draw.recorded_draws import write_folder


def without_signatures(folder: Path) -> None:
    record = json.loads((folder / "record.json").read_bytes())
    (folder / "record.json").write_text(json.dumps({**record, "signatures": []}, ensure_ascii=False), "utf-8")


def without_events(folder: Path) -> None:
    (folder / "events.jsonl").unlink()


def with_neither(folder: Path) -> None:
    without_signatures(folder)
    without_events(folder)


def with_a_seedless_record(folder: Path) -> None:
    record = json.loads((folder / "record.json").read_bytes())
    (folder / "record.json").write_text(json.dumps({**record, "seed": None}, ensure_ascii=False), "utf-8")


@pytest.mark.parametrize(
    ("taken", "named"),
    [
        (without_signatures, "签名"),
        (without_events, "events.jsonl"),
        (with_neither, "events.jsonl"),
        (with_a_seedless_record, "seed"),
    ],
)
def test_it_fails_and_says_what_is_missing(
    taken: Callable[[Path], None], named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_folder(draw_vectors()[0], tmp_path)
    taken(tmp_path)
    assert verify.main([str(path)]) == 1
    assert named in capsys.readouterr().out
