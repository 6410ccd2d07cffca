"""`yaohao init`: found the installation's first agency; what is not given as an option is asked for."""

import argparse
import sys

from backend.core.errors import FOUNDING_WRONG, Refusal
from backend.foundation.rule_profiles.profile_files import load_profile, profile_files
from backend.foundation.rule_profiles.queries import DEFAULT_PROFILE
from backend.registers.first_run.actions import found_first
from backend.registers.first_run.rules import Founding

QUESTIONS = {
    "name": "单位全称",
    "code": "单位代码（小写字母，如 slgx）",
    "prefix": "机关代字（如 示工信）",
    "admin": "管理员账号",
    "admin_name": "管理员姓名",
}


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    init = commands.add_parser("init", help="set up a real agency: itself, its rules, its administrator")
    init.add_argument("--name", help="the agency's full name")
    init.add_argument("--code", help="its short code in small letters")
    init.add_argument("--prefix", help="机关代字 of its document numbers")
    init.add_argument("--fonds", default="", help="全宗号, given by the archives")
    init.add_argument("--department", action="append", default=[], help="a department; may be repeated")
    profiles = "; ".join(f"{key} 《{load_profile(key).name}》" for key in profile_files())
    init.add_argument(
        "--profile",
        default=DEFAULT_PROFILE,
        choices=list(profile_files()),
        metavar="PROFILE",
        help=f"the rules it follows: {profiles} (default: %(default)s)",
    )
    init.add_argument("--admin", help="the administrator's login")
    init.add_argument("--admin-name", help="the administrator's name")
    init.set_defaults(run=_init, in_app=True)


def _init(chosen: argparse.Namespace) -> int:
    given = {name: getattr(chosen, name) or _asked(question) for name, question in QUESTIONS.items()}
    founded = found_first(
        Founding(
            name=given["name"],
            code=given["code"],
            doc_prefix=given["prefix"],
            fonds_no=chosen.fonds,
            departments=chosen.department,
            profile_key=chosen.profile,
            admin_login=given["admin"],
            admin_name=given["admin_name"],
        )
    )
    print(f"已设立 {founded.agency.name}，采用《{load_profile(chosen.profile).name}》。")
    print(f"管理员账号 {given['admin']}　口令 {founded.password}（首次登录要更换）")
    print("口令只显示这一次。用 yaohao serve 启动后登录，按“初次设置”页做完其余各步。")
    return 0


def _asked(question: str) -> str:
    if not sys.stdin.isatty():
        raise Refusal(FOUNDING_WRONG, fault=f"缺少{question}")
    return input(f"{question}：").strip()
