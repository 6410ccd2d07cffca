"""`yaohao draw verify RECORD.json` and `yaohao draw selftest`."""

import argparse

from backend.planning.draw import verify
from backend.planning.draw.selftest import selftest_faults


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands."""
    draw = commands.add_parser("draw", help="check a draw")
    verbs = draw.add_subparsers(required=True, metavar="VERB")
    check = verbs.add_parser("verify", help="compute a published draw a second time")
    check.add_argument("record", metavar="RECORD.json")
    check.set_defaults(run=lambda chosen: verify.main([chosen.record]))
    test = verbs.add_parser("selftest", help="compute the packed vectors on this machine")
    test.set_defaults(run=_selftest)


def _selftest(_chosen: argparse.Namespace) -> int:
    faults = selftest_faults()
    print("\n".join(faults) or "本机算出的与公布的测试向量逐字节一致")
    return 1 if faults else 0
