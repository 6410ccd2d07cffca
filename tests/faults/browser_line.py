"""The line between real browsers and the house: a proxy on loopback that drops, delays, repeats, reorders and cuts what the app says."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random

from tests.faults.house import House

KEPT_BACK = {"connection", "transfer-encoding", "content-length", "keep-alive"}


class BrowserLine:
    """One address for every phone of a schedule; `happened` counts what went wrong."""

    def __init__(self, house: House, seed: int, happened: "Counter[str]") -> None:
        self.house, self.happened = house, happened
        self.faulty = False
        self.kill_at: str | None = None
        self._random = Random(seed)
        self._lock = threading.Lock()
        self._late: list[threading.Thread] = []

    def calm(self) -> None:
        """From now on nothing goes wrong, and what was held back arrives."""
        self.faulty = False
        for late in self._late:
            late.join()

    def carry(self, call: "Call") -> "Answer | None":
        """Bring a call to the house and its answer back; None if the phone hears nothing."""
        if self.kill_at is not None and self._is_its_moment(call):
            return self._killed(call)
        roll = self._roll() if self.faulty and call.path.startswith("/api/") else 100
        if roll < 8:
            self._note("request lost")
            return None
        if roll < 16:
            self._send(call)
            self._note("answer lost")
            return None
        if roll < 24:
            self._note("sent twice")
            self._send(call)
        elif roll < 34:
            self._note("arrived again later, out of order")
            late = threading.Thread(target=self._again_later, args=(call,))
            late.start()
            self._late.append(late)
        elif roll < 42:
            self._note("delayed")
            time.sleep(roll / 100)
        elif roll < 49 and call.body:
            self._send(Call(call.method, call.path, call.headers, call.body, cut=True))
            self._note("cut in the middle")
            return None
        return self._send(call)

    def _roll(self) -> int:
        with self._lock:
            return self._random.randrange(100)

    def _note(self, what: str) -> None:
        with self._lock:
            self.happened[what] += 1

    def _again_later(self, call: "Call") -> None:
        time.sleep(0.2)
        self._send(call)

    def _is_its_moment(self, call: "Call") -> bool:
        return call.method == "PATCH" if self.kill_at == "a piece half on the disk" else "/push" in call.path

    def _killed(self, call: "Call") -> "Answer | None":
        with self._lock:
            moment, self.kill_at = self.kill_at, None
        if moment is None:
            return self._send(call)
        survived = self._send(Call(call.method, call.path, {**call.headers, "X-Die": moment}, call.body))
        if survived is None:
            self.house.kill()
            self._note(f"server killed: {moment}")
        return survived

    def _send(self, call: "Call") -> "Answer | None":
        line = http.client.HTTPConnection("127.0.0.1", self.house.port, timeout=60)
        try:
            line.putrequest(call.method, call.path, skip_host=True, skip_accept_encoding=True)
            for name, value in call.headers.items():
                line.putheader(name, value)
            line.endheaders(call.body[: len(call.body) // 2] if call.cut else call.body)
            if call.cut:
                return None
            answer = line.getresponse()
            return Answer(answer.status, answer.getheaders(), answer.read())
        except (OSError, http.client.HTTPException):
            return None
        finally:
            line.close()


class Call:
    """One request as the browser made it."""

    def __init__(
        self, method: str, path: str, headers: dict[str, str], body: bytes, cut: bool = False
    ) -> None:
        self.method, self.path, self.headers, self.body, self.cut = method, path, headers, body, cut


class Answer:
    """One answer as the house gave it."""

    def __init__(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body


@contextmanager
def served(line: BrowserLine) -> Iterator[str]:
    """The address at which browsers find the house."""

    class Carrier(BaseHTTPRequestHandler):
        def _carry(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
            answer = line.carry(Call(self.command, self.path, headers, body))
            self.close_connection = True
            if answer is None:
                return
            self.send_response_only(answer.status)
            for name, value in answer.headers:
                if name.lower() not in KEPT_BACK:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        do_GET = do_POST = do_PATCH = do_HEAD = _carry

        def log_message(self, *_arguments: object) -> None:
            return

    class Carriers(ThreadingHTTPServer):
        def handle_error(self, *_arguments: object) -> None:
            """A browser that was killed hears no answer; that is what this line is for."""

    carriers = Carriers(("127.0.0.1", 0), Carrier)
    thread = threading.Thread(target=carriers.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{carriers.server_address[1]}"
    finally:
        carriers.shutdown()
        thread.join()
        carriers.server_close()
