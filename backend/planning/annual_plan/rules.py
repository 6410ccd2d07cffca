"""What a plan line may say, and how many entities it would draw. Pure."""

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
