"""Checking a package anywhere, with nothing but the package: does it still say what was sealed?

The order is from the outside in: the bag (every file and its fingerprint), the source against the PDF's
attachment and its own fingerprint, the originals against the captions, the trail's chain, the description. Hashes
decide; each failure names the file. A whole package forged from new is told apart only by its own SHA-256, which
the agency recorded at sealing (`expected`).
"""

import hashlib
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pikepdf

from backend.core.canonical_json import canonical, digest
from backend.plumbing.pdf import attached_source, has_signature, picture_descriptions
from backend.records.dossier.binding import SOURCE_NAME
from backend.records.dossier.metadata import NAMESPACE
from backend.records.dossier.package import BAGIT
from backend.records.dossier.source import SCHEMA, released_schema

_BLOCK = 1 << 20
_MANIFEST_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")
TAG_FILES = ("bag-info.txt", "bagit.txt", "manifest-sha256.txt", "metadata/dat46.xml", "metadata/events.json")


@dataclass(frozen=True)
class Finding:
    """One line of the verdict: what was looked at, and what is wrong with which file, if anything is."""

    check: str
    file: str
    fault: str = ""

    @property
    def holds(self) -> bool:
        return not self.fault


@dataclass
class Package:
    """An opened package: its members without the bag's folder."""

    zip: zipfile.ZipFile
    folder: str

    def read(self, path: str) -> bytes:
        return self.zip.read(f"{self.folder}/{path}")

    @cached_property
    def paths(self) -> list[str]:
        return [name.removeprefix(f"{self.folder}/") for name in self.zip.namelist()]

    @cached_property
    def hashes(self) -> Mapping[str, str]:
        return {path: self._hash(path) for path in self.paths}

    @cached_property
    def source(self) -> dict[str, Any]:
        loaded = json.loads(self.read("data/dossier.json"))
        return loaded if isinstance(loaded, dict) else {}

    def _hash(self, path: str) -> str:
        seen = hashlib.sha256()
        with self.zip.open(f"{self.folder}/{path}") as member:
            while block := member.read(_BLOCK):
                seen.update(block)
        return seen.hexdigest()


def verify(path: Path, expected: str | None = None) -> list[Finding]:
    """Look through the package at `path`; the list ends where a broken layer makes the next one meaningless.
    `expected`: the SHA-256 recorded when it was sealed."""
    found: list[Finding] = []
    if expected is not None:
        found.append(_whole(path, expected))
    try:
        with zipfile.ZipFile(path) as opened:
            folders = {name.partition("/")[0] for name in opened.namelist() if "/" in name}
            if len(folders) != 1 or not all("/" in name for name in opened.namelist()):
                return [*found, Finding("档案包", path.name, "不是恰好一个文件夹")]
            package = Package(opened, folders.pop())
            for layer in _LAYERS:
                findings = list(layer(package))
                found += findings
                if not all(finding.holds for finding in findings):
                    break
    except (zipfile.BadZipFile, OSError, EOFError) as broken:
        found.append(Finding("档案包", path.name, f"打不开：{broken}"))
    return found


def _whole(path: Path, expected: str) -> Finding:
    with path.open("rb") as file:
        actual = hashlib.file_digest(file, "sha256").hexdigest()
    return Finding(
        "整包指纹",
        path.name,
        "" if actual == _plain(expected) else f"是 {actual}，不是封存时的 {_plain(expected)}",
    )


def _plain(fingerprint: str) -> str:
    """A fingerprint as printed, in groups and capitals, the way hashes are compared."""
    return "".join(fingerprint.split()).lower()


def _bag(package: Package) -> Iterator[Finding]:
    """The bag's own rules: RFC 8493, both manifests complete and right, nothing beside them."""
    for path in sorted({path for path in package.paths if package.paths.count(path) > 1}):
        yield Finding("清单", path, "同名文件有两份")
    for path in (*TAG_FILES, "tagmanifest-sha256.txt", "data/dossier.pdf", "data/dossier.json"):
        if path not in package.paths:
            yield Finding("清单", path, "不见了")
            return
    if package.read("bagit.txt") != BAGIT:
        yield Finding("清单", "bagit.txt", "不是 BagIt 1.0 的声明")
    yield from _manifest(package, "tagmanifest-sha256.txt", set(TAG_FILES))
    payload = {path for path in package.paths if path.startswith("data/")}
    yield from _manifest(package, "manifest-sha256.txt", payload)
    for path in sorted(set(package.paths) - payload - set(TAG_FILES) - {"tagmanifest-sha256.txt"}):
        yield Finding("清单", path, "不在任何清单里")
    octets = sum(package.zip.getinfo(f"{package.folder}/{path}").file_size for path in payload)
    if f"Payload-Oxum: {octets}.{len(payload)}\n" not in package.read("bag-info.txt").decode(
        errors="replace"
    ):
        yield Finding("清单", "bag-info.txt", f"总量不符，实有 {octets} 字节、{len(payload)} 个文件")
    yield Finding("清单", f"{len(package.paths)} 个文件")


def _manifest(package: Package, manifest: str, covers: set[str]) -> Iterator[Finding]:
    listed: dict[str, str] = {}
    for line in package.read(manifest).decode(errors="replace").splitlines():
        if not (match := _MANIFEST_LINE.fullmatch(line)):
            yield Finding("清单", manifest, f"有一行读不懂：{line[:60]}")
        elif match[2] in listed:
            yield Finding("清单", manifest, f"{match[2]} 列了两次")
        else:
            listed[match[2]] = match[1]
    for path in sorted(covers - listed.keys()):
        yield Finding("清单", path, f"没有列在 {manifest} 里")
    for path in sorted(listed.keys() - covers):
        yield Finding("清单", path, f"{manifest} 列了它，包里没有")
    for path in sorted(covers & listed.keys()):
        if package.hashes[path] != listed[path]:
            yield Finding("清单", path, f"内容与 {manifest} 里的指纹不符")


def _source(package: Package) -> Iterator[Finding]:
    """dossier.json: of our schema, canonical, true to its fingerprint, and the very bytes attached to the PDF."""
    raw = package.read("data/dossier.json")
    try:
        source = package.source
        jsonschema.validate(source, released_schema(source.get("schema")))
    except (ValueError, jsonschema.ValidationError) as broken:
        reason = broken.message if isinstance(broken, jsonschema.ValidationError) else str(broken)
        yield Finding("机读数据", "data/dossier.json", f"不合 {SCHEMA}：{reason[:120]}")
        return
    if canonical(source) != raw:
        yield Finding("机读数据", "data/dossier.json", "不是规范写法")
    if digest(source["content"]) != source["fingerprint"]:
        yield Finding("机读数据", "data/dossier.json", "内容与卷内数据指纹不符")
    try:
        attached = attached_source(package.read("data/dossier.pdf"), SOURCE_NAME)
    except pikepdf.PdfError as broken:
        yield Finding("机读数据", "data/dossier.pdf", f"打不开：{broken}")
        return
    if attached is None:
        yield Finding("机读数据", "data/dossier.pdf", f"没有附 {SOURCE_NAME}")
    elif attached != raw:
        yield Finding("机读数据", "data/dossier.pdf", f"所附的 {SOURCE_NAME} 与 data/dossier.json 不同")
    yield Finding("机读数据", "data/dossier.json")


def _originals(package: Package) -> Iterator[Finding]:
    """Each original carries its own hash as its name, is named in the source, and each photo in a caption."""
    content = package.source["content"]
    listed = [content["received"]] if content.get("received") else []
    recorded = {item["sha256"]: item for item in (*content["photos"], *content["evidence"], *listed)}
    kept = {Path(path).stem: path for path in package.paths if path.startswith("data/evidence/")}
    for sha256, path in sorted(kept.items()):
        if package.hashes[path] != sha256:
            yield Finding("证据原件", path, "文件名不是它的指纹")
        if sha256 not in recorded:
            yield Finding("证据原件", path, "卷内没有登记")
    for sha256 in sorted(recorded.keys() - kept.keys()):
        yield Finding("证据原件", f"data/evidence/{sha256}", "登记了，包里没有")
    captions = picture_descriptions(package.read("data/dossier.pdf"))
    for photo in content["photos"]:
        if not any(f"照片 {photo['number']}　" in said and photo["sha256"] in said for said in captions):
            yield Finding(
                "证据原件",
                "data/dossier.pdf",
                f"照片 {photo['number']} 的说明与 {kept[photo['sha256']]} 不符",
            )
    yield Finding("证据原件", f"{len(kept)} 个文件，{len(content['photos'])} 张照片的说明")


def _trail(package: Package) -> Iterator[Finding]:
    """events.json repeats the extract of the source, each line is what its hash says, neighbours are linked."""
    path = "metadata/events.json"
    try:
        events = json.loads(package.read(path))
    except ValueError as broken:
        yield Finding("操作留痕", path, f"读不懂：{broken}")
        return
    audit = package.source["content"]["audit"] or {"lines": []}
    if events.get("lines") != audit["lines"]:
        yield Finding("操作留痕", path, "与卷内的摘录不同")
    lines = events.get("lines", [])
    for line in lines:
        if hashlib.sha256(line["entry"].encode()).hexdigest() != line["hash"]:
            yield Finding("操作留痕", path, f"第 {line['seq']} 条的内容与它的指纹不符")
    for earlier, later in pairwise(lines):
        if later["seq"] == earlier["seq"] + 1 and later["prev"] != earlier["hash"]:
            yield Finding("操作留痕", path, f"第 {later['seq']} 条与前一条接不上")
    yield Finding("操作留痕", f"{len(lines)} 条")


def _description(package: Package) -> Iterator[Finding]:
    """dat46.xml names the same dossier."""
    path = "metadata/dat46.xml"
    mark = package.source["content"]["shelfmark"]
    try:
        described = ElementTree.fromstring(package.read(path))
    except ElementTree.ParseError as broken:
        yield Finding("著录", path, f"读不懂：{broken}")
        return
    for element, value in (
        ("题名", mark["title"]),
        ("完整档号", mark["reference"]),
        ("室编案卷号", mark["archive_no"]),
    ):
        if described.findtext(f".//{{{NAMESPACE}}}{element}") != value:
            yield Finding("著录", path, f"{element}与卷内不同")
    yield Finding("著录", path)


def _signature(package: Package) -> Iterator[Finding]:
    """A PAdES signature is optional; its absence is said, never assumed away."""
    if has_signature(package.read("data/dossier.pdf")):
        yield Finding("数字签名", "data/dossier.pdf", "带有数字签名，本程序不能核验，请用签名软件核验")
    else:
        yield Finding("数字签名", "没有（可选）")


_LAYERS: tuple[Callable[[Package], Iterator[Finding]], ...] = (
    _bag,
    _source,
    _originals,
    _trail,
    _description,
    _signature,
)
