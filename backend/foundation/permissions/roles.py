"""Who may do what: the role matrix, in one place, read by the code and by the generated tests."""

from enum import StrEnum


class Role(StrEnum):
    """An office a person holds in an agency. The value is stored; `label` is shown."""

    ADMIN = "admin"
    OFFICER = "officer"
    OVERSIGHT = "oversight"
    HEAD = "head"
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
    MANAGE_RULES = "确认规则和维护工作日历"
    KEEP_ENTITIES = "维护检查对象名录"
    FILL_REGISTERS = "导入名录和清单"
    PREPARE_MATTERS = "编制抽查事项清单"
    APPROVE_MATTERS = "批准抽查事项清单"
    PUBLISH_MATTERS = "公布抽查事项清单"
    GRANT_EXEMPTION = "批准免检免扰"


_EVERYONE = frozenset(Role)
_STAFF = _EVERYONE - {Role.WITNESS}

MATRIX: dict[Capability, frozenset[Role]] = {
    Capability.USE_OFFICE: _STAFF,
    Capability.SEE_OWN_SESSION: _EVERYONE,
    Capability.MANAGE_PEOPLE: frozenset({Role.ADMIN}),
    Capability.SEE_AUDIT: frozenset({Role.ADMIN, Role.OVERSIGHT, Role.HEAD}),
    Capability.MANAGE_RULES: frozenset({Role.ADMIN}),
    Capability.KEEP_ENTITIES: frozenset({Role.ADMIN, Role.OFFICER, Role.OVERSIGHT}),
    Capability.FILL_REGISTERS: frozenset({Role.ADMIN, Role.OFFICER, Role.OVERSIGHT}),
    Capability.PREPARE_MATTERS: frozenset({Role.ADMIN, Role.OFFICER, Role.OVERSIGHT}),
    Capability.APPROVE_MATTERS: frozenset({Role.HEAD}),
    Capability.PUBLISH_MATTERS: frozenset({Role.OVERSIGHT}),
    Capability.GRANT_EXEMPTION: frozenset({Role.HEAD}),
}


def holds(roles: frozenset[Role], capability: Capability) -> bool:
    """Whether any of `roles` carries `capability`."""
    return not roles.isdisjoint(MATRIX[capability])
