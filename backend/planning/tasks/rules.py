"""The life of a task, in words. Pure."""

from datetime import date, timedelta

STATUSES = {
    "drafted": "待摇号",
    "committed": "摇号中",
    "drawn": "已抽取",
    "matched": "已锁定，待派发",
    "dispatched": "已派发",
    "done": "已完成",
}

ORIGINS = {"own": "本单位", "superior": "上级下派", "platform": "外部平台抽取"}

INSPECTION_KINDS = {"routine": "日常检查", "special": "专项检查", "case": "个案检查"}

REMOTE_ANSWERS = {
    "enter": "必须到现场",
    "written": "书面核查就够",
    "remote": "网络监测、视频等非现场方式就够",
    "shared": "采用其他部门的结论就够",
}
"""能书面核查、信息共享、智慧监管的，不入企: the answer before dispatch."""

NATURES = {
    "environment": "环境保护",
    "safety": "安全生产",
    "complaint": "投诉举报",
    "superior": "上级要求",
    "statutory": "法律法规明确规定",
}
"""The same words as in the profiles' `exemption.never_covers`."""


def batch_of(place: int, drawn: int, batches: int) -> int:
    """Which batch (from 1) the entity at `place` (from 1) of the drawn order belongs to; batches differ by at most one.

    002（八）: 抽查比例高的，可以通过随机抽取的方式确定检查批次顺序.
    """
    return (place - 1) * batches // drawn + 1


def batch_window(first: date, last: date, batch: int, batches: int) -> tuple[date, date]:
    """The days of one batch (from 1): the window cut into equal stretches, earlier ones never shorter by more than a day."""
    days = (last - first).days + 1
    begins, ends = (batch - 1) * days // batches, batch * days // batches
    return first + timedelta(begins), first + timedelta(max(begins, ends - 1))


def task_fault(title: str, days: int, seats: int, least_seats: int) -> str | None:
    """What is wrong with a new task, as half a Chinese sentence, or None; `days` counts the window, both ends in."""
    if not title.strip():
        return "请写任务名称"
    if days < 1:
        return "检查期限的终日不能早于始日"
    if seats < least_seats:
        return f"每个检查组至少 {least_seats} 人"
    return None
