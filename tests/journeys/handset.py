"""A phone in a person's hand: what one can see and press on it, nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FileChooser, Page, expect

from tests.people import PASSWORD, Person

MODEL: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
    "geolocation": {"latitude": 36.8, "longitude": 118.05, "accuracy": 12},
    "permissions": ["geolocation"],
}
MORNING = "2026-07-21T09:30:00+08:00"
PATIENCE = 15_000
QUESTION = "[aria-current=true] h2"


class Handset:
    """One phone; its browser storage lives as long as the object."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.address = f"{address}/app/"
        self.phone: BrowserContext = browser.new_context(**MODEL)
        self.phone.set_default_timeout(PATIENCE)
        self.faults: list[str] = []
        self.page: Page = self._new_page()

    def log_in(self, person: Person) -> None:
        """Open the app with signal for the first time, and wait until it would open without."""
        self.page.get_by_label("账号").fill(person.login)
        self.page.get_by_label("口令").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        self.sees("检查表都在本机，没信号也能查")
        self.page.evaluate("navigator.serviceWorker.ready.then(() => null)")

    def goes_to(self, place: str) -> None:
        """Open one of the app's own addresses, as a bookmark would, and wait until it shows."""
        self.page.goto(f"{self.address}#/{place}")
        self.page.locator("main").first.wait_for()

    def lose_signal(self) -> None:
        self.phone.set_offline(True)
        self.sees("没有信号")

    def find_signal(self) -> None:
        self.phone.set_offline(False)

    def is_killed(self) -> None:
        """The system takes the page away without asking; opening the app again finds a new one."""
        self.page.close(run_before_unload=False)
        self.page = self._new_page()

    def sees(self, words: str) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible(timeout=PATIENCE)

    def presses(self, words: str) -> None:
        """A button by its exact words."""
        self.page.get_by_role("button", name=words, exact=True).click()

    def follows(self, words: str) -> None:
        """A link by its words."""
        self.page.get_by_role("link", name=words).last.click()

    def chooses(self, words: str) -> None:
        self.page.get_by_label(words, exact=True).check()

    def writes(self, label: str, words: str) -> None:
        field = self.page.get_by_label(label, exact=True)
        field.fill(words)
        field.blur()

    def question(self) -> str:
        """The question that is open on the checklist; empty when the page shows something else."""
        self.page.get_by_role("heading", name="检查", exact=False).first.wait_for()
        if self.page.get_by_role("heading", name="检查表", exact=True).count() == 0:
            return ""
        words: str = self.page.locator(QUESTION).inner_text()
        return words

    def waits_for_another_question_than(self, words: str) -> None:
        another = f"words => document.querySelector('{QUESTION}')?.innerText !== words"
        self.page.wait_for_function(another, arg=words)

    def shows(self, words: str) -> bool:
        return self.page.get_by_role("button", name=words, exact=True).count() > 0

    @contextmanager
    def opens_camera(self, button: str) -> Iterator[FileChooser]:
        """Press a camera button; inside, the camera covers the page."""
        with self.page.expect_file_chooser() as opened:
            self.page.get_by_role("button", name=button).last.click()
        yield opened.value

    def photographs(self, button: str, number: int) -> None:
        with self.opens_camera(button) as camera:
            camera.set_files({"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": picture(number)})

    def signs(self, confirm: str = "确认签字") -> None:
        """Draw on the pad and confirm."""
        pad = self.page.get_by_label("签字区").bounding_box()
        assert pad is not None
        left, middle = pad["x"] + 60, pad["y"] + pad["height"] / 2
        self.page.mouse.move(left, middle)
        self.page.mouse.down()
        for step in range(24):
            self.page.mouse.move(left + step * 8, middle + (24 if step % 4 < 2 else -24))
        self.page.mouse.up()
        self.presses(confirm)

    def _new_page(self) -> Page:
        page = self.phone.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.clock.set_system_time(MORNING)
        page.goto(self.address)
        return page


def picture(number: int) -> bytes:
    """A small JPEG, different for every number."""
    kept = BytesIO()
    Image.effect_noise((640, 480), 40 + number).convert("RGB").save(kept, "JPEG")
    return kept.getvalue()
