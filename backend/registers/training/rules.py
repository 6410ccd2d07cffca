"""The closed words of training. Pure."""

from datetime import date

KINDS = {"yearly": "年度培训", "cross_department": "跨科室专题培训", "other": "其他培训"}
STATUSES = {"planned": "计划中", "held": "已举办"}


def is_late(status: str, day: date, today: date) -> bool:
    """A planned training whose day has passed was not held as planned."""
    return status == "planned" and day < today
