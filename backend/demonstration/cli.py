"""`yaohao demo`: serve the demonstration, or play the whole main job once and leave its results in a folder."""

import argparse
import json
import os
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from time import sleep
from urllib.request import urlopen

from backend.demonstration.cast import CAST, PASSWORD
from backend.demonstration.preparation import prepare
from backend.demonstration.run import play_once
from backend.foundation.permissions.roles import Role
from backend.serving.server import serve_until_stopped

DATA_DIR = Path(".data/demo")
LOOK_AGAIN_SECONDS = 0.3


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    demo = commands.add_parser("demo", help="serve a demonstration, or play the main job once")
    demo.add_argument("--once", action="store_true", help="play the story, write its results and end")
    demo.add_argument("--out", type=Path, help="the folder for the results of --once")
    demo.add_argument("--fresh", action="store_true", help="throw the old demonstration away first")
    demo.add_argument("--host", default="127.0.0.1", help="0.0.0.0 to let other machines in")
    demo.add_argument("--port", type=int, default=8000)
    demo.set_defaults(run=_demo)


def _demo(chosen: argparse.Namespace) -> int:
    if chosen.once:
        out = chosen.out or Path("demo-once")
        summary = play_once(out)
        print(json.dumps(summary, ensure_ascii=False, indent=2))
        return 0
    data_dir = DATA_DIR.resolve()
    if chosen.fresh:
        shutil.rmtree(data_dir, ignore_errors=True)
    settings = prepare(data_dir, datetime.now(UTC), lambda line: print(line, flush=True))
    os.environ["YAOHAO_DATA_DIR"] = str(data_dir)
    here = "127.0.0.1" if chosen.host == "0.0.0.0" else chosen.host
    base = f"http://{here}:{chosen.port}"
    _say_when_it_answers(base, _welcome(base))
    serve_until_stopped(settings, chosen.host, chosen.port)
    return 0


def _say_when_it_answers(base: str, words: str) -> None:
    """From a process of its own: the server forks, and a thread of ours would be lost in what it forks."""
    waiting = os.fork()
    if waiting:
        return
    served = os.getppid()
    while os.getppid() == served:
        with suppress(OSError), urlopen(f"{base}/healthz", timeout=5):
            print(words, flush=True)
            break
        sleep(LOOK_AGAIN_SECONDS)
    os._exit(0)


def _welcome(base: str) -> str:
    logins = [f"  {person.login:<16} {person.name}　{_roles(person.roles)}" for person in CAST]
    return "\n".join(
        [
            "",
            f"公示网站  Public site  {base}/",
            f"工作台    Office       {base}/office/",
            f"手机端    Phone app    {base}/app/",
            "",
            f"演示账号，口令都是 {PASSWORD}  (demo logins, one password):",
            *logins,
            "",
        ]
    )


def _roles(roles: tuple[Role, ...]) -> str:
    return "、".join(role.label for role in roles)
