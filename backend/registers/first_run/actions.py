"""Found an agency: the first of the installation, or one below the founder's own. Whole or not at all."""

from dataclasses import dataclass

from sqlalchemy import select

from backend.core.errors import AGENCY_EXISTS, FOUNDING_WRONG, UNKNOWN_PROFILE, Refusal
from backend.foundation.accounts.actions import create_person, first_password, found_agency
from backend.foundation.accounts.models import Agency
from backend.foundation.audit.actions import record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability, Role
from backend.foundation.rule_profiles.actions import follow_profile
from backend.foundation.rule_profiles.profile_files import profile_files
from backend.plumbing.db import db, transaction
from backend.registers.first_run.rules import Founding, founding_fault


@dataclass(frozen=True)
class Founded:
    """The new agency, and its administrator's first password, which is shown once and kept nowhere."""

    agency: Agency
    password: str


def found_first(founding: Founding) -> Founded:
    """Found the installation's first agency; refused where there is one already."""
    with transaction():
        held = db.session.scalar(select(Agency).order_by(Agency.id).limit(1))
        if held is not None:
            raise Refusal(AGENCY_EXISTS, name=held.name)
        return _found(founding, None)


def found_below(actor: Actor, founding: Founding) -> Founded:
    """Found an agency that stands under the actor's own."""
    require(actor, Capability.SET_UP_AGENCIES)
    with transaction():
        founded = _found(founding, actor.agency_id)
        after = {"name": founded.agency.name, "code": founded.agency.code}
        record(actor, "agency.found_below", "agency", founded.agency.id, after=after)
        return founded


def _found(founding: Founding, parent_id: int | None) -> Founded:
    fault = founding_fault(founding)
    if fault is not None:
        raise Refusal(FOUNDING_WRONG, fault=fault)
    if founding.profile_key not in profile_files():
        raise Refusal(UNKNOWN_PROFILE, key=founding.profile_key)
    if db.session.scalar(select(Agency).where(Agency.code == founding.code)) is not None:
        raise Refusal(FOUNDING_WRONG, fault=f"单位代码 {founding.code} 已有单位使用")
    agency = found_agency(
        founding.name.strip(),
        founding.code,
        founding.fonds_no.strip(),
        founding.doc_prefix.strip(),
        [name.strip() for name in founding.departments],
        parent_id,
    )
    founder = Actor(0, agency.id, None, "初次设置", frozenset({Role.ADMIN}))
    follow_profile(founder, founding.profile_key)
    password = first_password()
    create_person(founder, founding.admin_login, founding.admin_name.strip(), password, [Role.ADMIN])
    return Founded(agency, password)
