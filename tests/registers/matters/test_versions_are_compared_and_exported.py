"""Any two versions can be laid side by side, and what is exported comes in again as the same."""

from collections.abc import Callable
from io import BytesIO

from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as some

from backend.foundation.permissions.actor import Actor
from backend.registers.imports.actions import upload
from backend.registers.matters.actions import abolish_matter
from backend.registers.matters.queries import matters_of, versions_of
from backend.registers.matters.rules.differences import differences
from tests.people import OFFICER, Person
from tests.registers.matters.conftest import ROWS, Acting, bring_in, put_in_force

LogIn = Callable[[Person], FlaskClient]
LISTS = some.lists(some.tuples(some.integers(1, 6), some.sampled_from("ab")), unique_by=lambda row: row[0])


@given(LISTS, LISTS)
def test_every_matter_of_both_versions_is_accounted_for(
    first: list[tuple[int, str]], second: list[tuple[int, str]]
) -> None:
    earlier, later = ([{"id": n, "name": word} for n, word in rows] for rows in (first, second))
    found = differences(earlier, later, ("name",))
    assert len(found.added) + len(found.changed) + found.same == len(later)
    assert len(found.removed) + len(found.changed) + found.same == len(earlier)
    assert found.none == (dict(first) == dict(second))


def test_two_versions_are_laid_side_by_side(published: Actor, acting: Acting, log_in: LogIn) -> None:
    bring_in(published, [{**ROWS[0], "抽查比例": "7%"}, {**ROWS[0], "事项编码": "SLGX-20"}])
    abolish_matter(published, matters_of(published.agency_id)[1].id, "职能已划出本单位")
    put_in_force(acting)
    page = log_in(OFFICER).get("/office/matters/differences?from=1&to=2").text
    assert "增加 1 项，减少 1 项，改动 1 项" in page
    assert "<del>5%</del>" in page
    assert "<ins>7%</ins>" in page
    version_page = log_in(OFFICER).get(f"/office/matters/versions/{versions_of(published.agency_id)[0].id}")
    assert "比第 1 版改了什么" in version_page.text
    assert log_in(OFFICER).get("/office/matters/differences?from=7&to=now").status_code == 404


def test_what_is_exported_comes_in_again_as_the_same(published: Actor, log_in: LogIn) -> None:
    browser = log_in(OFFICER)
    first = versions_of(published.agency_id)[0]
    for address in ("/office/matters/list.xlsx", f"/office/matters/versions/{first.id}/list.xlsx"):
        content = BytesIO(browser.get(address).data).getvalue()
        assert upload(published, "matters", "清单.xlsx", content).counts == {
            "read": len(ROWS),
            "new": 0,
            "updated": 0,
            "same": len(ROWS),
            "refused": 0,
        }
