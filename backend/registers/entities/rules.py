"""The closed words of the entity directory, and what they mean for a draw. Pure."""

GRADES = ("A", "B", "C", "D")

KINDS = {
    "enterprise": "企业",
    "self_employed": "个体工商户",
    "cooperative": "农民专业合作社",
    "institution": "事业单位",
    "organisation": "社会组织",
    "person": "个人",
    "product": "产品",
    "project": "项目",
    "activity": "行为",
}

STATUSES = {
    "active": "在册",
    "deregistered": "已注销",
    "licence_revoked": "被吊销营业执照",
    "registration_revoked": "被撤销设立登记",
    "closed": "已关闭停业",
    "liquidation": "正在组织清算",
    "moved_out": "已迁出",
}
DRAWABLE_STATUS = "active"

FLAGS = {
    "complaints": "多次投诉举报",
    "abnormal": "经营异常名录",
    "dishonest": "失信行为",
    "serious": "严重违法违规",
    "key_sector": "重点行业和领域",
}
"""The same words as in the profiles' `cap.not_binding`."""
