"""The demonstration's directories are invented, valid, and the same for the same seed."""

from collections import Counter
from pathlib import Path

from backend.core.codes import is_credit_code
from backend.registers.demo_data import demo_entities, demo_inspectors, write_demo_files


def test_every_code_is_valid_and_occurs_once() -> None:
    codes = [row["code"] for row in demo_entities(1)]
    assert len(set(codes)) == len(codes) == 2_000
    assert all(map(is_credit_code, codes))


def test_nothing_could_be_a_real_firm_or_telephone() -> None:
    for row in demo_entities(1):
        assert row["code"][2:8] == "990100"
        assert row["name"].startswith("示例市样例第")
        assert row["phone"].startswith("0000-")


def test_grades_are_shared_out_as_in_a_real_directory() -> None:
    shares = Counter(row["risk_grade"] for row in demo_entities(1))
    assert shares["B"] > shares["A"] > shares["C"] > shares["D"] > 60


def test_some_certificates_have_expired() -> None:
    ends = [row["certificate_valid_to"] for row in demo_inspectors(1) if row["is_expert"] == "否"]
    assert 0 < sum(end < "2026-01-01" for end in ends) < 10


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in "abc"]
    for folder, seed in zip(folders, (1, 1, 2), strict=True):
        folder.mkdir()
        write_demo_files(folder, seed)
    first, again, other = ((folder / "entities.xlsx").read_bytes() for folder in folders)
    assert first == again
    assert first != other
