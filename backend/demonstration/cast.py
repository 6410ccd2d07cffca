"""The invented people of the demonstration's agency, one for each role and a few inspectors."""

from dataclasses import dataclass

from backend.foundation.permissions.roles import Role

PASSWORD = "yaohao-demo-1"


@dataclass(frozen=True)
class Person:
    """A login. `agency` is an agency's code; `department` a name within it."""

    login: str
    name: str
    agency: str
    department: str | None
    roles: tuple[Role, ...]


AGENCY = "slgx"
AGENCY_NAME = "示例市工业和信息化局"
DEPARTMENTS = ("节能与综合利用科", "安全生产科", "民爆行业管理科", "综合法规科")

ADMIN = Person("li.admin", "李主管", AGENCY, None, (Role.ADMIN,))
OFFICER = Person("wang.officer", "王科长", AGENCY, DEPARTMENTS[0], (Role.OFFICER,))
OVERSIGHT = Person("zhou.oversight", "周法规", AGENCY, DEPARTMENTS[3], (Role.OVERSIGHT,))
HEAD = Person("zheng.head", "郑局长", AGENCY, None, (Role.HEAD,))
LEADER = Person("zhao.inspector", "赵示例", AGENCY, DEPARTMENTS[0], (Role.INSPECTOR,))
INSPECTOR = Person("qian.inspector", "钱样例", AGENCY, DEPARTMENTS[0], (Role.INSPECTOR,))
RECUSED = Person("sun.inspector", "孙回避", AGENCY, DEPARTMENTS[0], (Role.INSPECTOR,))
ARCHIVIST = Person("wu.archivist", "吴档案", AGENCY, None, (Role.ARCHIVIST,))
WITNESS = Person("jia.witness", "见证人甲", AGENCY, None, (Role.WITNESS,))
SECOND_WITNESS = Person("yi.witness", "见证人乙", AGENCY, None, (Role.WITNESS,))

CAST = (ADMIN, OFFICER, OVERSIGHT, HEAD, LEADER, INSPECTOR, RECUSED, ARCHIVIST, WITNESS, SECOND_WITNESS)
