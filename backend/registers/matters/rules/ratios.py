"""What a ratio's words say: one share, no limit, or something only a person can settle. Pure.

A list's ratio is law to whoever inspects by it, so it is kept to the letter. A share is read from it only
where the words allow one reading; “每年1次20%；或者每年2次各10%” allows two and is asked about.
"""

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

Share = tuple[int, int]

_NO_LIMIT = re.compile(r"(?:抽查)?(?:比例)?(?:不设上限|不设限|不限|无上限)")
_ALL = re.compile(r"全部|全覆盖|(?:百分之|百分)百")
_LEAD_IN = r"(?:每年|年度)?(?:随机)?(?:抽查|抽取)?(?:比例)?(?:为|是|:)?"
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_PERCENT = re.compile(rf"{_LEAD_IN}({_NUMBER})%")
_QUOTIENT = re.compile(rf"{_LEAD_IN}([0-9]+)/([0-9]+)")
_DECIMAL = re.compile(r"0?\.[0-9]+")
_SPOKEN = re.compile(rf"{_LEAD_IN}([百千一二三四五六七八九十]+)分之([0-9一二三四五六七八九十]+)")
_MENTIONED = re.compile(
    rf"{_NUMBER}%|[0-9]+/[0-9]+|[百千一二三四五六七八九十]+分之[0-9一二三四五六七八九十]+"
)
_DIGITS = {word: value for value, word in enumerate("一二三四五六七八九", start=1)}


@dataclass(frozen=True)
class Reading:
    """What the words say. `share` None: no limit is set. `certain` False: a person must say which share is meant."""

    share: Share | None
    certain: bool = True


NOT_READ = Reading(None, certain=False)


def read_ratio(words: str) -> Reading:
    """The one reading that `words` allow, or `NOT_READ`.

    Raises ValueError, with half a Chinese sentence, on a single number that no ratio can be.
    """
    plain = _plain(words)
    if plain == "" or _NO_LIMIT.fullmatch(plain):
        return Reading(None)
    if _ALL.fullmatch(plain):
        return Reading((1, 1))
    share = _single(plain)
    if share is None:
        return NOT_READ
    if not 0 < share <= 1:
        raise ValueError(f"比例 {words} 应大于 0、不超过 100%")
    return Reading((share.numerator, share.denominator))


def mentioned_shares(words: str) -> list[Share]:
    """Every share that the words mention, in their order: what a person is offered to choose from."""
    found = []
    for mention in _MENTIONED.findall(_plain(words)):
        share = _single(mention)
        if (
            share is not None
            and 0 < share <= 1
            and (pair := (share.numerator, share.denominator)) not in found
        ):
            found.append(pair)
    return found


def ratio_words(num: int | None, den: int | None) -> str:
    """A ratio as it is read: 5%, 1/3, 不设上限."""
    if num is None or den is None:
        return "不设上限"
    if (num * 100) % den == 0:
        return f"{num * 100 // den}%"
    return f"{num}/{den}"


def _plain(words: str) -> str:
    """Full-width signs as plain ones, without blanks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", words))


def _single(plain: str) -> Fraction | None:
    if found := _PERCENT.fullmatch(plain):
        return Fraction(found[1]) / 100
    if (found := _QUOTIENT.fullmatch(plain)) and int(found[2]):
        return Fraction(int(found[1]), int(found[2]))
    if _DECIMAL.fullmatch(plain):
        return Fraction(plain)
    if found := _SPOKEN.fullmatch(plain):
        return _spoken(found[1], found[2])
    return None


def _spoken(parts: str, count: str) -> Fraction | None:
    """百分之五, 千分之三, 三分之一."""
    whole = {"百": 100, "千": 1000}.get(parts) or _spoken_number(parts)
    taken = int(count) if count.isdecimal() else _spoken_number(count)
    return Fraction(taken, whole) if whole and taken else None


def _spoken_number(word: str) -> int | None:
    """一 to 九十九; None for anything else."""
    tens, ten, ones = word.rpartition("十")
    if not ten:
        return _DIGITS.get(word)
    if (tens and tens not in _DIGITS) or (ones and ones not in _DIGITS):
        return None
    return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)
