"""Before sealing, anyone who may see the dossier can have it printed and look at each page."""

from tests.people import ARCHIVIST, OFFICER, OUTSIDER
from tests.records.dossier.conftest import Archive
from tests.records.reading import pages_of


def test_a_draft_is_printed_by_the_worker_and_shown_page_by_page(archive: Archive, visit_id: str) -> None:
    archive.capture(visit_id)
    dossier = archive.approve(visit_id)
    address = f"/office/dossiers/{dossier.id}"
    assert "还没有排印" in archive.page(OFFICER, address)
    assert archive.post(OFFICER, dossier, "drafts").status_code == 303
    assert "正在排印" in archive.page(OFFICER, address)
    archive.work()
    dossier = archive.again(dossier)
    assert dossier.sheets == dossier.pages + 3
    picture = archive.log_in(OFFICER).get(f"{address}/pages/1.png")
    assert picture.data.startswith(b"\x89PNG")
    assert archive.log_in(OFFICER).get(f"{address}/pages/{dossier.sheets + 1}.png").status_code == 404
    assert "现场检查笔录" in archive.page(OFFICER, f"{address}?page=5")


def test_a_draft_carries_no_number_and_no_seal(archive: Archive, visit_id: str) -> None:
    archive.capture(visit_id)
    dossier = archive.approve(visit_id)
    archive.post(ARCHIVIST, dossier, "drafts")
    archive.work()
    pages = pages_of(archive.log_in(ARCHIVIST).get(f"/office/dossiers/{dossier.id}/dossier.pdf").data)
    assert "封存时生成" in pages[0]
    assert "尚未封存" in pages[0]
    assert "缺：检查结果报告〔00315〕" in pages[-1]


def test_a_new_draft_replaces_the_old_one(archive: Archive, visit_id: str) -> None:
    archive.capture(visit_id)
    dossier = archive.approve(visit_id)
    archive.post(ARCHIVIST, dossier, "drafts")
    archive.work()
    first = archive.again(dossier).folder
    archive.decide(visit_id)
    archive.post(ARCHIVIST, dossier, "drafts")
    archive.work()
    second = archive.again(dossier).folder
    assert first != second
    store = archive.app.extensions["store"]
    assert not store.exists(f"{first}/dossier.pdf")
    assert store.exists(f"{second}/dossier.pdf")


def test_another_agency_finds_nothing(archive: Archive, visit_id: str) -> None:
    archive.capture(visit_id)
    dossier = archive.approve(visit_id)
    for address in ("", "/dossier.pdf", "/package.zip", "/pages/1.png"):
        assert archive.log_in(OUTSIDER).get(f"/office/dossiers/{dossier.id}{address}").status_code == 404


def test_an_open_dossier_has_no_package(archive: Archive, visit_id: str) -> None:
    archive.capture(visit_id)
    dossier = archive.approve(visit_id)
    archive.post(ARCHIVIST, dossier, "drafts")
    archive.work()
    assert archive.log_in(ARCHIVIST).get(f"/office/dossiers/{dossier.id}/package.zip").status_code == 409
