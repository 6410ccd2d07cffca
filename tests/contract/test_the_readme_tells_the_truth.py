"""What the readme names exists: files and folders, commands with their arguments, logins."""

import re
from pathlib import Path

import pytest

from backend.__main__ import main
from backend.demonstration.cast import CAST, PASSWORD

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("line", re.findall(r"^uv run yaohao (.+?)(?:\s+#.*)?$", README, re.MULTILINE))
def test_every_command_is_one_that_the_program_knows(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = [word for word in line.split() if word.islower() and word.isalpha()]
    with pytest.raises(SystemExit) as ended:
        main([*words[: 2 if words[0] in ("draw", "archive", "audit", "rescue", "epoch") else 1], "--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert all(option in told for option in re.findall(r"--\w+", line))


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#:]+)\)", README))
def test_every_link_leads_to_a_file(target: str) -> None:
    assert (ROOT / target).is_file()


def test_every_folder_of_the_tree_is_there() -> None:
    tree = README.split("## The house")[1].split("```")[1]
    for line in tree.strip().splitlines():
        names = re.split(r"\s{3,}", line.strip())[0].split()
        for name in (name for name in names if name.endswith(("/", ".py"))):
            assert any((ROOT / above / name).exists() for above in ("", "backend", "tests")), name


def test_the_logins_and_their_password_are_those_of_the_demonstration() -> None:
    assert PASSWORD in README
    for login in re.findall(r"`(\w+\.\w+)` (?:on|→)", README):
        assert login in {person.login for person in CAST}
