"""The closed words of the matter list and the steps of a version. Pure."""

CLASSES = {"key": "重点", "general": "一般"}
STATUSES = {"draft": "待公布", "published": "已公布", "suspended": "暂停", "abolished": "已废止"}
LIST_STATUSES = {"draft": "待批准", "approved": "已批准，待公布", "published": "已公布"}
