"""The story's beginning: rules confirmed, directories and matters brought in from spreadsheets, the matter list published."""

from pathlib import Path

from backend.demonstration.browser import Browser
from backend.demonstration.cast import ADMIN, HEAD, OFFICER, OVERSIGHT
from backend.demonstration.founding import SEED, known_inspectors
from backend.demonstration.stage import Stage
from backend.registers.demo_data import write_demo_files
from backend.registers.matters.queries import versions_of

PROFILE = "zibo-industry"
CONFIRMED_BECAUSE = "原细则有效期届满，新细则印发前，经局长办公会研究继续参照执行（演示）"


def follow_the_rules(stage: Stage) -> None:
    """Choose the agency's profile and confirm, with the reason on record, that it is followed though expired."""
    stage.browser(ADMIN).submit("/office/rules/choices", profile=PROFILE)
    confirm_the_rules(stage)


def confirm_the_rules(stage: Stage) -> None:
    """Confirm the expired profile for the year it is in the story."""
    stage.browser(ADMIN).submit("/office/rules/confirmations", reason=CONFIRMED_BECAUSE)


def bring_in_the_directories(stage: Stage) -> None:
    """Import inspectors, entities and matters from the spreadsheets that the agency brings."""
    files = write_demo_files(stage.folder, SEED, known_inspectors())
    for register in ("inspectors", "entities", "matters"):
        _import(stage.browser(OVERSIGHT if register == "matters" else OFFICER), register, files[register])


def publish_the_matter_list(stage: Stage) -> None:
    """Put the list forward, have it approved, publish it."""
    stage.browser(OVERSIGHT).submit("/office/matters/versions")
    with stage.inside():
        version = versions_of(stage.agency_id)[0].id
    stage.browser(HEAD).submit(f"/office/matters/versions/{version}/approvals")
    stage.browser(OVERSIGHT).submit(f"/office/matters/versions/{version}/publications")


def _import(browser: Browser, register: str, file: Path) -> None:
    with file.open("rb") as opened:
        verdict = browser.submit(f"/office/imports/{register}", file=(opened, file.name))
    browser.submit(f"{verdict}/imports")
