"""The words of a draw on the screen. Pure."""

STATUSES = {"committed": "已锁定名录", "drawn": "已抽取，待签字", "locked": "已锁定", "void": "已作废"}
PREPARATIONS = {
    "waiting": "在等见证人密封",
    "freezing": "正在锁定名录",
    "committed": "已公布承诺",
    "refused": "没有锁定",
    "dropped": "已放弃",
}
HOST = "主持人"
PREPARATION_STEPS = ("见证人就位", "锁定名录", "公布承诺")
SAMPLE_WITNESSES = ("演练见证人甲", "演练见证人乙")
STEPS = ("锁定名录", "见证人取数", "抽取", "签字公布")
EVENTS = {
    "locked": "锁定抽取记录",
    "void": "作废",
    "redraw_allowed": "批准重新摇号",
    "replaced": "替换检查对象",
    "seat_redrawn": "重新抽取检查人员",
    "appointed": "委派检查人员",
    "swapped": "交换检查对象",
    "opened": "向社会公开记录",
    "attached": "补充现场影像",
}
