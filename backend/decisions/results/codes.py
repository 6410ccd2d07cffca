"""The published result codes and the disposals, read once from codes.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

Tone = Literal["clean", "problem", "absent"]


@dataclass(frozen=True)
class ResultCode:
    """One published result: its stable slug, its words, how it reads, and each platform's own code for it."""

    slug: str
    text: str
    tone: Tone
    pending: bool
    platform: Mapping[str, str]
    from_reasons: tuple[str, ...]

    @property
    def chip(self) -> str:
        """The kind of chip (plumbing/web/parts.py) that shows it: its shape tells clean, problem and absent apart."""
        if self.slug == "unreachable":
            return "unreachable"
        return {"clean": "pass", "problem": "found", "absent": "na"}[self.tone]


@dataclass(frozen=True)
class Disposal:
    """What is done about a result; `spoken` are the words by which an inspector's own phrase is recognised."""

    slug: str
    text: str
    spoken: tuple[str, ...]


@cache
def result_codes() -> Mapping[str, ResultCode]:
    """Every code by slug, in the order of the file."""
    return {
        row["slug"]: ResultCode(
            row["slug"],
            row["text"],
            row["tone"],
            row.get("pending", False),
            row["platform"],
            tuple(row.get("from_reasons", ())),
        )
        for row in _content()["codes"]
    }


@cache
def disposals() -> Mapping[str, Disposal]:
    """Every disposal by slug, in the order of the file."""
    return {
        row["slug"]: Disposal(row["slug"], row["text"], tuple(row["spoken"]))
        for row in _content()["disposals"]
    }


@cache
def _content() -> Mapping[str, Any]:
    text = files("backend.decisions.results").joinpath("codes.yaml").read_text("utf-8")
    content: Mapping[str, Any] = yaml.load(text, yaml.CSafeLoader)
    return content
