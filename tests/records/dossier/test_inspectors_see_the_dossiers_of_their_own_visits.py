"""The office sees every dossier of the agency; an inspector those of the visits on whose team they were."""

from io import BytesIO

from tests.people import ARCHIVIST, INSPECTOR, LEADER, OFFICER, RECUSED, Person
from tests.records.dossier.conftest import Archive
from tests.records.specimens import VIDEO


def test_the_team_and_the_office_find_it_and_nobody_else(archive: Archive, visit_id: str) -> None:
    archive.capture(visit_id)
    dossier = archive.approve(visit_id)

    def finds(person: Person) -> tuple[bool, bool, bool]:
        browser = archive.log_in(person)
        listed = f"/office/dossiers/{dossier.id}" in browser.get("/office/dossiers").text
        opened = browser.get(f"/office/dossiers/{dossier.id}").status_code == 200
        searched = f"/office/dossiers/{dossier.id}" in browser.get("/office/search?q=示例市第1").text
        return listed, opened, searched

    for person in (LEADER, INSPECTOR, OFFICER, ARCHIVIST):
        assert finds(person) == (True, True, True), person.name
    assert finds(RECUSED) == (False, False, False)


def test_a_colleague_who_was_not_there_can_neither_print_nor_add_to_it(
    archive: Archive, visit_id: str
) -> None:
    archive.capture(visit_id)
    dossier = archive.approve(visit_id)
    assert archive.post(INSPECTOR, dossier, "drafts").status_code == 303
    archive.work()
    browser = archive.log_in(RECUSED)
    for address in ("", "/dossier.pdf", "/package.zip", "/pages/1.png"):
        assert browser.get(f"/office/dossiers/{dossier.id}{address}").status_code == 404
    assert archive.post(RECUSED, dossier, "drafts").status_code == 404
    film = {"file": (BytesIO(VIDEO), "执法记录仪.mp4")}
    assert archive.post(RECUSED, dossier, "recordings", **film).status_code == 404
    assert archive.log_in(INSPECTOR).get(f"/office/dossiers/{dossier.id}/dossier.pdf").status_code == 200
