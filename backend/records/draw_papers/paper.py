"""Set the record of a draw in type: quotas, witnesses, the seed line by line, picks, signatures, photos, fingerprints."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

import segno
from PIL import Image, ImageOps, UnidentifiedImageError

from backend.core.errors import DRAW_NOT_IN_STATE, Refusal
from backend.foundation.accounts.queries import agency
from backend.planning.draw.actions import signers_of
from backend.planning.draw.hands import hands_in_words, hands_of
from backend.planning.draw.models import Draw, DrawAttachment
from backend.planning.draw.queries import tasks_of_draw
from backend.planning.draw.views import quota_rows, seed_lines, shown_picks, stratum_words
from backend.planning.draw.words import STATUSES
from backend.plumbing.files import store
from backend.plumbing.pdf import lay_out
from backend.records.documents.typeset import paper_html
from backend.records.documents.words import day

MOST_PICKS = 600
"""More are not printed: the sheet names the file that holds them, and its fingerprint."""
PHOTOS = 4
PIXELS = 1000


@dataclass(frozen=True)
class SignedBy:
    """One person present; `picture` names what the pen drew, None where nobody signed."""

    name: str
    kind: str
    at: datetime | None
    picture: str | None


def draw_paper(draw: Draw) -> bytes:
    """The PDF: the same draw gives the same bytes. Refused before there is a record."""
    if draw.record is None or draw.record_hash is None:
        state = STATUSES[draw.status]
        raise Refusal(DRAW_NOT_IN_STATE, serial=draw.serial, state=state, step="打印抽取记录")
    pictures: dict[str, bytes] = {}
    signers = _signers(draw, pictures)
    photos = _photos(draw, pictures)
    html = paper_html(
        "draw_sheet",
        draw=draw,
        record=draw.record,
        agency=agency(draw.agency_id),
        tasks=tasks_of_draw(draw),
        quotas=quota_rows(draw),
        seed=seed_lines(draw) if draw.record["seed"] else [],
        picks=shown_picks(draw, 1, MOST_PICKS),
        total=len(draw.record["picks"]),
        signers=signers,
        photos=photos,
        attachments=draw.attachments,
        code=segno.make(draw.record_hash, error="m").svg_data_uri(border=0, omitsize=True),
        state=STATUSES[draw.status],
        hands=hands_in_words(hands_of(draw)),
        stratum_words=stratum_words,
        window_words="至".join(
            day(date.fromisoformat(draw.commit_doc["window"][end])) for end in ("from", "to")
        ),
    )
    moment = draw.locked_at or draw.voided_at or draw.drawn_at or draw.published_at
    identifier = hashlib.sha256(html.encode() + b"".join(pictures.values())).digest()[:16]
    return lay_out(html, pictures).write(identifier=identifier, moment=moment)


def _signers(draw: Draw, pictures: dict[str, bytes]) -> list[SignedBy]:
    images = {(s.name, s.kind): s.image_sha256 for s in draw.signatures}
    found = []
    for number, signer in enumerate(signers_of(draw)):
        sha256 = images.get((signer.name, signer.kind))
        jpeg = _jpeg(store().read(f"{draw.folder}/signatures/{sha256}")) if sha256 else None
        if jpeg:
            pictures[f"signature-{number}"] = jpeg
        picture = f"picture:signature-{number}" if jpeg else None
        found.append(SignedBy(signer.name, signer.kind, signer.signed_at, picture))
    return found


def _photos(draw: Draw, pictures: dict[str, bytes]) -> list[tuple[DrawAttachment, str]]:
    found: list[tuple[DrawAttachment, str]] = []
    for kept in draw.attachments:
        if len(found) < PHOTOS and kept.mime.startswith("image/"):
            jpeg = _jpeg(store().read(f"{draw.folder}/attachments/{kept.sha256}"))
            if jpeg:
                pictures[f"photo-{kept.id}"] = jpeg
                found.append((kept, f"picture:photo-{kept.id}"))
    return found


def _jpeg(content: bytes) -> bytes | None:
    """A picture small enough for paper, on white; None where it cannot be read."""
    try:
        with Image.open(BytesIO(content)) as image:
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except (UnidentifiedImageError, OSError):
        return None
    upright.thumbnail((PIXELS, PIXELS))
    sheet = Image.new("RGB", upright.size, "white")
    sheet.paste(upright, mask=upright.getchannel("A"))
    written = BytesIO()
    sheet.save(written, "JPEG", quality=85)
    return written.getvalue()
