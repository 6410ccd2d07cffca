"""UUIDv7 (RFC 9562): identifiers that sort by the millisecond they were made in."""

import uuid


def uuid7(unix_ms: int, random_bytes: bytes) -> str:
    """Compose a UUIDv7 from a time in milliseconds and ten random bytes."""
    if len(random_bytes) != 10:
        raise ValueError("a UUIDv7 takes exactly ten random bytes")
    raw = bytearray(unix_ms.to_bytes(6, "big") + random_bytes)
    raw[6] = (raw[6] & 0x0F) | 0x70
    raw[8] = (raw[8] & 0x3F) | 0x80
    return str(uuid.UUID(bytes=bytes(raw)))
