"""The closed words of the entity directory, and what they mean for a draw. Pure."""

from datetime import date

GRADES = ("A", "B", "C", "D")

KINDS = {
    "enterprise": "企业",
    "self_employed": "个体工商户",
    "cooperative": "农民专业合作社",
    "foreign_company": "外国（地区）企业",
    "authority": "机关",
    "institution": "事业单位",
    "organisation": "社会组织",
    "legal_service": "法律服务机构",
    "person": "个人",
    "practitioner": "从业人员",
    "product": "产品",
    "project": "项目",
    "activity": "行为",
}

SCALES = {"large": "大型", "medium": "中型", "small": "小型", "micro": "微型"}
"""统计上大中小微型企业的划分; empty for whoever is not classed."""

STATUSES = {
    "active": "在册",
    "deregistered": "已注销",
    "licence_revoked": "被吊销营业执照",
    "registration_revoked": "被撤销设立登记",
    "closed": "已关闭停业",
    "liquidation": "正在组织清算",
    "moved_out": "已迁出",
    "merged": "已并入另一户",
}
STATUSES_TO_SET = {word: spoken for word, spoken in STATUSES.items() if word != "merged"}
"""What an import or a form may set; merging is an action of its own."""
DRAWABLE_STATUS = "active"
MERGED = "merged"

FLAGS = {
    "complaints": "多次投诉举报",
    "abnormal": "经营异常名录",
    "dishonest": "失信行为",
    "serious": "严重违法违规",
    "key_sector": "重点行业和领域",
}
"""The same words as in the profiles' `cap.not_binding`."""


class DatedFlag(str):
    """A word of `FLAGS` as a file's row brings it, with the last day it holds.

    `until` None and `is_open` for one without a term; None and not `is_open` where the row does not say.
    """

    until: date | None
    is_open: bool

    def __new__(cls, word: str, until: date | None = None, is_open: bool = False) -> "DatedFlag":
        made = super().__new__(cls, word)
        made.until, made.is_open = until, is_open
        return made


TRANSFER_STATES = {
    "sent": "等待对方答复",
    "accepted": "对方已接收",
    "declined": "对方不接收",
    "withdrawn": "已撤回",
}
