"""What a new agency must be called and who must be able to log in. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_CODE = re.compile(r"[a-z][a-z0-9-]{1,19}")
_LOGIN = re.compile(r"[A-Za-z0-9._-]{3,40}")


@dataclass(frozen=True)
class Founding:
    """An agency to be set up, with the profile it follows and its first administrator."""

    name: str
    code: str
    doc_prefix: str
    fonds_no: str
    departments: Sequence[str]
    profile_key: str
    admin_login: str
    admin_name: str


def founding_fault(founding: Founding) -> str | None:
    """What is wrong with it, as half a Chinese sentence, or None."""
    if not founding.name.strip():
        return "请写单位全称"
    if not _CODE.fullmatch(founding.code):
        return "单位代码用小写字母开头，2 到 20 位字母、数字或连字符"
    if not founding.doc_prefix.strip():
        return "请写机关代字，如“示工信”"
    if not founding.admin_name.strip():
        return "请写管理员姓名"
    if not _LOGIN.fullmatch(founding.admin_login):
        return "管理员账号用 3 到 40 位字母、数字、点或连字符"
    names = [name.strip() for name in founding.departments]
    if len(set(names)) < len(names):
        return "科室名称重复"
    return None
