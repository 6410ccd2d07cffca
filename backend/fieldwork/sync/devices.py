"""Devices and who speaks for them: a session, or the push token that outlives it by thirty days (sync.md "Endpoints")."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, select

from backend.core.errors import DEVICE_TAKEN, DEVICE_UNKNOWN, INVALID_INPUT, Refusal
from backend.fieldwork.sync.keys import key_id, public_jwk, read_jwk
from backend.fieldwork.sync.models import Device
from backend.fieldwork.sync.rules import NO_PREVIOUS
from backend.foundation.accounts.models import LoginSession, User
from backend.foundation.accounts.queries import actor_of
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.plumbing.clock import now
from backend.plumbing.db import db, reading, table_of, transaction
from backend.plumbing.randomness import token

TOKEN_DAYS = 30
_MOST_SEEN = 10_000
_DEVICES = table_of(Device)
_KNOWN = select(_DEVICES.c.user_id, _DEVICES.c.session_id, _DEVICES.c.public_jwk).where(
    _DEVICES.c.id == bindparam("device")
)


@dataclass(frozen=True)
class Sender:
    """Who is pushing: the person, their device and its key, whether by a live session, and whether what they send may take effect."""

    actor: Actor
    device_id: str
    public_jwk: Mapping[str, str]
    by_session: bool
    alive: bool = True


def register(actor: Actor, session_id: int, device_id: str, jwk: dict[str, Any]) -> tuple[str, bool]:
    """Make a device known; return its push token and whether it is new. The same key again gets a fresh token."""
    require(actor, Capability.CAPTURE)
    try:
        key = public_jwk(read_jwk(jwk))
    except ValueError as fault:
        raise Refusal(INVALID_INPUT, detail=f"publicJwk: {fault}") from fault
    secret = token(32).hex()
    with transaction():
        hold_chain(actor.agency_id)
        device = db.session.get(Device, device_id)
        is_new = device is None
        if device is None:
            device = Device(id=device_id, agency_id=actor.agency_id, user_id=actor.user_id, public_jwk=key)
            device.registered_at, device.last_hash = now(), NO_PREVIOUS
            db.session.add(device)
        elif device.user_id != actor.user_id or device.public_jwk != key:
            raise Refusal(DEVICE_TAKEN)
        device.token_sha256, device.session_id = _token_digest(secret), session_id
        if is_new:
            record(actor, "device.register", "device", device_id, after={"key": key_id(key)})
    return secret, is_new


def sender_by_session(actor: Actor, session_id: int, device_id: str | None) -> Sender:
    """The logged-in person on a device of their own; the device's token now lives on from this session."""
    require(actor, Capability.CAPTURE)
    if device_id is None:
        raise Refusal(DEVICE_UNKNOWN)
    seen: dict[str, tuple[int, int, Mapping[str, str]]] = current_app.extensions.setdefault("devices", {})
    known = seen.get(device_id)
    if known is None or known[1] != session_id:
        known = _read_device(device_id)
    user_id, last_session_id, public_jwk = known
    if user_id != actor.user_id:
        raise Refusal(DEVICE_TAKEN)
    if last_session_id != session_id:
        with transaction():
            db.session.get_one(Device, device_id).session_id = session_id
    if len(seen) >= _MOST_SEEN:
        seen.clear()
    # A device keeps its key and its person for good, and a session that was written stays the last one until another comes.
    seen[device_id] = (user_id, session_id, public_jwk)
    return Sender(actor, device_id, public_jwk, by_session=True)


def forget_device(device_id: str) -> None:
    """What was read of a device holds no more: a restore has brought back a database that never knew it."""
    current_app.extensions.get("devices", {}).pop(device_id, None)


def _read_device(device_id: str) -> tuple[int, int, Mapping[str, str]]:
    with reading() as connection:
        known = connection.execute(_KNOWN, {"device": device_id}).one_or_none()
    if known is None:
        raise Refusal(DEVICE_UNKNOWN)
    user_id, session_id, public_jwk = known
    return user_id, session_id, public_jwk


def sender_by_token(secret: str, device_id: str | None) -> Sender:
    """The device whose push token this is, with the person it belongs to."""
    device = db.session.scalar(select(Device).where(Device.token_sha256 == _token_digest(secret)))
    if device is None or device.id != device_id:
        raise Refusal(DEVICE_UNKNOWN)
    user = db.session.get_one(User, device.user_id)
    alive = _token_lives(device, user, now())
    return Sender(actor_of(user), device.id, device.public_jwk, by_session=False, alive=alive)


def note_in_step(sender: Sender) -> None:
    """Remember when a device last had seen everything there was."""
    with transaction():
        db.session.get_one(Device, sender.device_id, populate_existing=True).last_in_step_at = now()


def _token_lives(device: Device, user: User, moment: datetime) -> bool:
    session = db.session.get_one(LoginSession, device.session_id)
    ended = min(session.expires_at, session.revoked_at or session.expires_at)
    return user.disabled_at is None and moment < ended + timedelta(days=TOKEN_DAYS)


def _token_digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
