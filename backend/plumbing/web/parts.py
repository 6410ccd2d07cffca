"""What the macros of `templates/parts.html` need from Python: icons, date words, ruler cells, kinds of chips.

`install` is called once for each application's Jinja environment.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from types import ModuleType
from typing import Any

from flask import current_app, g
from jinja2 import Environment

from backend.core.masking import masked_phone
from backend.core.workdays import Cell, Deadline
from backend.plumbing.clock import today
from backend.plumbing.web import words, words_in_english
from backend.plumbing.web.icons import icon_svg
from backend.plumbing.web.language import ENGLISH, language
from backend.plumbing.web.navigation import PUBLIC_SECTIONS, may_open, navigation
from backend.plumbing.web.tables import labelled_cells

LONGEST_RULER = 30
LONGEST_OVERRUN = 5


@dataclass(frozen=True)
class ChipLook:
    """A state's ground colour and its shape; the shape alone must tell states apart."""

    tone: str
    icon: str


CHIPS = {
    "pass": ChipLook("ok", "check"),
    "fail": ChipLook("bad", "x"),
    "na": ChipLook("", "minus"),
    "open": ChipLook("", "circle"),
    "doing": ChipLook("acc", "circle-dot-dashed"),
    "soon": ChipLook("warn", "clock-alert"),
    "overdue": ChipLook("bad", "clock-alert"),
    "waiting": ChipLook("warn", "clock"),
    "arranging": ChipLook("warn", "folder-clock"),
    "sealed": ChipLook("ok", "lock"),
    "locked": ChipLook("acc", "lock"),
    "conflict": ChipLook("warn", "git-compare"),
    "stale": ChipLook("warn", "signature"),
    "missing": ChipLook("bad", "circle-dashed"),
    "found": ChipLook("warn", "circle-alert"),
    "stopped": ChipLook("warn", "ban"),
    "void": ChipLook("", "ban"),
    "exempt": ChipLook("ok", "shield-check"),
    "verified": ChipLook("ok", "shield-check"),
    "unreachable": ChipLook("bad", "map-pin-off"),
    "draft": ChipLook("", "pencil"),
    "published": ChipLook("ok", "megaphone"),
    "returned": ChipLook("bad", "undo-2"),
    "ok": ChipLook("ok", "check"),
    "warn": ChipLook("warn", "circle-alert"),
    "bad": ChipLook("bad", "circle-x"),
    "acc": ChipLook("acc", "circle-dot-dashed"),
    "plain": ChipLook("", "circle"),
}

NOTE_ICONS = {"ok": "circle-check", "warn": "circle-alert", "bad": "octagon-alert", "acc": "info", "": "info"}
STATE_TONES = {"ok": "", "warn": "warn", "due": "bad", "overdue": "bad"}


@dataclass(frozen=True)
class RulerCell:
    """One drawn cell: its classes say past, today, left, end, overrun, and a gap before it."""

    css: str


def ruler_cells(deadline: Deadline, on: date) -> list[RulerCell]:
    """The cells to draw, none where the ruler would be longer than a line (look: over 30 days, one bar)."""
    if deadline.wd > LONGEST_RULER:
        return []
    cells = deadline.cells(on)[: deadline.wd + LONGEST_OVERRUN]
    return [RulerCell(_cell_classes(cell, n == deadline.wd)) for n, cell in enumerate(cells, start=1)]


def _cell_classes(cell: Cell, last: bool) -> str:
    return f"{cell.state}{' gap' if cell.gap else ''}{' end' if last else ''}"


def elapsed_percent(deadline: Deadline, on: date) -> int:
    """How much of a long deadline is gone, in whole percent of its working days."""
    return max(0, min(100, round(100 * (deadline.wd - deadline.remaining(on)) / deadline.wd)))


def next_id(prefix: str) -> str:
    """An element id no other part of this page has."""
    g.part_ids = g.get("part_ids", 0) + 1
    return f"{prefix}-{g.part_ids}"


def has_page(endpoint: str) -> bool:
    """Whether a page is there to link to."""
    return endpoint in current_app.view_functions


def chip_look(kind: str) -> ChipLook:
    return CHIPS[kind]


def install(env: Environment, base_page: str = "office/base.html") -> None:
    """Give the templates everything `parts.html` and the base pages use; errors are told inside `base_page`.

    `profile_words` says a profile by its key, `rule_anchor` leads to an article and `deadline_ground` says what a deadline
    rests on, until the rules of the house replace them (rule_profiles/page_context).
    """
    env.globals.update(
        base_page=base_page,
        chip_look=chip_look,
        deadline_ground=lambda deadline: deadline.citation,
        elapsed_percent=elapsed_percent,
        has_page=has_page,
        may_open=may_open,
        icon_svg=icon_svg,
        navigation=navigation,
        next_id=next_id,
        note_icons=NOTE_ICONS,
        profile_words=str,
        public_sections=PUBLIC_SECTIONS,
        rule_anchor=lambda citation: f"article-{citation.article}",
        remaining_words=lambda deadline, on: _spoken().remaining_words(deadline, on),
        ruler_cells=ruler_cells,
        ruler_words=lambda deadline, on: _spoken().ruler_words(deadline, on),
        state_tones=STATE_TONES,
        today=today,
    )
    env.filters.update(
        clock=words.time_words,
        day=lambda moment: _spoken().day_words(moment, today()),
        fingerprint=words.fingerprint_groups,
        joined=lambda names: _spoken().joined(names),
        labelled_cells=labelled_cells,
        long_day=lambda moment: _spoken().long_day_words(moment),
        masked_phone=masked_phone,
        megabytes=words.megabytes,
        moment=_moment,
        options=_options,
        month=lambda year_month: _spoken().month_words(year_month),
        thousands=words.thousands,
        weekday=lambda moment: _spoken().weekday_words(moment),
    )


def _moment(moment: datetime | None) -> str:
    return str(_spoken().moment_words(moment, today()))


def _spoken() -> ModuleType:
    """How dates and spans are said in the page's language."""
    return words_in_english if language() == ENGLISH else words


def _options(things: Iterable[object], value: str, said: str) -> list[tuple[Any, str]]:
    """`(value, words)` pairs for a select or choices, by attribute names."""
    return [(getattr(thing, value), str(getattr(thing, said))) for thing in things]
