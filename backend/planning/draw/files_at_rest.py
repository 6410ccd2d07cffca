"""A draw's files in the store: what is published, and what only this agency may read until the draw is opened."""

import hashlib
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any, NamedTuple

from backend.core.errors import FROZEN_FILE_ALTERED, Refusal
from backend.planning.draw.committed_files import (
    EXEMPTIONS,
    INSPECTORS,
    RECUSALS,
    ROSTER,
    CommittedFile,
    Exclusion,
    FrozenFiles,
    exclusion_name,
)
from backend.planning.draw.models import Draw
from backend.plumbing.files import store

_COPIES = {"entities": "private/entities.txt", "inspectors": "private/inspectors.txt"}


class KnownEntity(NamedTuple):
    """Who a roster code is. `salt` is None where codes are open."""

    roster_code: str
    entity_id: int
    code: str
    salt: bytes | None


@dataclass(frozen=True)
class KnownInspector:
    """Who a draw-local inspector id is."""

    draw_id: str
    inspector_id: int
    name: str


def keep_files(
    folder: str, files: FrozenFiles, entities: Iterable[KnownEntity], inspectors: Iterable[KnownInspector]
) -> dict[str, str]:
    """Write the frozen files and the oversight copy that says who is who; returns the roots of that copy.

    They stand in the commitment too: who a code or a number is cannot be changed once it was drawn.
    """
    for name, file in files.by_name().items():
        store().put(f"{folder}/{name}", file.content)
    named = [f"{i.draw_id}|{i.inspector_id}|{i.name}" for i in inspectors]
    copy = {"entities": _lines([*map(_entity_line, entities)]), "inspectors": _lines(named)}
    for name, content in copy.items():
        store().put(f"{folder}/{_COPIES[name]}", content)
    return {name: hashlib.sha256(content).hexdigest() for name, content in copy.items()}


def kept_files(draw: Draw) -> FrozenFiles:
    """The frozen files as they lie in the store, each held to its published root. Refuses FROZEN_FILE_ALTERED."""
    promised = draw.commit_doc

    def read(name: str, described: Mapping[str, Any]) -> CommittedFile:
        content = store().read(f"{draw.folder}/{name}")
        if hashlib.sha256(content).hexdigest() != described["root"]:
            raise Refusal(FROZEN_FILE_ALTERED, name=name)
        return CommittedFile(tuple(content.decode().split("\n")[:-1]))

    exclusions = [
        Exclusion(described["reason"], read(exclusion_name(number), described))
        for number, described in enumerate(promised["exclusions"], start=1)
    ]
    return FrozenFiles(
        read(ROSTER, promised["roster"]),
        read(INSPECTORS, promised["inspectors"]),
        read(RECUSALS, promised["recusals"]),
        read(EXEMPTIONS, promised["exemptions"]),
        tuple(exclusions),
    )


def known_entities(draw: Draw, only: Set[str] | None = None) -> dict[str, KnownEntity]:
    """Who every code of the draw's files is, or `only` these, by the code as it stands there."""
    found = {}
    for line in _copy(draw, "entities"):
        if only is None or line.partition("|")[0] in only:
            roster_code, entity_id, code, salt = line.split("|")
            found[roster_code] = KnownEntity(
                roster_code, int(entity_id), code, bytes.fromhex(salt) if salt else None
            )
    return found


def known_inspectors(draw: Draw) -> dict[str, KnownInspector]:
    """Who every draw-local inspector is."""
    found = {}
    for line in _copy(draw, "inspectors"):
        draw_id, inspector_id, name = line.split("|", 2)
        found[draw_id] = KnownInspector(draw_id, int(inspector_id), name)
    return found


def _entity_line(entity: KnownEntity) -> str:
    salt = entity.salt.hex() if entity.salt else ""
    return f"{entity.roster_code}|{entity.entity_id}|{entity.code}|{salt}"


def _lines(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in sorted(lines)).encode()


def _copy(draw: Draw, name: str) -> list[str]:
    """The lines of the oversight copy, held to the commitment where that fixes it. Refuses FROZEN_FILE_ALTERED."""
    content = store().read(f"{draw.folder}/{_COPIES[name]}")
    promised = draw.commit_doc.get("who_is_who", {}).get(name)
    if promised not in (None, hashlib.sha256(content).hexdigest()):
        raise Refusal(FROZEN_FILE_ALTERED, name=_COPIES[name])
    return content.decode().split("\n")[:-1]
