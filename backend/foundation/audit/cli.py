"""`yaohao audit verify`: recompute every agency's chain."""

import argparse

from sqlalchemy import select

from backend.foundation.accounts.models import Agency
from backend.foundation.audit.queries import chain_fault, entries_of
from backend.plumbing.db import db


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    audit = commands.add_parser("audit", help="the audit trail")
    verbs = audit.add_subparsers(required=True, metavar="VERB")
    verify = verbs.add_parser("verify", help="recompute the hash chains")
    verify.set_defaults(run=_verify, in_app=True)


def _verify(_chosen: argparse.Namespace) -> int:
    agencies = list(db.session.scalars(select(Agency).order_by(Agency.id)))
    if not agencies:
        print("没有可核验的留痕：这里还没有单位。演示的数据请用 YAOHAO_DATA_DIR=.data/demo。")
    broken = not agencies
    for agency in agencies:
        fault = chain_fault(agency.id)
        count = sum(1 for _ in entries_of(agency.id))
        print(f"{agency.name}：{count} 条，" + ("连续且完整" if fault is None else fault))
        broken = broken or fault is not None
    return 1 if broken else 0
