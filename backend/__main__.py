"""The command line: `yaohao demo | init | serve | worker | import | draw | archive | audit | rescue`."""

import argparse
import sys
from collections.abc import Callable

from backend.app import create_app
from backend.core.errors import Refusal
from backend.demonstration import cli as demonstration_cli
from backend.fieldwork.sync import cli as rescue_cli
from backend.foundation.audit import cli as audit_cli
from backend.planning.draw import cli as draw_cli
from backend.plumbing.web.english import in_english
from backend.records.dossier import cli as archive_cli
from backend.registers import cli as registers_cli
from backend.registers.first_run import cli as first_run_cli
from backend.serving import cli as serving_cli
from backend.serving.database import bring_up_to_date
from backend.settings import settings_from_environment

COMMAND_GROUPS = [
    demonstration_cli,
    first_run_cli,
    serving_cli,
    registers_cli,
    draw_cli,
    archive_cli,
    audit_cli,
    rescue_cli,
]


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit status is 0 when it did what it says."""
    parser = argparse.ArgumentParser(prog="yaohao", description="摇号：双随机、一公开")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for group in COMMAND_GROUPS:
        group.register(commands)
    chosen = parser.parse_args(arguments)
    try:
        return _run(chosen)
    except Refusal as refusal:
        facts = {name: in_english(str(fact)) or fact for name, fact in refusal.facts.items()}
        print(f"{refusal.sentence_zh}\n{refusal.problem.en.format(**facts)}", file=sys.stderr)
        return 1


def _run(chosen: argparse.Namespace) -> int:
    run: Callable[[argparse.Namespace], int] = chosen.run
    if not getattr(chosen, "in_app", False):
        return run(chosen)
    app = create_app(settings_from_environment())
    bring_up_to_date(app)
    with app.app_context():
        return run(chosen)


if __name__ == "__main__":
    sys.exit(main())
