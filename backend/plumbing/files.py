"""The store of evidence, records and dossiers: a local folder that has told the truth when it says "stored".

A name is a relative path such as `evidence/<sha256>`. `put` is a conditional create: bytes that have been
stored are never overwritten. Each write reaches the disk (file and folder are fsynced) before the call returns.
"""

import fcntl
import os
import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, BinaryIO

from flask import current_app

from backend.core.errors import STORE_FULL, Refusal

_NAME = re.compile(r"[A-Za-z0-9_\-][A-Za-z0-9_.\-]*(/[A-Za-z0-9_\-][A-Za-z0-9_.\-]*)*")
_CHUNK = 1 << 20


class LocalStore:
    """Files below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, name: str, content: bytes | IO[bytes]) -> bool:
        """Store `content` under `name`; return False, changing nothing, if the name is taken."""
        target = self._path(name)
        try:
            if target.exists():
                # Whoever is storing the same bytes just now may not have brought the folder to the disk yet.
                _sync_folder(target.parent)
                return False
            _make_folder(target.parent)
            descriptor, partial = tempfile.mkstemp(dir=target.parent, prefix=".partial-")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    for piece in _pieces(content):
                        file.write(piece)
                    file.flush()
                    os.fsync(file.fileno())
                os.link(partial, target)
            except FileExistsError:
                _sync_folder(target.parent)
                return False
            finally:
                os.unlink(partial)
            _sync_folder(target.parent)
        except OSError as error:
            raise Refusal(STORE_FULL) from error
        return True

    @contextmanager
    def alone_at(self, name: str) -> Iterator[None]:
        """Wait until no other thread or process works in the folder of `name`, and keep them out meanwhile."""
        folder = self._path(name).parent
        try:
            _make_folder(folder)
            descriptor = os.open(folder, os.O_RDONLY)
        except OSError as error:
            raise Refusal(STORE_FULL) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def append(self, name: str, offset: int, content: bytes) -> int:
        """Write `content` at `offset` of a growing file and return its new length."""
        target = self._path(name)
        try:
            _make_folder(target.parent)
            with open(target, "r+b" if target.exists() else "w+b") as file:
                file.truncate(offset)
                file.seek(offset)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            _sync_folder(target.parent)
        except OSError as error:
            raise Refusal(STORE_FULL) from error
        return offset + len(content)

    def note(self, name: str, content: bytes) -> None:
        """Put a passing word under `name` in place of the last one. A crash may lose it, hence nothing is fsynced."""
        target = self._path(name)
        try:
            _make_folder(target.parent)
            partial = target.with_name(f".partial-{target.name}-{os.getpid()}-{threading.get_ident()}")
            partial.write_bytes(content)
            os.replace(partial, target)
        except OSError as error:
            raise Refusal(STORE_FULL) from error

    def promote(self, partial: str, name: str) -> None:
        """Give a grown file its final name. A file that already bears it stays; the partial one goes."""
        source, target = self._path(partial), self._path(name)
        try:
            _make_folder(target.parent)
            if target.exists():
                source.unlink()
            else:
                os.rename(source, target)
            _sync_folder(source.parent)
            _sync_folder(target.parent)
        except OSError as error:
            raise Refusal(STORE_FULL) from error

    def open(self, name: str) -> BinaryIO:
        """Open a stored file for reading. Raises FileNotFoundError."""
        return open(self._path(name), "rb")

    def read(self, name: str) -> bytes:
        """The whole of a stored file. Raises FileNotFoundError."""
        return self._path(name).read_bytes()

    def size(self, name: str) -> int:
        """Length in bytes. Raises FileNotFoundError."""
        return self._path(name).stat().st_size

    def exists(self, name: str) -> bool:
        return self._path(name).is_file()

    def delete(self, name: str) -> None:
        """Remove a file; a missing one is no error."""
        self._path(name).unlink(missing_ok=True)

    def changed_at(self, name: str) -> datetime:
        """When it was last written. Raises FileNotFoundError."""
        return datetime.fromtimestamp(self._path(name).stat().st_mtime, UTC)

    def names(self, folder: str) -> list[str]:
        """Every stored name below a folder; none if it is not there."""
        files = (file for file in self._path(folder).rglob("*") if file.is_file())
        return sorted(str(file.relative_to(self.root)) for file in files)

    def path(self, name: str) -> Path:
        """Where the file lies, for readers that take a path."""
        return self._path(name)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not a store name")
        return self.root / name


def store() -> LocalStore:
    """The running application's store."""
    found: LocalStore = current_app.extensions["store"]
    return found


def _pieces(content: bytes | IO[bytes]) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    while piece := content.read(_CHUNK):
        yield piece


def _make_folder(folder: Path) -> None:
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for child in reversed(missing):
        child.mkdir(exist_ok=True)
        _sync_folder(child.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
