"""The fixed cast: everyone a test may meet, the demonstration's people and one outsider. All names are invented."""

from backend.demonstration.cast import (
    ADMIN,
    AGENCY,
    ARCHIVIST,
    CAST,
    HEAD,
    INSPECTOR,
    LEADER,
    OFFICER,
    OVERSIGHT,
    PASSWORD,
    RECUSED,
    SECOND_WITNESS,
    WITNESS,
    Person,
)
from backend.demonstration.cast import DEPARTMENTS as AGENCY_DEPARTMENTS
from backend.foundation.permissions.roles import Role

__all__ = [
    "ADMIN",
    "AGENCY",
    "ARCHIVIST",
    "DEPARTMENTS",
    "EVERYONE",
    "HEAD",
    "INSPECTOR",
    "LEADER",
    "OFFICER",
    "OTHER_AGENCY",
    "OUTSIDER",
    "OVERSIGHT",
    "PASSWORD",
    "RECUSED",
    "SECOND_WITNESS",
    "STAFF_BY_ROLE",
    "WITNESS",
    "Person",
]

OTHER_AGENCY = "ylsw"
DEPARTMENTS = {AGENCY: AGENCY_DEPARTMENTS, OTHER_AGENCY: ("市场运行科",)}

OUTSIDER = Person("wang.outsider", "外单位王", OTHER_AGENCY, "市场运行科", tuple(Role))
EVERYONE = (*CAST, OUTSIDER)
STAFF_BY_ROLE = {
    Role.ADMIN: ADMIN,
    Role.OFFICER: OFFICER,
    Role.OVERSIGHT: OVERSIGHT,
    Role.HEAD: HEAD,
    Role.INSPECTOR: LEADER,
    Role.ARCHIVIST: ARCHIVIST,
    Role.WITNESS: WITNESS,
}
