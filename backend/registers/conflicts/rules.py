"""The closed words of a declared conflict of interest, and when it keeps two apart. Pure."""

TIES = {
    "worked_there": "本人曾在该单位任职",
    "relative_there": "近亲属在该单位任职或持股",
    "holding": "本人持股、投资或有债权债务",
    "dispute": "与该单位有诉讼、仲裁或其他纠纷",
    "other": "其他可能影响公正的关系",
}
STATES = {
    "declared": "已申报，待决定",
    "confirmed": "已决定回避",
    "dismissed": "不构成回避",
    "ended": "已结束",
}
IN_FORCE = frozenset({"declared", "confirmed"})
"""A declaration keeps the two apart from the moment it is made; only the head's decision or its end lifts it."""
