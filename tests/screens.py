"""What is wrong with a page as it stands on the screen: barriers that axe finds, and anything wider than the screen."""

from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page

_WRONG_ONLY = {"resultTypes": ["violations"]}
"""To tell of everything that is right takes longer than to look at it."""


def faults_seen(page: Page) -> list[str]:
    """Each in a line; empty for a page that holds."""
    violations = Axe().run(page, options=_WRONG_ONLY)["violations"]
    found = [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in violations]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("wider than the screen")
    return found
