"""What a Chinese text is in English, by `backend/translations/en.po`; the text is its own key."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

from babel.messages.pofile import read_po

IDEOGRAPH = re.compile(r"[一-鿿]")
PLACE = re.compile(r"\{(\d+)\}")
"""Where a value stands in a message."""
LONG_ENOUGH = 4
"""Ideographs from which on a message with values is known for what it is, whatever the values."""
_NUMBER = r"[\d.,:/%—-]+|[A-D]"
"""Numbers, times and risk grades."""
_JOINTS = {"　": "　", "：": ": ", "；": "; ", "、": ", ", " → ": " → "}


@cache
def english() -> Mapping[str, str]:
    """Every message that has an English text."""
    with files("backend.translations").joinpath("en.po").open("rb") as catalogue:
        messages = read_po(catalogue, locale="en")
    return {str(m.id): str(m.string) for m in messages if m.id and m.string and not m.fuzzy}


def in_english(words: str) -> str | None:
    """The words in English as far as they have any; None where they have none, as with names and data."""
    found = english().get(words)
    if found is not None:
        return found
    spoken = _composed(words) if IDEOGRAPH.search(words) else words
    return None if spoken == words else spoken


@lru_cache(maxsize=20_000)
def _composed(words: str) -> str:
    """Words that Python put together of messages and data, such as `整理封存：示例公司` and `第 3 版　5 项`."""
    core = words.strip()
    found = english().get(core)
    if found is not None:
        return words.replace(core, found)
    for pattern, spoken in _patterns():
        if values := pattern.fullmatch(core):
            return _filled(spoken, values)
    for mark, joint in _JOINTS.items():
        parts = core.split(mark)
        spoken_parts = [_composed(part) for part in parts] if len(parts) > 1 else parts
        if spoken_parts != parts:
            return joint.join(spoken_parts)
    return words


def _filled(spoken: str, values: re.Match[str]) -> str:
    return PLACE.sub(lambda place: _composed(values[f"v{place[1]}"]), spoken)


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Every message with values, as what it looks like with them filled in; in a short one the values are numbers."""
    found = []
    for message, spoken in english().items():
        if "{1}" in message:
            value = ".+?" if len(IDEOGRAPH.findall(message)) >= LONG_ENOUGH else _NUMBER
            places = PLACE.split(message)
            named = (f"(?P<v{part}>{value})" if n % 2 else re.escape(part) for n, part in enumerate(places))
            found.append((re.compile("".join(named)), spoken))
    return found
