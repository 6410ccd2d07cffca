"""Where strangers' photos are opened: in a process of their own, with little memory and little time.

A picture can be made to crash its decoder or to unfold into gigabytes. Here only the child dies of it; the next
picture gets a new child. Run as a program, this module is the child: a path on each line of its input, and for each
a length of four bytes and that many bytes of JPEG on its output, length 0 for what cannot be opened.
"""

import atexit
import resource
import select
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, BinaryIO

from backend.core.errors import PHOTO_UNREADABLE, Refusal
from backend.plumbing.pictures import print_rendition

SECONDS = 20.0
MEMORY = 1 << 30

_LENGTH = 4


class Darkroom:
    """One child that makes renditions, one at a time; a new one whenever it died."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self.seconds, self.memory = seconds, memory
        self._turn = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def rendition(self, original: Path, name: str) -> bytes:
        """The print rendition of a stored photo; refused PHOTO_UNREADABLE for what is no whole picture, or never ends."""
        with self._turn:
            try:
                made = self._ask(original)
            except OSError:
                made = b""
            if not made:
                raise Refusal(PHOTO_UNREADABLE, name=name)
            return made

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._child = None

    def _ask(self, original: Path) -> bytes:
        child = self._living_child()
        assert child.stdin is not None
        assert child.stdout is not None
        until = time.monotonic() + self.seconds
        try:
            child.stdin.write(f"{original}\n".encode())
            child.stdin.flush()
            length = int.from_bytes(_read(child.stdout, _LENGTH, until), "big")
            return _read(child.stdout, length, until)
        except OSError:
            self.close()
            raise

    def _living_child(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            command = [sys.executable, "-m", "backend.plumbing.darkroom", str(self.memory)]
            self._child = subprocess.Popen(
                command, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        return self._child


def _read(pipe: IO[bytes], length: int, until: float) -> bytes:
    """Exactly `length` bytes; OSError when they do not come in time or the child is gone."""
    read = bytearray()
    while len(read) < length:
        ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
        piece = pipe.read(length - len(read)) if ready else b""
        if not piece:
            raise OSError("the picture was not made")
        read += piece
    return bytes(read)


def _develop(originals: BinaryIO, made: BinaryIO) -> None:
    for line in originals:
        try:
            picture = print_rendition(Path(line.decode().rstrip("\n")).read_bytes(), "")
        except (Refusal, MemoryError, ValueError, SyntaxError, OSError):
            picture = b""
        made.write(len(picture).to_bytes(_LENGTH, "big") + picture)
        made.flush()


darkroom = Darkroom()
"""The one of this process."""

atexit.register(darkroom.close)

if __name__ == "__main__":
    limit = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _develop(sys.stdin.buffer, sys.stdout.buffer)
