"""What a plan line may say, and how many entities it would draw. Pure."""

import re
from collections.abc import Iterable, Mapping

from backend.planning.annual_plan.quotas import by_ratio

UNGRADED = "未评"
GRADES = ("A", "B", "C", "D", UNGRADED)
STATUSES = {"draft": "草拟", "approved": "已批准", "published": "已公布"}

Ratios = Mapping[str, list[int]]


def ratio_fault(ratios: Ratios) -> str | None:
    """What is wrong with the ratios of a line, as half a Chinese sentence, or None."""
    if not ratios:
        return "至少给一个风险等级填比例"
    for grade, (numerator, denominator) in ratios.items():
        if grade not in GRADES:
            return f"没有“{grade}”这个风险等级"
        if denominator < 1 or not 0 <= numerator <= denominator:
            return f"{grade} 级的比例应在 0 到 100% 之间"
    return None


def estimated_number(ratios: Ratios, populations: Mapping[str, int]) -> int:
    """How many entities the ratios would draw from today's directory."""
    return sum(
        by_ratio(populations.get(grade, 0), (numerator, denominator))
        for grade, (numerator, denominator) in ratios.items()
    )


def missing_matters(listed: Iterable[tuple[int, str]], planned: Iterable[int]) -> list[str]:
    """Names of the published list's matters (id, name) that the plan leaves out."""
    covered = set(planned)
    return [name for matter_id, name in listed if matter_id not in covered]


def ratio_from(text: str) -> list[int] | None:
    """Read `5%`, `2.5%` or `1/20`; None for an empty cell. Raises ValueError for anything else."""
    written = text.strip().replace("％", "%")
    if not written:
        return None
    if matched := re.fullmatch(r"(\d{1,3})(?:\.(\d{1,4}))?%", written):
        decimals = matched[2] or ""
        return [int(matched[1] + decimals), 100 * 10 ** len(decimals)]
    if matched := re.fullmatch(r"(\d{1,6})/(\d{1,6})", written):
        return [int(matched[1]), int(matched[2])]
    raise ValueError(f"比例“{text}”应写成 5% 或 1/20")


def ratio_words(ratio: list[int] | None) -> str:
    """`5%` where a percentage says it exactly, else `1/3`."""
    if ratio is None:
        return ""
    numerator, denominator = ratio
    if denominator and numerator * 10000 % denominator == 0:
        whole, hundredths = divmod(numerator * 10000 // denominator, 100)
        return f"{whole}.{hundredths:02}".rstrip("0").rstrip(".") + "%"
    return f"{numerator}/{denominator}"


def all_ratio_words(ratios: Ratios) -> str:
    """`A 1%　B 5%`, in the order of the grades."""
    return "　".join(f"{grade} {ratio_words(ratios[grade])}" for grade in GRADES if grade in ratios)


def months_fault(month_from: int, month_to: int) -> str | None:
    """What is wrong with a line's months, or None."""
    return None if 1 <= month_from <= month_to <= 12 else "检查时间应为 1—12 月，先后有序"
