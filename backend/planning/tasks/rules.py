"""The life of a task, in words. Pure."""

STATUSES = {
    "drafted": "待摇号",
    "committed": "摇号中",
    "drawn": "已抽取",
    "matched": "已锁定，待派发",
    "dispatched": "已派发",
    "done": "已完成",
}

SCOPE_WORDS = {"region": "区域", "industry": "行业", "directory": "专项名录"}
"""What a directed draw (定向) may be narrowed to."""

NATURES = {
    "environment": "环境保护",
    "safety": "安全生产",
    "complaint": "投诉举报",
    "superior": "上级要求",
    "statutory": "法律法规明确规定",
}
"""The same words as in the profiles' `exemption.never_covers`."""


def task_fault(title: str, days: int, seats: int, least_seats: int) -> str | None:
    """What is wrong with a new task, as half a Chinese sentence, or None; `days` counts the window, both ends in."""
    if not title.strip():
        return "请写任务名称"
    if days < 1:
        return "检查期限的终日不能早于始日"
    if seats < least_seats:
        return f"每个检查组至少 {least_seats} 人"
    return None
