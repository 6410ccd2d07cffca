"""The head's copy of each nonce: a draw can be opened without its officer, and without this installation (draw.md 2).

The head makes a key pair; the private half is sealed under a passphrase that is nowhere stored. Every later nonce is
encrypted to the public half (X25519, HKDF-SHA256, AES-256-GCM).
"""

import base64

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from backend.core.errors import ESCROW_WRONG, Refusal
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.planning.draw.commitment import nonce_hash
from backend.planning.draw.models import EscrowKey
from backend.planning.draw.queries import draw_of
from backend.plumbing.clock import now, today
from backend.plumbing.db import db, transaction
from backend.plumbing.randomness import token

SHORTEST_PASSPHRASE = 12
_PURPOSE = b"draw/1/escrow"
_SALT, _IV, _KEY = 16, 12, 32


def make_key(actor: Actor, passphrase: str) -> None:
    """The head takes over the escrow of every later draw; a key made before keeps opening the draws of its time only
    as long as it is kept, so it is not replaced here."""
    require(actor, Capability.DECIDE_ON_DRAW)
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise Refusal(ESCROW_WRONG, fault=f"口令至少 {SHORTEST_PASSPHRASE} 个字符")
    with transaction():
        hold_chain(actor.agency_id)
        if db.session.get(EscrowKey, actor.agency_id) is not None:
            raise Refusal(ESCROW_WRONG, fault="托管口令已经设过，以前的摇号还要用它")
        private = X25519PrivateKey.from_private_bytes(token(_KEY))
        salt, iv = token(_SALT), token(_IV)
        sealed = AESGCM(_from_passphrase(passphrase, salt)).encrypt(iv, private.private_bytes_raw(), _PURPOSE)
        key = EscrowKey(
            agency_id=actor.agency_id,
            public_key=private.public_key().public_bytes_raw().hex(),
            private_sealed=_text(salt + iv + sealed),
            made_by_name=actor.name,
            made_at=now(),
        )
        db.session.add(key)
        record(actor, "draw.escrow_key", "agency", actor.agency_id, after={"public": key.public_key})


def escrow_key(agency_id: int) -> EscrowKey | None:
    """The agency's escrow key, if its head has made one."""
    return db.session.get(EscrowKey, agency_id)


def in_escrow(agency_id: int, nonce: bytes) -> str | None:
    """The nonce, for the head alone; None while there is no key."""
    key = escrow_key(agency_id)
    if key is None:
        return None
    once, iv = X25519PrivateKey.from_private_bytes(token(_KEY)), token(_IV)
    shared = once.exchange(X25519PublicKey.from_public_bytes(bytes.fromhex(key.public_key)))
    return _text(
        once.public_key().public_bytes_raw() + iv + AESGCM(_derived(shared)).encrypt(iv, nonce, _PURPOSE)
    )


def from_escrow(actor: Actor, draw_id: int, passphrase: str) -> str:
    """The head opens the copy: the nonce in hex, held to the committed hash, and on the trail.

    Never while inputs can still change, unless the draw was left lying past the day it was to be opened by.
    """
    require(actor, Capability.DECIDE_ON_DRAW)
    with transaction():
        hold_chain(actor.agency_id)
        draw, key = draw_of(actor.agency_id, draw_id), escrow_key(actor.agency_id)
        if key is None or draw.escrow is None:
            raise Refusal(ESCROW_WRONG, fault="这次摇号没有托管副本")
        if draw.status == "committed" and draw.shown_at is None and today() <= draw.reveal_by:
            # Whoever knows the nonce while inputs can still change picks the winners (draw.md 1.5).
            raise Refusal(
                ESCROW_WRONG, fault="见证人的输入还没有一起翻开，这时知道随机数就能左右结果；翻开以后再打开"
            )
        try:
            nonce = _opened(key, draw.escrow, passphrase)
        except InvalidTag as fault:
            raise Refusal(ESCROW_WRONG, fault="口令不对") from fault
        if nonce_hash(nonce) != draw.commit_doc["nonce_hash"]:
            raise Refusal(ESCROW_WRONG, fault="托管副本和承诺的随机数不符，请查留痕")
        record(actor, "draw.open_escrow", "draw", draw.id, after={"serial": draw.serial})
        return nonce.hex()


def _opened(key: EscrowKey, copy: str, passphrase: str) -> bytes:
    kept, given = base64.b64decode(key.private_sealed), base64.b64decode(copy)
    salt, iv, sealed = kept[:_SALT], kept[_SALT : _SALT + _IV], kept[_SALT + _IV :]
    private = AESGCM(_from_passphrase(passphrase, salt)).decrypt(iv, sealed, _PURPOSE)
    once = X25519PublicKey.from_public_bytes(given[:_KEY])
    shared = X25519PrivateKey.from_private_bytes(private).exchange(once)
    return AESGCM(_derived(shared)).decrypt(given[_KEY : _KEY + _IV], given[_KEY + _IV :], _PURPOSE)


def _from_passphrase(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=_KEY, n=1 << 14, r=8, p=1).derive(passphrase.encode())


def _derived(shared: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY, salt=None, info=_PURPOSE).derive(shared)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
