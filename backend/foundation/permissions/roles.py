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


_EVERYONE = frozenset(Role)
_STAFF = _EVERYONE - {Role.WITNESS}

MATRIX: dict[Capability, frozenset[Role]] = {
    Capability.USE_OFFICE: _STAFF,
    Capability.SEE_OWN_SESSION: _EVERYONE,
    Capability.MANAGE_PEOPLE: frozenset({Role.ADMIN}),
    Capability.SEE_AUDIT: frozenset({Role.ADMIN, Role.OVERSIGHT, Role.HEAD}),
}


def holds(roles: frozenset[Role], capability: Capability) -> bool:
    """Whether any of `roles` carries `capability`."""
    return not roles.isdisjoint(MATRIX[capability])
