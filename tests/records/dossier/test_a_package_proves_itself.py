"""The package is a valid bag, the same bytes each time, and `archive verify` names whatever was touched in it."""

import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import bagit
import pytest

from backend.__main__ import main
from backend.core.errors import Refusal
from backend.records.dossier.binding import BoundDossier
from backend.records.dossier.package import evidence_members, write_package
from tests.records import specimens
from tests.records.conftest import packed

pytestmark = pytest.mark.one_database

BAG = "slgx-2026-0042/"
PHOTO = specimens.complete().photos[3].sha256


def members(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(package)) as opened:
        return {name.removeprefix(BAG): opened.read(name) for name in opened.namelist()}


def rezipped(files: Mapping[str, bytes], to: Path) -> Path:
    with zipfile.ZipFile(to, "w") as out:
        for name, octets in files.items():
            out.writestr(BAG + name, octets)
    return to


def consistent(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """What a forger does: both manifests and the total brought in line with the altered files."""
    files = dict(files)
    payload = {name: octets for name, octets in files.items() if name.startswith("data/")}
    files["manifest-sha256.txt"] = _manifest(payload)
    total = f"Payload-Oxum: {sum(map(len, payload.values()))}.{len(payload)}"
    info = files["bag-info.txt"].decode().splitlines()
    files["bag-info.txt"] = ("\n".join(total if i.startswith("Payload") else i for i in info) + "\n").encode()
    tags = {n: o for n, o in files.items() if not n.startswith("data/") and not n.startswith("tagmanifest")}
    files["tagmanifest-sha256.txt"] = _manifest(tags)
    return files


def _manifest(files: Mapping[str, bytes]) -> bytes:
    return "".join(f"{specimens.sha256_of(files[name])}  {name}\n" for name in sorted(files)).encode()


def test_bagit_accepts_the_package(complete_package: bytes, tmp_path: Path) -> None:
    with zipfile.ZipFile(BytesIO(complete_package)) as opened:
        opened.extractall(tmp_path)
    bagit.Bag(str(tmp_path / BAG)).validate()


def test_the_same_dossier_gives_the_same_package(
    complete_package: bytes, complete_dossier: BoundDossier
) -> None:
    assert packed(specimens.complete(), complete_dossier) == complete_package


def test_members_are_stored_sorted_and_dated_by_the_sealing(complete_package: bytes) -> None:
    with zipfile.ZipFile(BytesIO(complete_package)) as opened:
        entries = opened.infolist()
    assert [e.filename for e in entries] == sorted(e.filename for e in entries)
    assert {e.compress_type for e in entries} == {zipfile.ZIP_STORED}
    assert {e.date_time for e in entries} == {(2026, 8, 24, 7, 20, 0)}


@pytest.mark.parametrize(
    ("mime", "ending"), [("audio/x-wav", "wav"), ("video/x-msvideo", "avi"), ("x/y", "bin")]
)
def test_an_original_opens_by_its_ending(mime: str, ending: str) -> None:
    content = specimens.complete()
    heard = replace(content.evidence[0], mime=mime)
    assert f"data/evidence/{heard.sha256}.{ending}" in evidence_members(replace(content, evidence=(heard,)))


def test_an_original_that_changed_since_capture_stops_the_packing(complete_dossier: BoundDossier) -> None:
    with pytest.raises(Refusal) as refused:
        write_package(BytesIO(), specimens.complete(), complete_dossier, lambda _sha: BytesIO(b"other"))
    assert refused.value.problem.code == "evidence-changed"


def test_an_untouched_package_is_trusted(
    complete_package: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "dossier.zip"
    file.write_bytes(complete_package)
    assert main(["archive", "verify", str(file)]) == 0
    assert main(["archive", "verify", str(file), "--sha256", specimens.sha256_of(complete_package)]) == 0
    assert "可信：与封存时一致。" in capsys.readouterr().out


MEMBERS = (
    "bag-info.txt",
    "bagit.txt",
    "data/dossier.json",
    "data/dossier.pdf",
    f"data/evidence/{PHOTO}.jpg",
    f"data/evidence/{specimens.sha256_of(specimens.VIDEO)}.mp4",
    "manifest-sha256.txt",
    "metadata/dat46.xml",
    "metadata/events.json",
    "tagmanifest-sha256.txt",
)


@pytest.mark.parametrize("name", MEMBERS)
def test_one_flipped_bit_is_found_and_its_file_named(
    complete_package: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    files = members(complete_package)
    octets = bytearray(files[name])
    octets[len(octets) // 2] ^= 1
    broken = rezipped({**files, name: bytes(octets)}, tmp_path / "broken.zip")
    assert main(["archive", "verify", str(broken)]) == 1
    failures = [line for line in capsys.readouterr().out.splitlines() if line.startswith("✗")]
    assert any(name in line for line in failures)


@pytest.mark.parametrize("name", MEMBERS)
def test_a_removed_member_is_found_and_named(
    complete_package: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    files = members(complete_package)
    del files[name]
    assert main(["archive", "verify", str(rezipped(files, tmp_path / "broken.zip"))]) == 1
    assert name in capsys.readouterr().out


def test_a_file_slipped_in_is_found_and_named(
    complete_package: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = members(complete_package) | {"notes.txt": b"x"}
    assert main(["archive", "verify", str(rezipped(files, tmp_path / "broken.zip"))]) == 1
    assert "notes.txt" in capsys.readouterr().out


def altered_json(change: Callable[[dict[str, dict[str, object]]], object]) -> Callable[[bytes], bytes]:
    def alter(octets: bytes) -> bytes:
        source = json.loads(octets)
        change(source)
        return json.dumps(source, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()

    return alter


def test_a_forger_who_mends_the_manifests_is_betrayed_by_the_pdf(
    complete_package: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = members(complete_package)
    alter = altered_json(
        lambda source: source["content"].update(party={**specimens_party(source), "name": "别的公司"})
    )
    files["data/dossier.json"] = alter(files["data/dossier.json"])
    assert main(["archive", "verify", str(rezipped(consistent(files), tmp_path / "forged.zip"))]) == 1
    said = capsys.readouterr().out
    assert "data/dossier.json：内容与卷内数据指纹不符" in said
    assert "data/dossier.pdf：所附的 dossier.json 与 data/dossier.json 不同" in said


def specimens_party(source: Mapping[str, Mapping[str, object]]) -> dict[str, object]:
    party = source["content"]["party"]
    assert isinstance(party, dict)
    return party


def test_a_swapped_original_is_betrayed_by_its_name(
    complete_package: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = members(complete_package)
    files[f"data/evidence/{PHOTO}.jpg"] = specimens.original_photo(99)
    assert main(["archive", "verify", str(rezipped(consistent(files), tmp_path / "forged.zip"))]) == 1
    assert f"data/evidence/{PHOTO}.jpg：文件名不是它的指纹" in capsys.readouterr().out


def test_a_renamed_swap_is_betrayed_by_the_source(
    complete_package: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = members(complete_package)
    del files[f"data/evidence/{PHOTO}.jpg"]
    swapped = specimens.original_photo(99)
    files[f"data/evidence/{specimens.sha256_of(swapped)}.jpg"] = swapped
    assert main(["archive", "verify", str(rezipped(consistent(files), tmp_path / "forged.zip"))]) == 1
    said = capsys.readouterr().out
    assert "卷内没有登记" in said
    assert f"data/evidence/{PHOTO}：登记了，包里没有" in said


def test_an_altered_line_of_the_trail_is_named(
    complete_package: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = members(complete_package)
    files["metadata/events.json"] = files["metadata/events.json"].replace(
        "赵示例".encode(), "钱样例".encode(), 1
    )
    assert main(["archive", "verify", str(rezipped(consistent(files), tmp_path / "forged.zip"))]) == 1
    assert "metadata/events.json：与卷内的摘录不同" in capsys.readouterr().out


def test_a_package_forged_as_a_whole_is_betrayed_by_the_recorded_hash(
    complete_package: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "dossier.zip"
    file.write_bytes(complete_package)
    assert main(["archive", "verify", str(file), "--sha256", "0" * 64]) == 1
    assert "整包指纹" in capsys.readouterr().out


@pytest.mark.parametrize("octets", [b"", b"PK\x03\x04 not a zip"])
def test_something_else_is_said_to_be_unreadable(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], octets: bytes
) -> None:
    file = tmp_path / "other.zip"
    file.write_bytes(octets)
    assert main(["archive", "verify", str(file)]) == 1
    assert "other.zip：打不开" in capsys.readouterr().out


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["archive", "verify", str(tmp_path / "none.zip")]) == 2
    assert "没有这个文件" in capsys.readouterr().out
