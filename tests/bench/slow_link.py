"""A narrow link between a phone and the server: bytes pass at a fixed rate, each after a delay, and are counted on the way up."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PIECE = 8192
BUFFER = 16384


class SlowLink:
    """Passes TCP on to a port of this machine; all connections share one rate in each direction."""

    def __init__(self, target: int, bytes_per_second: int, delay: float) -> None:
        self.target, self.rate, self.delay = target, bytes_per_second, delay
        self.port = 0
        self.sent_up = 0
        self._free_at = {"up": 0.0, "down": 0.0}

    async def serve(self, ready: threading.Event) -> None:
        server = await asyncio.start_server(self._meet, "127.0.0.1", 0, limit=BUFFER)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        async with server:
            await server.serve_forever()

    async def _meet(self, phone: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        there, forth = await asyncio.open_connection("127.0.0.1", self.target, limit=BUFFER)
        await asyncio.gather(self._pass("up", phone, forth), self._pass("down", there, back))

    async def _pass(self, way: str, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        """Nothing more is read than the link has room for, so that a sender feels how narrow it is."""
        loop = asyncio.get_running_loop()
        with suppress(OSError):
            while piece := await source.read(PIECE):
                begins = max(loop.time(), self._free_at[way])
                self._free_at[way] = begins + len(piece) / self.rate
                await asyncio.sleep(self._free_at[way] - loop.time())
                if way == "up":
                    self.sent_up += len(piece)
                loop.call_later(self.delay, _write, sink, piece)
        loop.call_later(self.delay, sink.close)


def _write(sink: asyncio.StreamWriter, piece: bytes) -> None:
    if not sink.is_closing():
        sink.write(piece)


@contextmanager
def slow_link(target: int, bytes_per_second: int, delay: float) -> Iterator[SlowLink]:
    """The link, as long as the context lasts. `delay` is one way, in seconds."""
    link, ready, loop = SlowLink(target, bytes_per_second, delay), threading.Event(), asyncio.new_event_loop()

    def run() -> None:
        asyncio.set_event_loop(loop)
        # Stopping the loop is how the link ends.
        with suppress(RuntimeError):
            loop.run_until_complete(link.serve(ready))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait()
    try:
        yield link
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=5)
