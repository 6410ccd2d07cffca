"""The kinds of adjustments, how a recusal may be met, and rates for the oversight page. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

KINDS = {
    "replace": "替换检查对象",
    "redraw": "重新抽取检查人员",
    "appoint": "委派检查人员",
    "recusal": "申请回避",
}
STATUSES = {"asked": "待决定", "granted": "同意", "refused": "不同意"}
WAYS = {
    "swap": "与其他检查人员交换检查对象",
    "stand_down": "不参与这一家，另抽一人",
    "appoint": "不参与这一家，另行指派",
}
"""How a recusal is met (003 art. 11)."""


def signed_by(kind: str, vacant: bool) -> str | None:
    """The key of the rules that names who decides; None for what only the unit's leader decides.

    A person who cannot go on is replaced by one signature (002（二十一）, 004 art. 20), an empty seat is filled by another
    (003 art. 10). Whether an entity leaves, or a recusal holds, is the leader's word.
    """
    if kind in ("redraw", "appoint"):
        return "team.shortage_signatories" if vacant else "replacement.signatories"
    return None


@dataclass(frozen=True)
class Rate:
    """How often someone's drawn entities and seats were changed."""

    who: str
    asked: int
    granted: int
    drawn: int
    """Entities and seats that their draws gave."""

    @property
    def share(self) -> str:
        percent = f"{100 * self.granted / self.drawn:.1f}".removesuffix(".0") if self.drawn else ""
        return f"{percent}%" if percent else "—"


def rates(adjustments: Iterable[tuple[str, str]], drawn: Counter[str]) -> list[Rate]:
    """Rates by whoever is counted; `adjustments` are (who, status), `drawn` what each one's draws gave. Highest first."""
    asked, granted = Counter[str](), Counter[str]()
    for who, status in adjustments:
        asked[who] += 1
        granted[who] += status == "granted"
    found = [Rate(who, asked[who], granted[who], drawn[who]) for who in sorted({*asked, *drawn})]
    return sorted(found, key=lambda rate: rate.granted / rate.drawn if rate.drawn else 0, reverse=True)
