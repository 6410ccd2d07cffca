"""The fixed cast: everyone a test may meet. All names are invented."""

from dataclasses import dataclass

from backend.foundation.permissions.roles import Role

PASSWORD = "yaohao-demo-1"


@dataclass(frozen=True)
class Person:
    """A login of the cast. `agency` is an agency's code."""

    login: str
    name: str
    agency: str
    department: str | None
    roles: tuple[Role, ...]


AGENCY = "slgx"
OTHER_AGENCY = "ylsw"
DEPARTMENTS = {
    AGENCY: ("节能与综合利用科", "安全生产科", "民爆行业管理科", "综合法规科"),
    OTHER_AGENCY: ("市场运行科",),
}

ADMIN = Person("li.admin", "李主管", AGENCY, None, (Role.ADMIN,))
OFFICER = Person("wang.officer", "王科长", AGENCY, "节能与综合利用科", (Role.OFFICER,))
OVERSIGHT = Person("zhou.oversight", "周法规", AGENCY, "综合法规科", (Role.OVERSIGHT,))
HEAD = Person("zheng.head", "郑局长", AGENCY, None, (Role.HEAD,))
LEADER = Person("zhao.inspector", "赵示例", AGENCY, "节能与综合利用科", (Role.INSPECTOR,))
INSPECTOR = Person("qian.inspector", "钱样例", AGENCY, "节能与综合利用科", (Role.INSPECTOR,))
RECUSED = Person("sun.inspector", "孙回避", AGENCY, "节能与综合利用科", (Role.INSPECTOR,))
ARCHIVIST = Person("wu.archivist", "吴档案", AGENCY, None, (Role.ARCHIVIST,))
WITNESS = Person("jia.witness", "见证人甲", AGENCY, None, (Role.WITNESS,))
SECOND_WITNESS = Person("yi.witness", "见证人乙", AGENCY, None, (Role.WITNESS,))
OUTSIDER = Person("wang.outsider", "外单位王", OTHER_AGENCY, "市场运行科", tuple(Role))

CAST = (
    ADMIN,
    OFFICER,
    OVERSIGHT,
    HEAD,
    LEADER,
    INSPECTOR,
    RECUSED,
    ARCHIVIST,
    WITNESS,
    SECOND_WITNESS,
    OUTSIDER,
)
STAFF_BY_ROLE = {
    Role.ADMIN: ADMIN,
    Role.OFFICER: OFFICER,
    Role.OVERSIGHT: OVERSIGHT,
    Role.HEAD: HEAD,
    Role.INSPECTOR: LEADER,
    Role.ARCHIVIST: ARCHIVIST,
    Role.WITNESS: WITNESS,
}
