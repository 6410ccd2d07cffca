"""The files a draw commits to: lines sorted by their bytes, each ended by `\\n`, known by one SHA-256 (draw.md 1.2)."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise
from operator import eq
from typing import Any

ROSTER, INSPECTORS, RECUSALS, EXEMPTIONS = "roster.txt", "inspectors.txt", "recusals.txt", "exemptions.txt"


@dataclass(frozen=True)
class CommittedFile:
    """One frozen file. `lines` are sorted by bytes and carry no line end."""

    lines: tuple[str, ...]

    @property
    def content(self) -> bytes:
        return "\n".join((*self.lines, "")).encode()

    @property
    def rows(self) -> int:
        return len(self.lines)

    @cached_property
    def root(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def described(self) -> dict[str, Any]:
        """Rows and root, as they stand in the commit document."""
        return {"rows": self.rows, "root": self.root}


@dataclass(frozen=True)
class Exclusion:
    """The entities left out for one reason, with a file of their own."""

    reason: str
    file: CommittedFile


@dataclass(frozen=True)
class FrozenFiles:
    """Everything a draw is computed from besides its seed."""

    roster: CommittedFile
    inspectors: CommittedFile
    recusals: CommittedFile
    exemptions: CommittedFile
    exclusions: tuple[Exclusion, ...]

    def by_name(self) -> dict[str, CommittedFile]:
        """Each file under its published name, exclusions numbered in the order of the commit document."""
        named = {
            ROSTER: self.roster,
            INSPECTORS: self.inspectors,
            RECUSALS: self.recusals,
            EXEMPTIONS: self.exemptions,
        }
        return named | {exclusion_name(i): e.file for i, e in enumerate(self.exclusions, start=1)}

    @property
    def strata(self) -> dict[str, list[str]]:
        """Codes by stratum."""
        codes: dict[str, list[str]] = {}
        for code, stratum in pairs(self.roster):
            codes.setdefault(stratum, []).append(code)
        return codes

    @property
    def exempt(self) -> dict[str, str]:
        """Reason by exempt code."""
        return dict(pairs(self.exemptions))


def frozen(lines: Iterable[str]) -> CommittedFile:
    """Freeze `lines` in byte order. Raises ValueError on a line that holds a line break or stands there twice.

    Text sorted by its code points is sorted by its UTF-8 bytes, too; a million lines are checked without a loop.
    """
    ordered = sorted(lines)
    if "\n" in "".join(ordered):
        raise ValueError(f"{next(line for line in ordered if chr(10) in line)!r} holds a line break")
    if any(map(eq, ordered, islice(ordered, 1, None))):
        twice = next(line for line, following in pairwise(ordered) if line == following)
        raise ValueError(f"{twice!r} stands there twice")
    return CommittedFile(tuple(ordered))


def pairs(file: CommittedFile) -> list[tuple[str, str]]:
    """The two halves of each line, split at the first `|`."""
    return [(left, right) for left, _, right in (line.partition("|") for line in file.lines)]


def joined(rows: Iterable[tuple[str, str]]) -> CommittedFile:
    """Freeze pairs as `left|right`. Raises ValueError when the left half holds a `|`."""
    lines = []
    for left, right in rows:
        if "|" in left:
            raise ValueError(f"{left!r} holds a bar")
        lines.append(f"{left}|{right}")
    return frozen(lines)


def freeze(
    roster: Iterable[tuple[str, str]],
    inspectors: Iterable[tuple[str, str]],
    recusals: Iterable[tuple[str, str]],
    exemptions: Mapping[str, str],
    exclusions: Sequence[tuple[str, Iterable[str]]],
) -> FrozenFiles:
    """Freeze a draw's files from their rows: (code, stratum), (inspector id, group), (inspector id, code), reasons."""
    return FrozenFiles(
        roster=joined(roster),
        inspectors=joined(inspectors),
        recusals=joined(recusals),
        exemptions=joined(exemptions.items()),
        exclusions=tuple(Exclusion(reason, frozen(codes)) for reason, codes in exclusions),
    )


def file_names(exclusions: int) -> dict[str, Any]:
    """The `files` member of the published record."""
    return {
        "roster": ROSTER,
        "inspectors": INSPECTORS,
        "recusals": RECUSALS,
        "exemptions": EXEMPTIONS,
        "exclusions": [exclusion_name(number) for number in range(1, exclusions + 1)],
    }


def exclusion_name(number: int) -> str:
    """The published name of the `number`-th exclusion file, counted from 1."""
    return f"exclusions/{number}.txt"
