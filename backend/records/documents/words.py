"""How values are said in an official document: Chinese dates, grouped fingerprints, places with their error."""

from datetime import date, datetime, timedelta

from backend.core.clock import SHANGHAI

MATTER_CLASSES = {"key": "重点", "general": "一般"}
SIGNER_ROLES = {"inspector": "检查人员", "party": "当事人", "witness": "见证人"}
UNRECORDED = "未记录"


def day(value: date | datetime | None) -> str:
    """2026年7月28日, in China's time zone, without leading zeros (GB/T 9704)."""
    if value is None:
        return UNRECORDED
    if isinstance(value, datetime):
        value = value.astimezone(SHANGHAI).date()
    return f"{value.year}年{value.month}月{value.day}日"


def eight_digits(value: date | None) -> str:
    """20260728, as a catalogue of an archive writes its dates (DA/T 22)."""
    return "" if value is None else f"{value:%Y%m%d}"


def minute(value: datetime | None) -> str:
    """2026年7月28日 09:31."""
    return UNRECORDED if value is None else f"{day(value)} {value.astimezone(SHANGHAI):%H:%M}"


def second(value: datetime | None) -> str:
    """2026年7月28日 09:31:20."""
    return UNRECORDED if value is None else f"{day(value)} {value.astimezone(SHANGHAI):%H:%M:%S}"


def span(start: datetime | None, end: datetime | None) -> str:
    """2026年7月28日 09:34 至 11:41; the day is said twice only where it changes."""
    if start is None or end is None:
        return f"{minute(start)} 至 {minute(end)}"
    closing = f"{end.astimezone(SHANGHAI):%H:%M}" if day(start) == day(end) else minute(end)
    return f"{minute(start)} 至 {closing}"


def fingerprint(digest: str) -> str:
    """A SHA-256 in upper-case groups of four, as people compare it by eye."""
    return " ".join(digest[at : at + 4].upper() for at in range(0, len(digest), 4))


def position(lat7: int | None, lon7: int | None) -> str:
    """北纬36.186500°　东经118.168200°, from 1e-7 degrees."""
    if lat7 is None or lon7 is None:
        return "位置未记录"
    north = "北纬" if lat7 >= 0 else "南纬"
    east = "东经" if lon7 >= 0 else "西经"
    return f"{north}{_degrees(lat7)}°　{east}{_degrees(lon7)}°"


def metres(centimetres: int | None) -> str:
    """误差9米, rounded up so that it never promises more than was measured."""
    return "误差未记录" if centimetres is None else f"误差{-(-centimetres // 100)}米"


def clock_offset(seconds: int | None) -> str:
    """How the phone's clock stood against the server's."""
    if seconds is None:
        return "手机时钟偏差未记录"
    if seconds == 0:
        return "手机时钟与服务器一致"
    return f"手机时钟{'快' if seconds > 0 else '慢'}{abs(seconds)}秒"


def size(octets: int) -> str:
    """Bytes as a person reads them: 812 字节, 1.4 MB."""
    if octets < 1_000:
        return f"{octets} 字节"
    if octets < 1_000_000:
        return f"{octets / 1_000:.0f} kB"
    return f"{octets / 1_000_000:.1f} MB"


def duration(seconds: int | None) -> str:
    """1:02:09, or 未记录."""
    return UNRECORDED if seconds is None else str(timedelta(seconds=seconds))


def _degrees(tenmillionths: int) -> str:
    whole, rest = divmod(abs(tenmillionths), 10_000_000)
    return f"{whole}.{rest // 10:06d}"
