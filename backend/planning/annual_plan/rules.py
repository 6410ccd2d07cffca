"""What a plan line may say, and how many entities it would draw. Pure."""

import re
from collections.abc import Mapping
from fractions import Fraction

from backend.planning.annual_plan.quotas import by_ratio
from backend.planning.scopes.rules import UNGRADED, Amount, as_ratio

GRADES = ("A", "B", "C", "D", UNGRADED)
STATUSES = {"draft": "草拟", "approved": "已批准", "published": "已公布"}

JOINT_ROLES = {"leads": "本单位发起", "joins": "本单位参与"}

Ratios = Mapping[str, Amount]


def ratio_fault(ratios: Ratios) -> str | None:
    """What is wrong with the ratios of a line, as half a Chinese sentence, or None."""
    if not ratios:
        return "至少给一个风险等级填比例"
    for grade, amount in ratios.items():
        if grade not in GRADES:
            return f"没有“{grade}”这个风险等级"
        if len(amount) == 1:
            continue
        numerator, denominator = amount
        if denominator < 1 or not 0 <= numerator <= denominator:
            return f"{grade} 级的比例应在 0 到 100% 之间"
    return None


def estimated_number(ratios: Ratios, populations: Mapping[str, int]) -> int:
    """How many entities the ratios would draw from today's directory."""
    return sum(
        by_ratio(population, as_ratio(amount, population))
        for grade, amount in ratios.items()
        if (population := populations.get(grade, 0))
    )


def overall_ratio(ratios: Ratios, populations: Mapping[str, int]) -> Fraction:
    """The share of the whole that ratios by grade amount to, before rounding up; 0 for nobody."""
    whole = sum(populations.values())
    parts = [
        Fraction(*as_ratio(amount, populations.get(grade, 0))) * populations.get(grade, 0)
        for grade, amount in ratios.items()
    ]
    return sum(parts, Fraction(0)) / whole if whole else Fraction(0)


def weights_fault(weights: Mapping[str, int]) -> str | None:
    """What is wrong with the weights of regions, or None."""
    if weights and sum(weights.values()) != 100:
        return f"各地区的抽查比重合计 {sum(weights.values())}%，应为 100%"
    return None


def weights_from(text: str) -> dict[str, int]:
    """Read `样例区 60、示例区 40`. Raises ValueError for anything else."""
    weights = {}
    for written in re.split(r"[、，,;；\n]+", text.strip()):
        if not written.strip():
            continue
        matched = re.fullmatch(r"\s*(\D+?)[\s:：]*(\d{1,3})\s*[%％]?\s*", written)
        if not matched:
            raise ValueError(f"地区比重“{written.strip()}”应写成“样例区 60”")
        weights[matched[1]] = int(matched[2])
    return weights


def weights_words(weights: Mapping[str, int]) -> str:
    """`样例区 60%、示例区 40%`."""
    return "、".join(f"{region} {percent}%" for region, percent in weights.items())


def names_from(text: str) -> list[str]:
    """Names separated by Chinese or Western commas."""
    return [name.strip() for name in re.split(r"[、，,;；\n]+", text) if name.strip()]


def ratio_from(text: str) -> Amount | None:
    """Read `5%`, `2.5%`, `1/20` or `12家`; None for an empty cell. Raises ValueError for anything else."""
    written = text.strip().replace("％", "%")
    if not written:
        return None
    if matched := re.fullmatch(r"(\d{1,3})(?:\.(\d{1,4}))?%", written):
        decimals = matched[2] or ""
        return [int(matched[1] + decimals), 100 * 10 ** len(decimals)]
    if matched := re.fullmatch(r"(\d{1,6})/(\d{1,6})", written):
        return [int(matched[1]), int(matched[2])]
    if matched := re.fullmatch(r"(\d{1,6}) ?家", written):
        return [int(matched[1])]
    raise ValueError(f"比例“{text}”应写成 5% 或 1/20，定数写成 12家")


def ratio_words(ratio: Amount | None) -> str:
    """`5%` where a percentage says it exactly, else `1/3`; a fixed number as `12家`."""
    if ratio is None:
        return ""
    if len(ratio) == 1:
        return f"{ratio[0]}家"
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
