"""Log in, log out, create and disable people: each with its audit entry."""

import base64
import hashlib
from collections.abc import Iterable
from datetime import timedelta

from backend.core.errors import (
    INVALID_INPUT,
    LAST_ADMINISTRATOR,
    LOGIN_FAILED,
    NEW_PASSWORD_WRONG,
    PASSWORD_IS_INITIAL,
    REASON_TOO_SHORT,
    ROLE_MISSING,
    TOO_MANY_TRIES,
    Refusal,
)
from backend.foundation.accounts.models import Agency, Department, LoginFailure, LoginSession, User
from backend.foundation.accounts.passwords import hash_password, matches
from backend.foundation.accounts.queries import (
    actor_of,
    administrators_of,
    departments_of,
    person_of,
    recent_failures,
    user_by_login,
)
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability, Role
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.plumbing.randomness import token

SESSION_LENGTH = timedelta(days=14)
FAILURES_ALLOWED = 8
SHORTEST_PASSWORD = 10
FIRST_PASSWORD_BYTES = 10
SHORTEST_REASON = 4


def log_in(login: str, password: str, device_label: str, to_replace_it: bool = False) -> tuple[Actor, str]:
    """Open a session; return its actor and the secret token for the cookie.

    A password that somebody else gave opens one only where it can be replaced (`to_replace_it`).
    """
    user = _who_knows(login, password)
    if user.password_is_initial and not to_replace_it:
        raise Refusal(PASSWORD_IS_INITIAL)
    return actor_of(user), open_session_for(user, device_label)


def log_in_with_own_password(login: str, given: str, chosen: str, device_label: str) -> tuple[Actor, str]:
    """Replace the password that somebody gave and open a session with the chosen one, in one step."""
    user = _who_knows(login, given)
    change_password(actor_of(user), given, chosen)
    return actor_of(user), open_session_for(user, device_label)


def _who_knows(login: str, password: str) -> User:
    """The person whose login and password these are; guessing is counted and slowed down."""
    login, moment = login.strip().lower(), now()
    if recent_failures(login, moment) >= FAILURES_ALLOWED:
        raise Refusal(TOO_MANY_TRIES, minutes=15)
    user = user_by_login(login)
    if not matches(user.password_hash if user else None, password) or user is None or user.disabled_at:
        with transaction():
            db.session.add(LoginFailure(login=login[:100], at=moment))
        raise Refusal(LOGIN_FAILED)
    return user


def open_session_for(user: User, device_label: str) -> str:
    """Open a session for a person who has shown who they are; return the secret for the cookie."""
    secret, moment = token(32).hex(), now()
    with transaction():
        opened = LoginSession(
            token_sha256=token_digest(secret),
            user_id=user.id,
            created_at=moment,
            expires_at=moment + SESSION_LENGTH,
            device_label=device_label[:120],
        )
        db.session.add(opened)
        db.session.flush()
        record(actor_of(user), "session.open", "session", opened.id, after={"device": opened.device_label})
    return secret


def log_out(actor: Actor, session_id: int) -> None:
    """End one of the actor's own sessions."""
    with transaction():
        ended = db.session.get_one(LoginSession, session_id)
        if ended.user_id == actor.user_id and ended.revoked_at is None:
            ended.revoked_at = now()
            record(actor, "session.end", "session", session_id)


def revoke_sessions(actor: Actor, user_id: int) -> int:
    """End every session of a person of the actor's agency; return how many were open."""
    with transaction():
        require(actor, Capability.MANAGE_PEOPLE)
        person_of(actor.agency_id, user_id)
        ended = _end_sessions(user_id)
        record(actor, "session.revoke", "user", user_id, after={"sessions": ended})
        return ended


def change_password(actor: Actor, present: str, chosen: str) -> None:
    """Replace the actor's own password. Their other sessions end: whoever knew the old one is out."""
    with transaction():
        person = person_of(actor.agency_id, actor.user_id)
        if not matches(person.password_hash, present):
            raise Refusal(NEW_PASSWORD_WRONG, fault="现在的口令不对")
        if len(chosen) < SHORTEST_PASSWORD:
            raise Refusal(NEW_PASSWORD_WRONG, fault=f"新口令至少 {SHORTEST_PASSWORD} 位")
        if chosen == present or chosen.lower() == person.login.lower():
            raise Refusal(NEW_PASSWORD_WRONG, fault="新口令不能和原来的、和账号相同")
        person.password_hash, person.password_is_initial = hash_password(chosen), False
        _end_sessions(person.id)
        record(actor, "password.change", "user", person.id)


def reset_password(actor: Actor, user_id: int) -> str:
    """Give a person of the actor's agency a new first password, which is returned once and kept nowhere."""
    require(actor, Capability.MANAGE_PEOPLE)
    with transaction():
        person = person_of(actor.agency_id, user_id)
        password = first_password()
        person.password_hash, person.password_is_initial = hash_password(password), True
        ended = _end_sessions(person.id)
        record(actor, "password.reset", "user", person.id, after={"sessions": ended})
        return password


def first_password() -> str:
    """A password that can be read out and typed, to be replaced by its owner."""
    return base64.b32encode(token(FIRST_PASSWORD_BYTES)).decode("ascii").lower()


def _end_sessions(user_id: int) -> int:
    opened = [s for s in db.session.query(LoginSession).filter_by(user_id=user_id) if s.revoked_at is None]
    for session in opened:
        session.revoked_at = now()
    return len(opened)


def create_person(
    actor: Actor,
    login: str,
    name: str,
    password: str,
    roles: Iterable[Role],
    department_id: int | None = None,
) -> User:
    """Give a person of the actor's agency a login, with a password that they replace when they first use it."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refusal(INVALID_INPUT, detail=f"口令至少 {SHORTEST_PASSWORD} 位")
    return add_person(actor, login, name, hash_password(password), roles, department_id, is_initial=True)


def add_person(
    actor: Actor,
    login: str,
    name: str,
    password_hash: str,
    roles: Iterable[Role],
    department_id: int | None = None,
    is_initial: bool = False,
) -> User:
    """Give a person a login whose password was hashed before; `is_initial` where its owner did not choose it."""
    require(actor, Capability.MANAGE_PEOPLE)
    if not login.strip() or not name.strip():
        raise Refusal(INVALID_INPUT, detail="账号和姓名都要填")
    with transaction():
        if user_by_login(login) is not None:
            raise Refusal(INVALID_INPUT, detail=f"账号 {login} 已有人使用，请换一个")
        stored = _checked_post(actor.agency_id, roles, department_id)
        person = User(
            agency_id=actor.agency_id,
            department_id=department_id,
            login=login,
            name=name,
            password_hash=password_hash,
            password_is_initial=is_initial,
            roles=stored,
        )
        db.session.add(person)
        db.session.flush()
        record(
            actor,
            "user.create",
            "user",
            person.id,
            after={"login": login, "name": name, "roles": person.roles},
        )
        return person


def assign(actor: Actor, user_id: int, roles: Iterable[Role], department_id: int | None, reason: str) -> None:
    """Give a person other roles or another department. It holds from their next request on, in every open session."""
    require(actor, Capability.MANAGE_PEOPLE)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal(REASON_TOO_SHORT, least=SHORTEST_REASON)
    with transaction():
        hold_chain(actor.agency_id)
        person = person_of(actor.agency_id, user_id)
        roles_before = person.roles
        before = {"roles": roles_before, "department": person.department_id}
        person.roles = _checked_post(actor.agency_id, roles, department_id)
        person.department_id = department_id
        after = {"roles": person.roles, "department": department_id, "reason": reason.strip()}
        _keep_an_administrator(person, roles_before)
        record(actor, "user.assign", "user", user_id, before=before, after=after)


def _checked_post(agency_id: int, roles: Iterable[Role], department_id: int | None) -> list[str]:
    """The roles as they are stored; refused where there is none or the department is another agency's."""
    stored = sorted(set(roles))
    if not stored:
        raise Refusal(ROLE_MISSING)
    if department_id is not None and department_id not in {d.id for d in departments_of(agency_id)}:
        raise Refusal(INVALID_INPUT, detail="科室不属于本单位")
    return [role.value for role in stored]


def _keep_an_administrator(person: User, roles_before: Iterable[str]) -> None:
    """Asked while the chain is held: two administrators who step back at once take turns."""
    if Role.ADMIN in roles_before and not administrators_of(person.agency_id):
        raise Refusal(LAST_ADMINISTRATOR, name=person.name)


def set_disabled(actor: Actor, user_id: int, disabled: bool) -> None:
    """Close a person's login, ending every session, or open it again."""
    with transaction():
        require(actor, Capability.MANAGE_PEOPLE)
        hold_chain(actor.agency_id)
        person = person_of(actor.agency_id, user_id)
        before = {"disabled": person.disabled_at is not None}
        person.disabled_at = now() if disabled else None
        _keep_an_administrator(person, person.roles)
        record(actor, "user.disable", "user", user_id, before=before, after={"disabled": disabled})
        if disabled:
            revoke_sessions(actor, user_id)


def found_agency(
    name: str,
    code: str,
    fonds_no: str,
    doc_prefix: str,
    departments: Iterable[str],
    parent_id: int | None = None,
) -> Agency:
    """Set up an agency with its departments, before anyone of it can log in."""
    with transaction():
        agency = Agency(name=name, code=code, parent_id=parent_id, fonds_no=fonds_no, doc_prefix=doc_prefix)
        db.session.add(agency)
        db.session.flush()
        db.session.add_all(Department(agency_id=agency.id, name=department) for department in departments)
        founder = Actor(0, agency.id, None, "命令行", frozenset())
        record(founder, "agency.found", "agency", agency.id, after={"name": name, "code": code})
        return agency


def token_digest(secret: str) -> str:
    """What is stored of a session's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
