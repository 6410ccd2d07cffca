"""P-256 on both sides: the phone's signature over a push or a file, and the server's over a receipt.

Signatures are base64url of r‖s (64 bytes), as WebCrypto makes them; a public key is a JWK with exactly kty, crv, x, y.
"""

import base64
import binascii
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from backend.core.canonical_json import canonical, digest

_ECDSA = ec.ECDSA(hashes.SHA256())


def base64url(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def from_base64url(text: str) -> bytes:
    """Undo `base64url`. Raises ValueError on anything but its own spelling."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as fault:
        raise ValueError("not base64url") from fault
    if base64url(raw) != text:
        raise ValueError("not base64url")
    return raw


def public_jwk(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    """The public key as the JWK that travels and is stored."""
    point = key.public_numbers()
    return {
        "kty": "EC",
        "crv": "P-256",
        "x": base64url(point.x.to_bytes(32, "big")),
        "y": base64url(point.y.to_bytes(32, "big")),
    }


def read_jwk(jwk: Mapping[str, Any]) -> ec.EllipticCurvePublicKey:
    """Read a P-256 public JWK; other members (`ext`, `key_ops`) are passed over. Raises ValueError."""
    if jwk.get("kty") != "EC" or jwk.get("crv") != "P-256" or "d" in jwk:
        raise ValueError("not a public P-256 key")
    x, y = (from_base64url(str(jwk.get(name, ""))) for name in ("x", "y"))
    if len(x) != 32 or len(y) != 32:
        raise ValueError("a P-256 coordinate has 32 bytes")
    return ec.EllipticCurvePublicNumbers(
        int.from_bytes(x, "big"), int.from_bytes(y, "big"), ec.SECP256R1()
    ).public_key()


@lru_cache(maxsize=4096)
def _key_at(x: str, y: str) -> ec.EllipticCurvePublicKey:
    """A phone sends many signatures by one key, and to see that a point lies on the curve costs half of a verification."""
    return read_jwk({"kty": "EC", "crv": "P-256", "x": x, "y": y})


@lru_cache(maxsize=100)
def _kid_of(key: ec.EllipticCurvePrivateKey) -> str:
    return key_id(public_jwk(key.public_key()))


def sign(key: ec.EllipticCurvePrivateKey, message: bytes) -> str:
    """ECDSA-SHA-256 over `message`, as base64url of r‖s."""
    r, s = decode_dss_signature(key.sign(message, _ECDSA))
    return base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def signed_by(jwk: Mapping[str, Any], message: bytes, signature: str) -> bool:
    """Whether `signature` is that of the key's owner over `message`; anything malformed is a no."""
    try:
        raw = from_base64url(signature)
        key = _key_at(str(jwk["x"]), str(jwk["y"]))
        if len(raw) != 64:
            return False
        key.verify(
            encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")),
            message,
            _ECDSA,
        )
    except (ValueError, InvalidSignature):
        return False
    return True


def key_id(jwk: Mapping[str, Any]) -> str:
    """The key's thumbprint (RFC 7638): SHA-256 of its canonical JWK, first 16 hex digits."""
    return digest({name: jwk[name] for name in ("crv", "kty", "x", "y")})[:16]


def make_receipt(
    key: ec.EllipticCurvePrivateKey, *, hash: str, server_time: int, server_seq: int
) -> dict[str, str | int]:
    """`{kid, hash, serverTime (ms), serverSeq, sig}`, signed over the canonical JSON of the rest."""
    told: dict[str, str | int] = {
        "kid": _kid_of(key),
        "hash": hash,
        "serverTime": server_time,
        "serverSeq": server_seq,
    }
    return {**told, "sig": sign(key, canonical(told))}


def receipt_holds(jwk: Mapping[str, Any], receipt: Mapping[str, Any]) -> bool:
    """Whether the receipt was given by the owner of `jwk`."""
    told = {name: value for name, value in receipt.items() if name != "sig"}
    return signed_by(jwk, canonical(told), str(receipt.get("sig", "")))
