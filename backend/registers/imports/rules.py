"""The closed words of an uploaded file's way, and how much of it fits into one answer. Pure."""

STATES = {
    "waiting": "等待核对",
    "checking": "正在核对",
    "checked": "已核对，未导入",
    "importing": "正在导入",
    "imported": "已导入",
    "failed": "读不了",
    "dropped": "已取消",
}
IN_WORK = ("waiting", "checking", "importing")

CHOICES = {
    "ask": "先核对，我看过再导入",
    "whole": "没有一行有错就直接导入",
    "good_rows": "直接导入没有错的行，错行另存",
}

ANSWERED_AT_ONCE = 512 << 10
"""Bytes of a file that is checked and imported while its sender waits; a larger one becomes a job."""
ROWS_AT_ONCE = 10_000
ROWS_SHOWN = 200
GONE_SHOWN = 500
