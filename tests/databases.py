"""A fresh database for each test, copied from one that was built once: SQLite files or a private PostgreSQL."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Protocol

import psycopg

_POSTGRES_BIN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


class Databases(Protocol):
    """Gives addresses of databases: the template to fill once, then copies of it."""

    def template(self) -> str: ...

    def copy(self) -> str: ...


class SqliteDatabases:
    """One file for each test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = count()

    def template(self) -> str:
        return f"sqlite:///{self.folder / 'template.sqlite3'}"

    def copy(self) -> str:
        target = self.folder / f"test-{next(self.numbers)}.sqlite3"
        for suffix in ("", "-wal"):
            source = self.folder / f"template.sqlite3{suffix}"
            if source.exists():
                shutil.copyfile(source, f"{target}{suffix}")
        return f"sqlite:///{target}"


class PostgresDatabases:
    """One database for each test, in a server of our own."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.numbers = count()
        self._run("CREATE DATABASE template_yaohao")

    def template(self) -> str:
        return f"{self.server}/template_yaohao"

    def copy(self) -> str:
        name = f"test_{next(self.numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE template_yaohao STRATEGY FILE_COPY")
        return f"{self.server}/{name}"

    def _run(self, statement: str) -> None:
        with psycopg.connect(f"{self.server}/postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def empty_database(kind: str) -> Iterator[str | None]:
    """The address of a fresh PostgreSQL database; None for the embedded one, which every installation makes itself."""
    if kind == "sqlite":
        yield None
        return
    with postgres_server() as server:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE world")
        yield f"{server}/world"


@contextmanager
def postgres_server(durable: bool = False) -> Iterator[str]:
    """Start a PostgreSQL of our own on a free loopback port; its address without a database name.

    A `durable` one waits for the disk as in service; for tests that would only cost time.
    """
    if not _POSTGRES_BIN:
        raise RuntimeError("PostgreSQL is missing: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="yaohao-postgres-"))
    as_postgres: list[str] = []
    if os.geteuid() == 0:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
        as_postgres = ["runuser", "-u", "postgres", "--"]
    data, port = folder / "data", free_port()
    tools = _POSTGRES_BIN[-1]
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=200"
    if not durable:
        options += " -c fsync=off -c full_page_writes=off"
    try:
        _run(
            [
                *as_postgres,
                f"{tools}/initdb",
                "-D",
                f"{data}",
                "-U",
                "yaohao",
                "--auth=trust",
                "-E",
                "UTF8",
                "--no-sync",
            ]
        )
        _run(
            [
                *as_postgres,
                f"{tools}/pg_ctl",
                "-D",
                f"{data}",
                "-w",
                "-l",
                f"{folder}/log",
                "-o",
                options,
                "start",
            ]
        )
        yield f"postgresql://yaohao@127.0.0.1:{port}"
    finally:
        subprocess.run(
            [*as_postgres, f"{tools}/pg_ctl", "-D", f"{data}", "-m", "immediate", "stop"], check=False
        )
        # A database for each test makes gigabytes; nobody waits for their removal.
        subprocess.Popen(["rm", "-rf", folder], start_new_session=True)


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
