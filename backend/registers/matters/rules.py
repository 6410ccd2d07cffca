"""The closed words of the matter list and the steps of a version. Pure."""

CLASSES = {"key": "重点", "general": "一般"}
STATUSES = {"draft": "待公布", "published": "已公布", "withdrawn": "已撤下"}
LIST_STATUSES = {"draft": "待批准", "approved": "已批准，待公布", "published": "已公布"}


def ratio_words(num: int | None, den: int | None) -> str:
    """A ratio as it is read: 5%, 1/3, 不设上限."""
    if num is None or den is None:
        return "不设上限"
    if (num * 100) % den == 0:
        return f"{num * 100 // den}%"
    return f"{num}/{den}"
