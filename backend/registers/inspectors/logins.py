"""Logins for every inspector in post who has none, in one go: the certificate number, and a password to be replaced."""

from dataclasses import dataclass

from backend.foundation.accounts.actions import add_person, first_password
from backend.foundation.accounts.passwords import hash_password
from backend.foundation.accounts.queries import user_by_login
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability, Role
from backend.plumbing.db import transaction
from backend.registers.changes.actions import remember
from backend.registers.inspectors.models import Inspector
from backend.registers.inspectors.queries import without_login

SOURCE = "批量开通账号"


@dataclass(frozen=True)
class GivenLogin:
    """What an inspector is told by the administrator; the password is kept nowhere."""

    name: str
    login: str
    password: str


def open_logins(actor: Actor) -> list[GivenLogin]:
    """Give each of them a login and join it to the directory. Whose number is somebody's login already is left out."""
    require(actor, Capability.MANAGE_PEOPLE)
    # Hashing is slow on purpose: done before the agency's turn is taken, for whoever is without a login by then.
    passwords = {person.id: first_password() for person in without_login(actor.agency_id)}
    hashes = {inspector_id: hash_password(password) for inspector_id, password in passwords.items()}
    with transaction():
        hold_chain(actor.agency_id)
        return [
            GivenLogin(person.name, _open_login(actor, person, hashes[person.id]), passwords[person.id])
            for person in without_login(actor.agency_id)
            if person.id in hashes and user_by_login(login_for(person)) is None
        ]


def login_for(person: Inspector) -> str:
    """The certificate number in small letters; capitals do as well when logging in."""
    return person.certificate_no.strip().lower()


def _open_login(actor: Actor, person: Inspector, password_hash: str) -> str:
    login = login_for(person)
    roles = [Role.INSPECTOR]
    user = add_person(actor, login, person.name, password_hash, roles, person.department_id, is_initial=True)
    person.user_id = user.id
    before, after = {"user_id": None}, {"user_id": user.id}
    remember(actor, "inspector", person.id, SOURCE, before, after)
    record(
        actor, "inspector.change", "inspector", person.id, before=before, after={**after, "source": SOURCE}
    )
    return login
