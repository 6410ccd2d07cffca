"""The package of a sealed dossier: a BagIt 1.0 folder (RFC 8493) in an uncompressed zip, the same bytes every time.

    data/dossier.pdf  data/dossier.json  data/evidence/<sha256>.<ext>   what is kept
    metadata/dat46.xml  metadata/events.json                             what describes it
    manifest-sha256.txt  tagmanifest-sha256.txt  bag-info.txt  bagit.txt what proves it

Members are sorted, carry the moment of sealing, and originals are hashed again while they are copied in.
"""

import hashlib
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import BinaryIO

import filetype

from backend.core import errors
from backend.core.canonical_json import canonical
from backend.core.errors import Refusal
from backend.records.documents.content import DossierContent
from backend.records.dossier.binding import BoundDossier
from backend.records.dossier.metadata import dat46_xml
from backend.records.dossier.source import plain

EVENTS_SCHEMA = "yaohao-events/1"
BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/heif": "heif",
    "image/avif": "avif",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/wav": "wav",
    "audio/webm": "weba",
    "application/pdf": "pdf",
    "text/csv": "csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
_BLOCK = 1 << 20


def package_name(content: DossierContent) -> str:
    """The name of the bag's folder, and of the zip without its ending: slgx-2026-0042, its supplement slgx-2026-0042-2."""
    mark = content.shelfmark
    volume = "" if mark.volume == 1 else f"-{mark.volume}"
    return f"{content.agency.code}-{mark.archive_no}{volume}"


def evidence_members(content: DossierContent) -> dict[str, tuple[str, int]]:
    """Path in the bag → (SHA-256, size) of every original."""
    originals = [(photo.sha256, photo.size, photo.mime) for photo in content.photos]
    originals += [(file.sha256, file.size, file.mime) for file in content.evidence]
    if listed := content.received:
        originals.append((listed.sha256, listed.size, listed.mime))
    return {
        f"data/evidence/{sha256}.{_extension_of(mime)}": (sha256, size) for sha256, size, mime in originals
    }


def _extension_of(mime: str) -> str:
    """So that an original opens on any desk: what its kind is usually called."""
    if mime in _EXTENSIONS:
        return _EXTENSIONS[mime]
    kind = filetype.get_type(mime=mime)
    return str(kind.extension) if kind else "bin"


def events_json(content: DossierContent) -> bytes:
    """The audit extract with its chain, as canonical JSON."""
    audit = plain(content.audit) if content.audit else {"lines": [], "head_seq": 0, "head_hash": "0" * 64}
    return canonical({"schema": EVENTS_SCHEMA, **audit})


def write_package(
    out: BinaryIO, content: DossierContent, bound: BoundDossier, original: Callable[[str], BinaryIO]
) -> None:
    """Write the package of `bound` to `out` (seekable). `original(sha256)` opens an original for reading."""
    evidence = evidence_members(content)
    payload = {"data/dossier.pdf": bound.pdf, "data/dossier.json": bound.source}
    tags = _tag_files(content, bound, payload, evidence)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for path in sorted([*payload, *evidence, *tags]):
            member = _member(f"{package_name(content)}/{path}", content.as_of)
            if path in evidence:
                sha256, size = evidence[path]
                member.file_size = size
                _copy_original(package, member, sha256, size, original)
            else:
                package.writestr(member, payload.get(path) or tags[path])


def _tag_files(
    content: DossierContent,
    bound: BoundDossier,
    payload: Mapping[str, bytes],
    evidence: Mapping[str, tuple[str, int]],
) -> dict[str, bytes]:
    hashes = {path: _sha256(octets) for path, octets in payload.items()}
    hashes |= {path: sha256 for path, (sha256, _) in evidence.items()}
    octets = sum(map(len, payload.values())) + sum(size for _, size in evidence.values())
    tags = {
        "bagit.txt": BAGIT,
        "bag-info.txt": _bag_info(content, octets, len(hashes)),
        "manifest-sha256.txt": _manifest(hashes),
        "metadata/dat46.xml": dat46_xml(content, bound),
        "metadata/events.json": events_json(content),
    }
    tags["tagmanifest-sha256.txt"] = _manifest({path: _sha256(octets) for path, octets in tags.items()})
    return tags


def _bag_info(content: DossierContent, octets: int, files: int) -> bytes:
    mark = content.shelfmark
    lines = {
        "Source-Organization": content.agency.name,
        "External-Identifier": mark.reference or "",
        "Internal-Sender-Identifier": mark.archive_no or "",
        "External-Description": mark.title,
        "Bagging-Date": content.as_of.astimezone(UTC).date().isoformat(),
        "Bag-Software-Agent": content.software,
        "Payload-Oxum": f"{octets}.{files}",
    }
    return "".join(f"{label}: {_one_line(value)}\n" for label, value in lines.items()).encode()


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _manifest(hashes: Mapping[str, str]) -> bytes:
    return "".join(f"{hashes[path]}  {path}\n" for path in sorted(hashes)).encode()


def _member(path: str, moment: datetime) -> zipfile.ZipInfo:
    at = moment.astimezone(UTC)
    member = zipfile.ZipInfo(path, (at.year, at.month, at.day, at.hour, at.minute, at.second))
    member.compress_type = zipfile.ZIP_STORED
    member.create_system = 3
    member.external_attr = 0o100644 << 16
    return member


def _copy_original(
    package: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    sha256: str,
    size: int,
    original: Callable[[str], BinaryIO],
) -> None:
    seen, copied = hashlib.sha256(), 0
    with original(sha256) as source, package.open(member, "w") as target:
        while block := source.read(_BLOCK):
            seen.update(block)
            copied += len(block)
            target.write(block)
    if seen.hexdigest() != sha256 or copied != size:
        raise Refusal(errors.EVIDENCE_CHANGED, sha256=sha256)


def _sha256(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()


def package_file_name(party: str, archive_no: str | None, volume: int, ending: str) -> str:
    """What a downloaded copy is called: 2026-0042 示例公司.zip; a draft says so."""
    return f"{archive_no or '未封存'}{'' if volume == 1 else f'-补{volume - 1}'} {party}.{ending}"
