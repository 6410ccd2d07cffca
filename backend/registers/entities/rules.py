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
OPEN_ENDED = "长期"
"""What a file writes behind a flag that has no last day."""


class DatedFlag(str):
    """A word of `FLAGS` with the last day it holds.

    `until` None and `is_open` for one without a term; None and not `is_open` where a file's row does not say. Such a one
    differs in nothing from one that does.
    """

    until: date | None
    is_open: bool

    def __new__(cls, word: str, until: date | None = None, is_open: bool = False) -> "DatedFlag":
        made = super().__new__(cls, word)
        made.until, made.is_open = until, is_open
        return made

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DatedFlag) or not (self.says_how_long and other.says_how_long):
            return str.__eq__(self, other) is True
        return str(self) == str(other) and self.until == other.until

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__

    @property
    def says_how_long(self) -> bool:
        return self.until is not None or self.is_open

    @property
    def words(self) -> str:
        """As a cell of the spreadsheet spells it."""
        until = f"至{self.until}" if self.until else OPEN_ENDED if self.is_open else ""
        return f"{FLAGS[str(self)]}{until}"


def holds_as_long(until: date | None, other: date | None) -> bool:
    """Whether what holds until one day (None: without a term) holds as long as what holds until another."""
    return until is None or (other is not None and until >= other)


TRANSFERS_HERE = {
    "sent": "等本单位答复",
    "accepted": "已接收",
    "declined": "没有接收",
    "withdrawn": "对方已撤回",
}
"""How a transfer stands as the receiving agency says it."""
TRANSFER_STATES = {
    "sent": "等待对方答复",
    "accepted": "对方已接收",
    "declined": "对方不接收",
    "withdrawn": "已撤回",
}
