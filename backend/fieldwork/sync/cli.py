"""`yaohao rescue list | open`: what phones handed in because they could not sync; `yaohao epoch begin`: after a restore."""

import argparse
import json
import sys
from pathlib import Path

from sqlalchemy import select

from backend.fieldwork.evidence.uploads import forget_lost_files
from backend.fieldwork.sync.bundles import BadBundle, Bundle, opened
from backend.fieldwork.sync.epochs import begin_epoch
from backend.fieldwork.sync.models import Rescue
from backend.fieldwork.sync.queries import ids_held
from backend.fieldwork.sync.receipts import rescue_private_key
from backend.foundation.accounts.models import User
from backend.plumbing.db import db
from backend.plumbing.files import store


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands."""
    rescue = commands.add_parser("rescue", help="bundles that phones handed in")
    verbs = rescue.add_subparsers(required=True, metavar="VERB")
    listed = verbs.add_parser("list", help="the bundles, newest first")
    listed.set_defaults(run=_list, in_app=True)
    opened = verbs.add_parser("open", help="decrypt a bundle into a folder")
    opened.add_argument("id")
    opened.add_argument("--out", type=Path, required=True)
    opened.set_defaults(run=_open, in_app=True)
    epoch = commands.add_parser("epoch", help="the life of this database, as phones know it")
    begins = epoch.add_subparsers(required=True, metavar="VERB")
    begun = begins.add_parser(
        "begin", help="after a restore from backup: phones check what they hold, and send again"
    )
    begun.set_defaults(run=_begin_epoch, in_app=True)


def _begin_epoch(_chosen: argparse.Namespace) -> int:
    lost = forget_lost_files()
    name = begin_epoch()
    print(f"新的纪元 {name}。手机下次同步时会逐项核对回执，补传缺少的内容。")
    if lost:
        print(f"{lost} 个证据文件有记录而不在存储里，等手机重传。")
    return 0


def _list(_chosen: argparse.Namespace) -> int:
    for rescue in db.session.scalars(select(Rescue).order_by(Rescue.at.desc())):
        person = db.session.get_one(User, rescue.user_id)
        print(f"{rescue.id}  {rescue.at:%Y-%m-%d %H:%M}Z  {person.name}  {rescue.size:,} bytes")
    return 0


def _open(chosen: argparse.Namespace) -> int:
    rescue = db.session.get(Rescue, chosen.id)
    if rescue is None:
        print(f"没有导出包 {chosen.id}。用 yaohao rescue list 查编号。", file=sys.stderr)
        return 1
    private = rescue_private_key(rescue.agency_id)
    try:
        with store().open(f"rescue/{rescue.id}") as sealed, opened(sealed, private) as bundle:
            _write(bundle, chosen.out)
    except BadBundle as fault:
        print(f"打不开：{fault}。导出包原样留在服务器上。", file=sys.stderr)
        return 1
    known = ids_held([op["id"] for op in bundle.ops])
    steps, files = f"{len(bundle.ops)} 步（服务器已有 {len(known)} 步）", f"{len(bundle.files)} 个文件"
    print(f"{steps}，{files}，{len(bundle.declarations)} 份利害关系申报，写入 {chosen.out}")
    for sha in bundle.damaged:
        print(f"文件 {sha} 与指纹不符", file=sys.stderr)
    return 1 if bundle.damaged else 0


def _write(bundle: Bundle, folder: Path) -> None:
    (folder / "files").mkdir(parents=True, exist_ok=True)
    told = {
        "about": bundle.about,
        "ops": bundle.ops,
        "declarations": bundle.declarations,
        "damaged": bundle.damaged,
    }
    (folder / "bundle.json").write_text(json.dumps(told, ensure_ascii=False, indent=2), "utf-8")
    for sha in bundle.files:
        with (folder / "files" / sha).open("wb") as file:
            file.writelines(bundle.file(sha))
