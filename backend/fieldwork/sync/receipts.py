"""Receipts: the server's signed word that it holds something durably; made only after the row is committed."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from flask import current_app
from sqlalchemy import select

from backend.fieldwork.evidence.models import EvidenceFile
from backend.fieldwork.sync.keys import key_id, make_receipt, public_jwk
from backend.fieldwork.sync.models import OpPlace, ServerKey
from backend.fieldwork.sync.op_log import Op
from backend.fieldwork.sync.rules import Head
from backend.plumbing.clock import now
from backend.plumbing.db import db, in_transaction, transaction
from backend.plumbing.sealing import seal, unseal

_PURPOSE = "receipt"
_KEY_HOLDS = timedelta(seconds=10)


def receipt_keys() -> list[dict[str, Any]]:
    """Every key that ever signed a receipt, newest first: `[{kid, jwk}]`; there is always one to check the next receipt by."""
    _newest_key(_PURPOSE)
    return [{"kid": key.kid, "jwk": key.public_jwk} for key in _server_keys(_PURPOSE)]


def agency_key(agency_id: int) -> dict[str, str]:
    """The key to which a phone encrypts a rescue bundle of this agency."""
    return _newest_key(f"rescue {agency_id}").public_jwk


def rescue_private_key(agency_id: int) -> ec.EllipticCurvePrivateKey:
    """The other half of `agency_key`; only the command line asks for it."""
    return _private(_newest_key(f"rescue {agency_id}"))


def receipt_for_chain(device_id: str, head: Head, server_seq: int | None = None) -> dict[str, Any] | None:
    """The receipt of a device's chain up to its head, whose place is looked up where it is not known; None while it is empty."""
    if head.seq == 0:
        return None
    if server_seq is None:
        last = select(OpPlace.server_seq).where(OpPlace.device_id == device_id, OpPlace.chain_seq == head.seq)
        server_seq = db.session.execute(last).scalar_one()
    return _receipt(head.hash, server_seq)


def receipt_for_op(op: Op) -> dict[str, Any]:
    """The receipt of one op, in the chain or outside it."""
    return _receipt(op.hash, op.server_seq)


def receipt_for_file(file: EvidenceFile) -> dict[str, Any]:
    """The receipt of a whole file."""
    return _receipt(file.sha, file.server_seq)


def _receipt(hash: str, server_seq: int) -> dict[str, Any]:
    if in_transaction():
        raise RuntimeError("a receipt is given only for what is committed")
    moment = int(now().timestamp() * 1000)
    return make_receipt(_receipt_key(), hash=hash, server_time=moment, server_seq=server_seq)


def _receipt_key() -> ec.EllipticCurvePrivateKey:
    """The newest key; asked of the database once in ten seconds."""
    known: tuple[datetime, ec.EllipticCurvePrivateKey] | None = current_app.extensions.get("receipt_key")
    if known is None or abs(now() - known[0]) > _KEY_HOLDS:
        known = (now(), _private(_newest_key(_PURPOSE)))
        current_app.extensions["receipt_key"] = known
    return known[1]


def _private(key: ServerKey) -> ec.EllipticCurvePrivateKey:
    return _opened(key.purpose, key.sealed_private)


@lru_cache(maxsize=100)
def _opened(purpose: str, sealed_private: str) -> ec.EllipticCurvePrivateKey:
    private = load_der_private_key(unseal(purpose, sealed_private), None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    return private


def _newest_key(purpose: str) -> ServerKey:
    keys = _server_keys(purpose)
    if keys:
        return keys[0]
    with transaction():
        keys = _server_keys(purpose)
        if keys:
            return keys[0]
        private = ec.generate_private_key(ec.SECP256R1())
        raw = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        jwk = public_jwk(private.public_key())
        made = ServerKey(
            kid=key_id(jwk),
            purpose=purpose,
            public_jwk=jwk,
            sealed_private=seal(purpose, raw),
            created_at=now(),
        )
        db.session.add(made)
    return made


def _server_keys(purpose: str) -> list[ServerKey]:
    query = (
        select(ServerKey)
        .where(ServerKey.purpose == purpose)
        .order_by(ServerKey.created_at.desc(), ServerKey.kid)
    )
    return list(db.session.scalars(query))
