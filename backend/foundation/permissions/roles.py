"""Who may do what: the role matrix, in one place, read by the code and by the generated tests."""

from enum import StrEnum


class Role(StrEnum):
    """An office a person holds in an agency. The value is stored; `label` is shown."""

    ADMIN = "admin"
    OFFICER = "officer"
    OVERSIGHT = "oversight"
    HEAD = "head"
    DEPUTY = "deputy"
    INSPECTOR = "inspector"
    ARCHIVIST = "archivist"
    WITNESS = "witness"

    @property
    def label(self) -> str:
        return _ROLE_LABELS[self]


_ROLE_LABELS = {
    Role.ADMIN: "管理员",
    Role.OFFICER: "业务科室",
    Role.OVERSIGHT: "综合法规科",
    Role.HEAD: "单位负责人",
    Role.DEPUTY: "分管负责人",
    Role.INSPECTOR: "检查人员",
    Role.ARCHIVIST: "档案员",
    Role.WITNESS: "见证人",
}


class Capability(StrEnum):
    """One thing a person may be allowed to do. The value is its Chinese name, shown in refusals."""

    USE_OFFICE = "进入工作台"
    SEE_OWN_SESSION = "查看和结束自己的登录"
    MANAGE_PEOPLE = "管理人员账号"
    SEE_AUDIT = "查看操作留痕"
    SET_UP_AGENCIES = "初次设置和设立下级单位"
    MANAGE_RULES = "确认规则和维护工作日历"
    KEEP_ENTITIES = "维护检查对象名录"
    FILL_REGISTERS = "导入名录和清单"
    SEE_PRIVATE_NUMBERS = "查看个人号码全文"
    PREPARE_MATTERS = "编制抽查事项清单"
    APPROVE_MATTERS = "批准抽查事项清单"
    PUBLISH_MATTERS = "公布抽查事项清单"
    GRANT_EXEMPTION = "批准免检免扰"
    SEE_RESULTS = "查看检查结果"
    FORM_REPORTS = "形成结果报告"
    APPROVE_RESULTS = "审批检查结果"
    PUBLISH_RESULTS = "公示检查结果"
    HANDLE_OBJECTIONS = "受理和复查异议"
    SIGN_CORRECTIONS = "签字确认更正"
    REFER_FINDINGS = "移交线索和移送案件"
    CAPTURE = "用手机现场检查"
    SEE_VISITS = "查看检查情况"
    SEE_EVERY_VISIT = "查看本单位全部检查和卷宗"
    CLOSE_VISIT = "把检查记为无法检查"
    KEEP_INSPECTORS = "维护检查人员名录和培训"
    DECLARE_CONFLICTS = "申报利害关系"
    DECIDE_CONFLICTS = "决定利害关系申报"
    PREPARE_FORMS = "编制检查表单"
    APPROVE_FORMS = "审定检查表单"
    CHOOSE_FORMS = "为检查选用检查表单"
    REOPEN_VISIT = "重新打开审批过的检查"
    OPEN_RESCUES = "打开求救文件"
    DECIDE_RECUSAL = "决定回避申请"
    RECHECK = "登记责令改正的复查"
    SEE_PLANNING = "查看计划、任务和摇号"
    PREPARE_PLAN = "编制年度抽查计划"
    APPROVE_PLAN = "批准年度抽查计划"
    PUBLISH_PLAN = "公布年度抽查计划"
    MAKE_TASKS = "制定抽查任务"
    HOLD_DRAW = "组织摇号"
    DECIDE_ON_DRAW = "批准作废、重摇和替换"
    DECIDE_ADJUSTMENTS = "决定换人和指派"
    DECLARE_RECUSAL = "登记回避"
    DISPATCH_TASKS = "派发任务"
    APPROVE_INSPECTIONS = "审批行政检查"
    ASK_ADJUSTMENT = "申请替换和换人"
    SEE_ADJUSTMENTS = "查看替换和换人的记录"
    FILE_TASKS = "备案和填报任务"

    SEE_DOSSIERS = "查看卷宗"
    BIND_DOSSIERS = "整理和封存卷宗"
    SEAL_WITH_GAPS = "批准带缺封存"
    ADD_RECORDINGS = "登记执法记录仪文件"


_EVERYONE = frozenset(Role)
_STAFF = _EVERYONE - {Role.WITNESS}

MATRIX: dict[Capability, frozenset[Role]] = {
    Capability.USE_OFFICE: _STAFF,
    Capability.SEE_OWN_SESSION: _EVERYONE,
    Capability.MANAGE_PEOPLE: frozenset({Role.ADMIN}),
    Capability.SEE_AUDIT: frozenset({Role.ADMIN, Role.OVERSIGHT, Role.HEAD}),
    Capability.SET_UP_AGENCIES: frozenset({Role.ADMIN}),
    Capability.MANAGE_RULES: frozenset({Role.ADMIN}),
    Capability.KEEP_ENTITIES: frozenset({Role.ADMIN, Role.OFFICER, Role.OVERSIGHT}),
    Capability.SEE_PRIVATE_NUMBERS: frozenset({Role.ADMIN, Role.OFFICER, Role.OVERSIGHT, Role.INSPECTOR}),
    Capability.FILL_REGISTERS: frozenset({Role.ADMIN, Role.OFFICER, Role.OVERSIGHT}),
    Capability.PREPARE_MATTERS: frozenset({Role.ADMIN, Role.OFFICER, Role.OVERSIGHT}),
    Capability.APPROVE_MATTERS: frozenset({Role.HEAD, Role.DEPUTY}),
    Capability.PUBLISH_MATTERS: frozenset({Role.OVERSIGHT}),
    Capability.GRANT_EXEMPTION: frozenset({Role.HEAD}),
    Capability.SEE_RESULTS: _STAFF,
    Capability.FORM_REPORTS: frozenset({Role.OFFICER}),
    Capability.APPROVE_RESULTS: frozenset({Role.HEAD}),
    Capability.PUBLISH_RESULTS: frozenset({Role.OFFICER, Role.OVERSIGHT}),
    Capability.HANDLE_OBJECTIONS: frozenset({Role.OFFICER, Role.OVERSIGHT}),
    Capability.SIGN_CORRECTIONS: frozenset({Role.HEAD, Role.DEPUTY}),
    Capability.REFER_FINDINGS: frozenset({Role.OFFICER, Role.OVERSIGHT}),
    Capability.CAPTURE: frozenset({Role.INSPECTOR}),
    Capability.SEE_VISITS: frozenset(
        {Role.OFFICER, Role.OVERSIGHT, Role.HEAD, Role.DEPUTY, Role.INSPECTOR, Role.ARCHIVIST}
    ),
    Capability.SEE_EVERY_VISIT: frozenset(
        {Role.OFFICER, Role.OVERSIGHT, Role.HEAD, Role.DEPUTY, Role.ARCHIVIST}
    ),
    Capability.CLOSE_VISIT: frozenset({Role.OFFICER, Role.INSPECTOR}),
    Capability.KEEP_INSPECTORS: frozenset({Role.ADMIN, Role.OFFICER, Role.OVERSIGHT}),
    Capability.DECLARE_CONFLICTS: frozenset({Role.INSPECTOR}),
    Capability.DECIDE_CONFLICTS: frozenset({Role.HEAD}),
    Capability.PREPARE_FORMS: frozenset({Role.ADMIN, Role.OFFICER, Role.OVERSIGHT}),
    Capability.APPROVE_FORMS: frozenset({Role.OVERSIGHT}),
    Capability.CHOOSE_FORMS: frozenset({Role.OFFICER, Role.INSPECTOR}),
    Capability.REOPEN_VISIT: frozenset({Role.HEAD}),
    Capability.OPEN_RESCUES: frozenset({Role.ADMIN}),
    Capability.DECIDE_RECUSAL: frozenset({Role.HEAD}),
    Capability.RECHECK: frozenset({Role.OFFICER, Role.INSPECTOR}),
    Capability.SEE_PLANNING: _STAFF,
    Capability.PREPARE_PLAN: frozenset({Role.OFFICER, Role.OVERSIGHT}),
    Capability.APPROVE_PLAN: frozenset({Role.HEAD}),
    Capability.PUBLISH_PLAN: frozenset({Role.OVERSIGHT}),
    Capability.MAKE_TASKS: frozenset({Role.OFFICER}),
    Capability.HOLD_DRAW: frozenset({Role.OFFICER}),
    Capability.DECIDE_ON_DRAW: frozenset({Role.HEAD}),
    Capability.DECIDE_ADJUSTMENTS: frozenset({Role.HEAD, Role.DEPUTY, Role.OFFICER}),
    Capability.DECLARE_RECUSAL: frozenset({Role.OFFICER, Role.OVERSIGHT, Role.INSPECTOR}),
    Capability.DISPATCH_TASKS: frozenset({Role.OFFICER}),
    Capability.APPROVE_INSPECTIONS: frozenset({Role.HEAD}),
    Capability.ASK_ADJUSTMENT: frozenset({Role.OFFICER, Role.HEAD}),
    Capability.FILE_TASKS: frozenset({Role.OFFICER, Role.OVERSIGHT}),
    Capability.SEE_ADJUSTMENTS: frozenset({Role.OFFICER, Role.OVERSIGHT, Role.HEAD, Role.DEPUTY}),
    Capability.SEE_DOSSIERS: frozenset(
        {Role.OFFICER, Role.OVERSIGHT, Role.HEAD, Role.DEPUTY, Role.INSPECTOR, Role.ARCHIVIST}
    ),
    Capability.BIND_DOSSIERS: frozenset({Role.ARCHIVIST, Role.HEAD}),
    Capability.SEAL_WITH_GAPS: frozenset({Role.HEAD}),
    Capability.ADD_RECORDINGS: frozenset({Role.OFFICER, Role.INSPECTOR, Role.ARCHIVIST}),
}


def holds(roles: frozenset[Role], capability: Capability) -> bool:
    """Whether any of `roles` carries `capability`; what everyone may do needs no role at all."""
    return MATRIX[capability] == _EVERYONE or not roles.isdisjoint(MATRIX[capability])
