"""Password hashing: argon2id with the library's recommended cost."""

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

_hasher = PasswordHasher()
# Checked when the login is unknown, so that the answer takes as long as for a known one.
_NOBODYS_HASH = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """The salted argon2id hash to store."""
    return _hasher.hash(password)


def matches(stored_hash: str | None, password: str) -> bool:
    """Whether `password` is the one behind `stored_hash`; None costs the same time and never matches."""
    try:
        _hasher.verify(stored_hash or _NOBODYS_HASH, password)
    except VerifyMismatchError:
        return False
    return stored_hash is not None
