"""Reads of people, departments and sessions."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select

from backend.core.errors import NOT_FOUND, Refusal
from backend.foundation.accounts.models import Agency, Department, LoginFailure, LoginSession, User
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Role
from backend.plumbing.db import db, reading, table_of

FAILURE_WINDOW = timedelta(minutes=15)


def actor_of(user: User) -> Actor:
    """The acting value of a stored person."""
    return Actor(
        user_id=user.id,
        agency_id=user.agency_id,
        department_id=user.department_id,
        name=user.name,
        roles=frozenset(Role(role) for role in user.roles),
    )


def agency(agency_id: int) -> Agency:
    """The agency with this id."""
    return db.session.get_one(Agency, agency_id)


def agency_by_code(code: str) -> Agency:
    """The agency with this short code; refused when there is none."""
    found = db.session.scalar(select(Agency).where(Agency.code == code))
    if found is None:
        raise Refusal(NOT_FOUND, what=f"单位 {code}")
    return found


def line_above(agency_id: int) -> list[int]:
    """The agency and those it stands under, nearest first, up to the root of its tree."""
    line: list[int] = []
    next_id: int | None = agency_id
    while next_id is not None and next_id not in line:
        line.append(next_id)
        found = db.session.get(Agency, next_id)
        next_id = found.parent_id if found else None
    return line


def agencies_below(agency_id: int) -> list[Agency]:
    """The agency and every one below it in the tree, each after the one it stands under."""
    children: dict[int | None, list[Agency]] = {}
    for each in db.session.scalars(select(Agency).order_by(Agency.id)):
        children.setdefault(each.parent_id, []).append(each)
    below = [agency(agency_id)]
    for each in below:
        below += [child for child in children.get(each.id, []) if child not in below]
    return below


def departments_of(agency_id: int) -> list[Department]:
    """The agency's departments in their order of creation."""
    return list(
        db.session.scalars(
            select(Department).where(Department.agency_id == agency_id).order_by(Department.id)
        )
    )


def user_by_login(login: str) -> User | None:
    """The person with this login name, if there is one; capital and small letters are the same."""
    return db.session.scalar(select(User).where(func.lower(User.login) == login.strip().lower()))


def person_of(agency_id: int, user_id: int) -> User:
    """One person of this agency; refused when there is none."""
    person = db.session.get(User, user_id)
    if person is None or person.agency_id != agency_id:
        raise Refusal(NOT_FOUND, what="这个账号")
    return person


def people_of(agency_id: int) -> list[User]:
    """Everyone with a login at the agency."""
    return list(db.session.scalars(select(User).where(User.agency_id == agency_id).order_by(User.id)))


def administrators_of(agency_id: int) -> list[int]:
    """Who of the agency can log in and manage it, by user id."""
    open_logins = select(User.id, User.roles).where(User.agency_id == agency_id, User.disabled_at.is_(None))
    return [user_id for user_id, roles in db.session.execute(open_logins) if Role.ADMIN in roles]


_SESSIONS, _USERS, _AGENCIES = table_of(LoginSession), table_of(User), table_of(Agency)
_LIVE_SESSION = (
    select(
        _SESSIONS.c.id,
        _USERS.c.id,
        *(_USERS.c[name] for name in ("agency_id", "department_id", "name", "roles", "password_is_initial")),
        _AGENCIES.c.name,
    )
    .join_from(_SESSIONS, _USERS, _SESSIONS.c.user_id == _USERS.c.id)
    .join(_AGENCIES, _AGENCIES.c.id == _USERS.c.agency_id)
    .where(_SESSIONS.c.token_sha256 == bindparam("token"), _SESSIONS.c.revoked_at.is_(None))
    .where(_SESSIONS.c.expires_at > bindparam("moment"), _USERS.c.disabled_at.is_(None))
)


@dataclass(frozen=True)
class LiveSession:
    """A session that holds, whose it is, the name of their agency, and whether their password is one that somebody gave them."""

    id: int
    actor: Actor
    agency_name: str
    password_is_initial: bool


def live_session(token_sha256: str, moment: datetime) -> LiveSession | None:
    """The session of this token if it is neither over, revoked, nor its person disabled. Asked at each request: one statement."""
    asked = {"token": token_sha256, "moment": moment}
    with reading() as connection:
        found = connection.execute(_LIVE_SESSION, asked).one_or_none()
    if found is None:
        return None
    session_id, user_id, agency_id, department_id, name, roles, is_initial, agency_name = tuple(found)
    actor = Actor(user_id, agency_id, department_id, name, frozenset(map(Role, roles)))
    return LiveSession(session_id, actor, agency_name, is_initial)


def recent_failures(login: str, moment: datetime) -> int:
    """How often this login name failed within the last quarter of an hour."""
    since = moment - FAILURE_WINDOW
    counted = (
        select(func.count())
        .select_from(LoginFailure)
        .where(LoginFailure.login == login, LoginFailure.at > since)
    )
    return db.session.scalar(counted) or 0
