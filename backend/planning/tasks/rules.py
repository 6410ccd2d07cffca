"""The life of a task, in words. Pure."""

STATUSES = {
    "drafted": "待摇号",
    "committed": "摇号中",
    "drawn": "已抽取",
    "matched": "已锁定，待派发",
    "dispatched": "已派发",
    "done": "已完成",
}
