"""A phone of a schedule: the built app in a real Chromium, pressed as a person would, with a log of what it called saved."""

import hashlib
import json
from contextlib import suppress
from typing import Any

from playwright.sync_api import Browser, Page, Response, expect
from playwright.sync_api import Error as BrowserGone
from playwright.sync_api import TimeoutError as TooLong

from tests.bench.world_of_visits import MATTER, Inspecting
from tests.journeys.handset import MODEL, picture

PATIENCE = 20_000
SENT = "这部手机上的都已交到服务器，收据都在。"

READ_ALL = """async (name) => {
  const open = indexedDB.open(name);
  const database = await new Promise((done, fail) => { open.onsuccess = () => done(open.result); open.onerror = fail; });
  const all = (store) => new Promise((done) => {
    const asked = database.transaction(store).objectStore(store).getAll();
    asked.onsuccess = () => done(asked.result);
  });
  const [ops, uploads, answers] = [await all("ops"), await all("uploads"), await all("answers")];
  database.close();
  return {
    ops: ops.map((row) => ({ id: row.op.id, waiting: row.waiting ?? 0, receipt: row.receipt !== null })),
    uploads: uploads.map((row) => ({ sha: row.sha, receipt: row.receipt !== null })),
    answers: answers.map((row) => [row.path, (row.local ?? row.server)?.value ?? null]),
  };
}"""
CHECK_FOR_UPDATE = (
    "navigator.serviceWorker.getRegistration().then((one) => one.update()).then(() => null, () => null)"
)


class BrowserPhone:
    """One browser profile: its IndexedDB and its service worker outlive its pages."""

    def __init__(self, browser: Browser, address: str, person: Inspecting, visit_id: str) -> None:
        self.person, self.visit_id, self.app = person, visit_id, f"{address}/app/"
        self.profile = browser.new_context(**MODEL)
        self.profile.set_default_timeout(PATIENCE)
        self.profile.add_cookies([{"name": "yaohao_session", "value": person.session, "url": address}])
        self.profile.add_init_script(_logged_in(person))
        self.answered: dict[str, str] = {}
        self.photographed: list[str] = []
        self.page = self._open()
        self.page.get_by_text("检查表都在本机，没信号也能查").first.wait_for()
        self.page.evaluate("navigator.serviceWorker.ready.then(() => null)")

    def answer(self, item: str, words: str) -> None:
        """Press an answer and wait for the screen to call it saved; only then does it go into the log."""
        self._show(f"checklist/{MATTER}/{item}")
        number = self.page.locator("section[aria-current=true] p b").inner_text()
        self.page.get_by_role("button", name=words, exact=True).click()
        self.page.get_by_text(f"{number} {words}，已保存").first.wait_for()
        self.answered[f"/matters/{MATTER}/items/{item}"] = {"合格": "pass", "不适用": "na"}[words]

    def photograph(self, mark: int) -> None:
        """Take a photo; it is saved when the page counts it."""
        self._show("evidence")
        content = picture(mark)
        with self.page.expect_file_chooser() as opened:
            self.page.get_by_role("button", name="拍照").last.click()
        opened.value.set_files({"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": content})
        sha = hashlib.sha256(content).hexdigest()
        self.page.wait_for_function(HAS_FILE, arg=[f"yaohao-{self.person.user_id}", sha])
        self.photographed.append(sha)

    def is_killed_while_answering(self, item: str) -> None:
        """The page goes in the very moment of a press: nothing was called saved, and nothing half may be left."""
        self._show(f"checklist/{MATTER}/{item}")
        with suppress(BrowserGone):
            self.page.get_by_role("button", name="合格", exact=True).dispatch_event("click")
        self.is_killed()

    def is_killed(self) -> None:
        self.page.close(run_before_unload=False)
        self.page = self._open()

    def looks_for_a_new_version(self) -> None:
        """The browser finds the next version; every page still runs the old one, until all are gone."""
        self.page.evaluate(CHECK_FOR_UPDATE)

    def is_offline(self, offline: bool) -> None:
        self.profile.set_offline(offline)

    def syncs_to_the_end(self) -> None:
        """Open the app until everything is handed over and says so."""
        self.is_offline(False)
        for _ in range(20):
            self.page.goto(f"{self.app}#/sync")
            with suppress(AssertionError, TooLong):
                # Only after a round of its own does the page know what a restored server has lost.
                with self.page.expect_response(_is_news, timeout=10_000):
                    self.page.reload()
                expect(self.page.get_by_text(SENT)).to_be_visible(timeout=2_500)
                return
        raise AssertionError(self.page.locator("main").inner_text())

    def comes_to_show(self, answers: dict[str, Any]) -> dict[str, Any]:
        """What lies in its database, once the answers there are these, or after some more rounds."""
        for _ in range(5):
            if dict(self.holds()["answers"]) == answers:
                break
            self.syncs_to_the_end()
        return self.holds()

    def holds(self) -> dict[str, Any]:
        """What lies in its database."""
        found: dict[str, Any] = self.page.evaluate(READ_ALL, f"yaohao-{self.person.user_id}")
        return found

    def is_put_away(self) -> None:
        self.profile.close()

    def _show(self, part: str) -> None:
        self.page.goto(f"{self.app}#/visit/{self.visit_id}/{part}")
        self.page.locator("main").first.wait_for()

    def _open(self) -> Page:
        page = self.profile.new_page()
        page.goto(self.app)
        return page


def _is_news(answer: Response) -> bool:
    return "/sync/pull" in answer.url and answer.ok


HAS_FILE = """async ([name, sha]) => {
  const open = indexedDB.open(name);
  const database = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  const asked = database.transaction("uploads").objectStore("uploads").get(sha);
  const row = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  database.close();
  return row !== undefined && [...document.querySelectorAll("main")].some((main) => !main.innerText.includes("还没有证据"));
}"""


def _logged_in(person: Inspecting) -> str:
    user = {
        "id": person.user_id,
        "name": f"检查员{person.user_id}",
        "agencyId": 1,
        "agencyName": "示例市工业和信息化局",
        "roles": ["inspector"],
        "inspectorId": None,
    }
    known = [{"user": user, "login": "p", "salt": "", "proof": ""}]
    people = json.dumps(json.dumps(known, ensure_ascii=False))
    return f"localStorage.setItem('yaohao.people', {people}); localStorage.setItem('yaohao.current', '{person.user_id}');"
