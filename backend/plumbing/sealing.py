"""Secrets at rest: sealed with a key derived from the installation's own, one derived key for each purpose."""

import base64
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from backend.core.errors import SEAL_BROKEN, Refusal
from backend.plumbing.randomness import token


def seal(purpose: str, secret: bytes) -> str:
    """Encrypt `secret` (AES-256-GCM) so that only this installation, asking for the same purpose, can read it."""
    nonce = token(12)
    return base64.b64encode(nonce + _cipher(purpose).encrypt(nonce, secret, purpose.encode())).decode("ascii")


def unseal(purpose: str, sealed: str) -> bytes:
    """Undo `seal`. Refuses SEAL_BROKEN when the installation's key is another or the text was altered."""
    raw = base64.b64decode(sealed)
    try:
        return _cipher(purpose).decrypt(raw[:12], raw[12:], purpose.encode())
    except InvalidTag as fault:
        raise Refusal(SEAL_BROKEN, purpose=purpose) from fault


def mark_of(purpose: str, what: str) -> str:
    """A mark that only this installation can make of `what` (HMAC-SHA256): 32 characters fit for an address."""
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"yaohao mark " + purpose.encode())
    made = hmac.digest(key.derive(current_app.config["SETTINGS"].secret_key), what.encode(), "sha256")
    return base64.urlsafe_b64encode(made[:24]).decode("ascii")


def _cipher(purpose: str) -> AESGCM:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"yaohao " + purpose.encode())
    return AESGCM(derive.derive(current_app.config["SETTINGS"].secret_key))
