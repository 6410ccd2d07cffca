"""Photos as phones and strangers make them: turned, with a place inside, cut short, huge, or made to kill their decoder."""

import hashlib
import os
import signal
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from backend.core.errors import Refusal
from backend.fieldwork.evidence import renditions
from backend.plumbing.darkroom import Darkroom
from tests.fieldwork.phones import Phones, picture
from tests.people import LEADER

SIZES = (614, 460)
TURNED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How a camera held that way stores an upright scene."""
ORIENTATION, GPS, MAKE = 0x0112, 0x8825, 0x010F


@pytest.fixture(scope="module")
def darkroom() -> Iterator[Darkroom]:
    room = Darkroom()
    yield room
    room.close()


def _scene() -> Image.Image:
    """Red in the upper left, wider than high."""
    scene = Image.new("RGB", (1200, 800), "white")
    scene.paste((220, 20, 20), (0, 0, 400, 300))
    return scene


def _stored(scene: Image.Image, kind: str, orientation: int = 1, place: bool = False) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    if place:
        exif[MAKE] = "TestPhone"
        exif.get_ifd(GPS).update({1: "N", 2: (36.0, 48.0, 0.0), 3: "E", 4: (118.0, 3.0, 0.0)})
    written = BytesIO()
    scene.save(written, kind, exif=exif)
    return written.getvalue()


def _kept(folder: Path, content: bytes) -> Path:
    path = folder / hashlib.sha256(content).hexdigest()
    path.write_bytes(content)
    return path


def _seen(made: bytes) -> Image.Image:
    return Image.open(BytesIO(made))


def _shade(made: Image.Image, x: int, y: int) -> str:
    red, green, blue = made.convert("RGB").crop((x, y, x + 1, y + 1)).tobytes()
    return "red" if red > 180 > 80 > green else "white" if min(red, green, blue) > 230 else "other"


@pytest.mark.parametrize("orientation", TURNED)
def test_however_the_phone_was_held_the_picture_stands_upright(
    darkroom: Darkroom, tmp_path: Path, orientation: int
) -> None:
    turn = TURNED[orientation]
    scene = _scene() if turn is None else _scene().transpose(turn)
    made = _seen(darkroom.rendition(_kept(tmp_path, _stored(scene, "JPEG", orientation)), "01"))
    assert made.width > made.height
    assert _shade(made, 20, 20) == "red"
    assert _shade(made, made.width - 20, made.height - 20) == "white"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_every_kind_of_camera_gets_a_picture_that_fits_the_sheet(
    darkroom: Darkroom, tmp_path: Path, kind: str
) -> None:
    made = _seen(darkroom.rendition(_kept(tmp_path, _stored(_scene(), kind)), "01"))
    assert made.format == "JPEG"
    assert (made.width <= SIZES[0], made.height <= SIZES[1]) == (True, True)


def test_a_rendition_tells_no_place_and_no_camera_while_the_original_keeps_both(
    darkroom: Darkroom, tmp_path: Path
) -> None:
    original = _stored(_scene(), "JPEG", place=True)
    path = _kept(tmp_path, original)
    made = _seen(darkroom.rendition(path, "01"))
    assert dict(made.getexif()) == {}
    assert dict(_seen(original).getexif().get_ifd(GPS))
    assert path.read_bytes() == original


def _bomb() -> bytes:
    written = BytesIO()
    Image.new("1", (30_000, 30_000)).save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a picture",
        b"%PDF-1.7",
        b"\xff\xd8\xff\xe0 broken",
        _stored(_scene(), "JPEG")[:4000],
        _bomb(),
    ],
    ids=["empty", "text", "pdf", "broken", "truncated", "bomb"],
)
def test_what_is_no_whole_picture_is_refused_and_the_next_one_developed(
    darkroom: Darkroom, tmp_path: Path, content: bytes
) -> None:
    with pytest.raises(Refusal, match="photo-unreadable"):
        darkroom.rendition(_kept(tmp_path, content), "07")
    assert darkroom.rendition(_kept(tmp_path, picture(1)), "08").startswith(b"\xff\xd8")


def test_a_picture_that_unfolds_beyond_the_memory_allowed_is_refused(tmp_path: Path) -> None:
    room = Darkroom(memory=400 << 20)
    written = BytesIO()
    Image.new("RGB", (12_000, 12_000)).save(written, "PNG", compress_level=1)
    try:
        with pytest.raises(Refusal, match="photo-unreadable"):
            room.rendition(_kept(tmp_path, written.getvalue()), "07")
        assert room.rendition(_kept(tmp_path, picture(2)), "08").startswith(b"\xff\xd8")
    finally:
        room.close()


def test_a_picture_that_never_ends_is_given_up(tmp_path: Path) -> None:
    endless = tmp_path / "endless"
    os.mkfifo(endless)
    room = Darkroom(seconds=3)
    try:
        with pytest.raises(Refusal, match="photo-unreadable"):
            room.rendition(endless, "07")
        assert room.rendition(_kept(tmp_path, picture(3)), "08").startswith(b"\xff\xd8")
    finally:
        room.close()


def test_a_picture_that_crashes_its_decoder_takes_only_the_child_along(tmp_path: Path) -> None:
    crashing = tmp_path / "crashing"
    os.mkfifo(crashing)
    room = Darkroom()
    assert room.rendition(_kept(tmp_path, picture(4)), "06").startswith(b"\xff\xd8")
    child = room._child
    assert child is not None
    crash = threading.Timer(0.3, child.send_signal, [signal.SIGSEGV])
    crash.start()
    try:
        with pytest.raises(Refusal, match="photo-unreadable"):
            room.rendition(crashing, "07")
        assert room.rendition(_kept(tmp_path, picture(5)), "08").startswith(b"\xff\xd8")
    finally:
        crash.join()
        room.close()


def test_the_person_is_told_and_the_original_is_kept(phones: Phones, visit_id: str) -> None:
    broken = _stored(_scene(), "JPEG", place=True)[:4000]
    phone = phones(LEADER)
    phone.pull()
    sha = phone.photograph(visit_id, broken)
    phone.sync()
    assert phone.photos[sha].receipt is not None
    address = f"/api/v1/evidence/{sha}?visit={visit_id}"
    shown: Any = phone.send("GET", f"{address}&rendition=print")
    assert (shown.status_code, shown.mimetype) == (200, "image/svg+xml")
    assert "原件完整保存" in shown.text
    original: Any = phone.send("GET", address)
    assert original.data == broken


def test_a_picture_is_developed_once(phones: Phones, visit_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = phones(LEADER)
    phone.pull()
    sha = phone.photograph(visit_id, picture(9))
    phone.sync()
    address = f"/api/v1/evidence/{sha}?visit={visit_id}&rendition=print"
    first: Any = phone.send("GET", address)
    assert first.mimetype == "image/jpeg"
    monkeypatch.setattr(renditions, "darkroom", None)
    again: Any = phone.send("GET", address)
    assert again.data == first.data
