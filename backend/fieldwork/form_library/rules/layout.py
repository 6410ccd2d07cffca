"""The sheets of the form template: their columns, the words an author chooses from, and what each becomes."""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.fieldwork.checklists.wording import RESULTS, SEVERITIES, TYPES

FORM, ITEMS, CHOICES, LOGIC = "表单", "检查项", "选项", "逻辑"


@dataclass(frozen=True)
class Column:
    """One column: the field it fills, its heading, its width, the closed words it takes, and a hint for the author."""

    field: str
    heading: str
    width: int = 14
    words: Mapping[str, str] | None = None
    hint: str = ""


YES_NO = {"yes": "是", "no": "否"}
PHOTO_RULES = {"never": "不要", "on-fail": "不合格时必拍", "always": "必拍"}
VERIFIED = {"yes": "已核", "no": "待核"}
PREFILLS = {
    "entity.name": "名称",
    "entity.code": "统一社会信用代码",
    "entity.kind": "种类",
    "entity.address": "地址",
    "entity.region": "所在区域",
    "entity.industry": "行业",
    "entity.principal": "负责人",
    "entity.phone": "联系电话",
}
MATTER_CLASSES = {"key": "重点", "general": "一般"}
EFFECTS = {"relevant": "出现", "constraint": "约束"}
COMPARISONS = {
    "eq": "等于",
    "ne": "不等于",
    "lt": "小于",
    "le": "不大于",
    "gt": "大于",
    "ge": "不小于",
    "in": "属于",
    "answered": "已填",
    "unanswered": "未填",
}
WHEN = "当"

FORM_ROWS = {
    "key": "代号",
    "version": "版本",
    "title": "标题",
    "agency": "规则",
    "matter": "检查事项",
    "heading": "抬头",
    "remarks": "使用说明",
    "suits.matters": "自动选用：事项",
    "suits.matterClasses": "自动选用：事项类别",
    "suits.entityKinds": "自动选用：对象种类",
    "suits.directories": "自动选用：专项名录",
    "suits.industries": "自动选用：行业",
    "bands": "评分档次",
}
FORM_HINTS = {
    "key": "小写字母、数字和短横，形如 zibo-industry/industrial-energy",
    "version": "比已发布的大 1",
    "agency": "规则的代号，如 zibo-industry",
    "heading": "印在表头和手机上",
    "remarks": "可写几行，每行一条",
    "suits.matters": "可写几行；写了的条件要同时满足",
    "bands": "百分数写在“数值”列，从高到低",
}

FORM_COLUMNS = (
    Column("name", "名称", 20, dict(FORM_ROWS)),
    Column("value", "内容", 60),
    Column("number", "数值", 10),
    Column("hint", "填写说明", 50),
)
ITEM_COLUMNS = (
    Column("section", "分节编号", 14, hint="字母开头的字母和数字，如 profile"),
    Column("sectionTitle", "分节", 14),
    Column("id", "编号", 18, hint="字母开头的字母和数字，如 a01；逻辑和选项用它指代这一项"),
    Column("table", "所属表格", 14, hint="这一行是某个表格的一列时，写那个表格的编号"),
    Column("type", "类型", 8, TYPES),
    Column("label", "检查内容", 40),
    Column("required", "必填", 6, YES_NO),
    Column("photo", "照片", 12, PHOTO_RULES),
    Column(
        "basis",
        "依据",
        36,
        hint="《法律名称》第22条；《另一法律》第16条(4)。条号未核的写《法律》（待核），没有条号的文件写《文件》（无条号）",
    ),
    Column("verified", "核验", 6, VERIFIED, "待核的不写条号"),
    Column("method", "怎么查", 24),
    Column("failText", "不合格表述", 24),
    Column("severity", "级别", 6, SEVERITIES),
    Column("points", "分值", 6, hint="0 至 1000 的整数；选项的分值写在选项表"),
    Column("applies", "适用", 16),
    Column("note", "备注", 24),
    Column("unit", "单位", 8),
    Column("min", "最小值", 8),
    Column("max", "最大值", 8),
    Column("maxLength", "最长字数", 8),
    Column("fewest", "最少件（行）", 8),
    Column("most", "最多件（行）", 8),
    Column("default", "默认", 12, hint="多选的几个默认用顿号隔开，写选项的值"),
    Column("prefill", "名录带出", 14, PREFILLS),
)
CHOICE_COLUMNS = (
    Column("id", "编号", 18, hint="检查项的编号"),
    Column("table", "所属表格", 14, hint="表格的列，写那个表格的编号"),
    Column("value", "值", 18, hint="字母开头的字母和数字"),
    Column("label", "选项", 36),
    Column("points", "分值", 8),
)
LOGIC_COLUMNS = (
    Column("target", "对象", 18, hint="检查项或分节的编号"),
    Column("effect", "作用", 8, EFFECTS, "出现：满足才问；约束：填得不满足就提示"),
    Column("group", "组", 6, hint="同组的行要同时满足；几组之间满足一组即可"),
    Column("when", "当", 4, {"when": WHEN}),
    Column("item", "项", 18, hint="前面的检查项的编号"),
    Column("comparison", "比较", 10, COMPARISONS),
    Column(
        "value",
        "值",
        30,
        hint=f"判断项写{'、'.join(RESULTS.values())}；选项写它的值，几个用顿号隔开；和另一项比较写 [编号]",
    ),
    Column("otherwise", "不满足时的提示", 36, hint="约束才写"),
)
COLUMNS = {FORM: FORM_COLUMNS, ITEMS: ITEM_COLUMNS, CHOICES: CHOICE_COLUMNS, LOGIC: LOGIC_COLUMNS}


def letter(sheet: str, field: str) -> str:
    """The letter of a field's column on a sheet."""
    return chr(ord("A") + [column.field for column in COLUMNS[sheet]].index(field))
