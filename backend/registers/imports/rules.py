"""The closed words of an uploaded file's way. Pure."""

STATES = {"checked": "已核对，未导入", "imported": "已导入", "dropped": "已取消"}
