"""What a cell may hold: each reader turns a cell's text into a value, or raises ValueError with half a Chinese sentence."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

Reader = Callable[[str], Any]
_DIVIDERS = str.maketrans("；;，,", "、、、、")


def text(cell: str) -> str:
    """Any text of at most 4,000 characters."""
    if len(cell) > 4000:
        raise ValueError(f"有 {len(cell)} 个字，最多 4000 个")
    return cell


def one_of(words: Mapping[str, str]) -> Reader:
    """One of the spoken words, read as its stored word."""
    stored = {spoken: word for word, spoken in words.items()}

    def read(cell: str) -> str:
        if cell in stored:
            return stored[cell]
        if cell in words:
            return cell
        raise ValueError(f"“{cell}”不在可选范围，应为{'、'.join(stored)}之一")

    return read


def known(ids: Mapping[str, int], what: str) -> Reader:
    """The name of something that exists already, read as its id."""

    def read(cell: str) -> int:
        if cell not in ids:
            there_are = "、".join(ids) or "还没有任何一个"
            raise ValueError(f"没有{what}“{cell}”，现有：{there_are}")
        return ids[cell]

    return read


def divided(cell: str) -> list[str]:
    """A list written in one cell, without blanks and repetitions."""
    parts = (part.strip() for part in cell.translate(_DIVIDERS).split("、"))
    return list(dict.fromkeys(part for part in parts if part))


def day(cell: str) -> date:
    """A day written 2026-07-21, 2026/7/21, 2026.7.21 or 2026年7月21日."""
    parts = cell.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
    try:
        year, month, day_of_month = (int(part) for part in parts.split("-"))
        return date(year, month, day_of_month)
    except ValueError:
        raise ValueError(f"“{cell}”不是日期，应写成 2026-07-21") from None


def yes_or_no(cell: str) -> bool:
    """是 or 否."""
    if cell not in ("是", "否"):
        raise ValueError(f"“{cell}”应为“是”或“否”")
    return cell == "是"
