"""The ways out of a shortage of inspectors, and what each request must say. Pure."""

from collections.abc import Collection

WAYS = {
    "across_departments": "跨科室随机抽取",
    "neighbours": "与相邻区域或其他单位的人员联合匹配",
    "appoint": "直接委派",
}
"""The words of the profiles' `team.shortage`."""
STATUSES = {"asked": "待批准", "granted": "已批准", "refused": "不同意"}
SHORTEST_REASON = 8


def fault_of(
    way: str, departments: Collection[int], organisations: Collection[str], training: str, trains: bool
) -> str | None:
    """What a request lacks, as half a Chinese sentence, or None. `trains`: the rules ask for a training."""
    if way not in WAYS:
        return "请选怎样调配人员"
    if way == "across_departments" and not departments:
        return "请选从哪些科室抽取"
    if way == "neighbours" and not organisations:
        return "请选与哪个单位的人员联合匹配；先在检查人员名录里登记他们和所在单位"
    if way == "across_departments" and trains and not training.strip():
        return "请写明对跨科室人员的专题培训"
    return None
