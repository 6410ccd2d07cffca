"""Fixtures for every test: the application on a fresh database, a clock that stands still, the cast with logins."""

import socket
from collections.abc import Callable, Iterator
from contextvars import Context
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache, FileSystemBytecodeCache
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from backend.app import create_app, create_public_app
from backend.core.clock import SHANGHAI
from backend.foundation.accounts.actions import found_agency, open_session_for
from backend.foundation.accounts.models import Agency, Department, User
from backend.foundation.accounts.passwords import hash_password
from backend.foundation.accounts.queries import actor_of, agency_by_code, user_by_login
from backend.foundation.accounts.sessions import COOKIE
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Role
from backend.foundation.rule_profiles.actions import follow_profile
from backend.foundation.rule_profiles.models import ProfileConfirmation
from backend.plumbing.db import db
from backend.serving.database import bring_up_to_date
from backend.settings import Settings
from tests.databases import Databases, PostgresDatabases, SqliteDatabases, postgres_server
from tests.people import DEPARTMENTS, EVERYONE, PASSWORD, Person

hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")

CHROMIUM = "/usr/bin/chromium"
AGENCY_NAMES = {"slgx": ("示例市工业和信息化局", "0123", "示工信"), "ylsw": ("样例县商务局", "0456", "样商")}


class FixedClock:
    """A clock that shows what it was set to."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def advance(self, **by: float) -> None:
        self.moment += timedelta(**by)


def _address_when_first_asked(compiling: Callable[..., Any]) -> Callable[..., Any]:
    """Compile how a route's address is built when a test asks for it: of hundreds of routes a test knows a few."""

    def compile_later(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
        def first(_rule: Rule, **values: Any) -> Any:
            build = compiling(rule, append_unknown).__get__(rule)
            setattr(rule, "_build_unknown" if append_unknown else "_build", build)
            return build(**values)

        return first

    return compile_later


Rule._compile_builder = _address_when_first_asked(Rule._compile_builder)  # type: ignore[method-assign]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgres"), default="sqlite")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first: begun last, they would run on when everything else is done."""
    items.sort(key=lambda item: "/faults/" not in item.nodeid)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Databases]:
    if request.config.getoption("--database") == "postgres":
        with postgres_server() as server:
            yield _filled(PostgresDatabases(server), tmp_path_factory.mktemp("data"))
    else:
        yield _filled(SqliteDatabases(tmp_path_factory.mktemp("databases")), tmp_path_factory.mktemp("data"))


@pytest.fixture
def clock() -> FixedClock:
    """Tuesday 21 July 2026, 09:00 in Shanghai: an ordinary working day."""
    return FixedClock(datetime(2026, 7, 21, 9, 0, tzinfo=SHANGHAI))


@pytest.fixture
def settings(databases: Databases, clock: FixedClock, tmp_path: Path) -> Settings:
    return Settings(database_url=databases.copy(), data_dir=tmp_path, secret_key=b"k" * 32, clock=clock)


class SeparateClient(FlaskClient):
    """Answers each request in a context of its own, as a server does, even while a test holds one open."""

    def open(self, *args: Any, **more: Any) -> TestResponse:
        return Context().run(super().open, *args, **more)


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(settings: Settings, compiled_templates: BytecodeCache) -> Iterator[Flask]:
    app = create_app(settings)
    app.jinja_env.bytecode_cache = compiled_templates
    app.test_client_class = SeparateClient
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """The application with its context pushed, for calling actions and queries directly."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def public_client(settings: Settings, compiled_templates: BytecodeCache) -> FlaskClient:
    public = create_public_app(settings)
    public.jinja_env.bytecode_cache = compiled_templates
    return public.test_client()


@pytest.fixture
def log_in(app: Flask) -> Callable[[Person], FlaskClient]:
    """A browser of its own for a person of the cast, already logged in."""

    def logged_in(person: Person) -> FlaskClient:
        browser = app.test_client()
        with app.app_context():
            user = user_by_login(person.login)
            assert user is not None
            browser.set_cookie(COOKIE, open_session_for(user, "test"))
            db.session.remove()
        return browser

    return logged_in


@pytest.fixture
def acting(context: Flask) -> Callable[[Person], Actor]:
    """The actor value of a person of the cast."""

    def actor(person: Person) -> Actor:
        user = user_by_login(person.login)
        assert user is not None
        return actor_of(user)

    return actor


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches another machine."""
    connect = socket.socket.connect

    def checked(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise RuntimeError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", checked)


def _filled(databases: Databases, folder: Path) -> Databases:
    clock = FixedClock(datetime(2026, 1, 5, 9, 0, tzinfo=SHANGHAI))
    app = create_app(Settings(databases.template(), folder, b"k" * 32, clock=clock))
    bring_up_to_date(app)
    with app.app_context():
        for code, (name, fonds_no, prefix) in AGENCY_NAMES.items():
            found_agency(name, code, fonds_no, prefix, DEPARTMENTS[code])
        _add_cast()
        _follow_rules()
        db.session.remove()
        db.engine.dispose()
    return databases


def _follow_rules() -> None:
    """The agency follows the 淄博工信 rules, which have expired and are confirmed for 2026."""
    agency_id = agency_by_code("slgx").id
    follow_profile(Actor(0, agency_id, None, "命令行", frozenset({Role.ADMIN})), "zibo-industry")
    db.session.add(
        ProfileConfirmation(
            agency_id=agency_id,
            profile_key="zibo-industry",
            year=2026,
            reason="新的实施细则正在修订，修订前继续执行",
            confirmed_by="李主管",
            at=datetime(2026, 1, 5, 9, 0, tzinfo=SHANGHAI),
        )
    )
    db.session.commit()


def _add_cast() -> None:
    password = hash_password(PASSWORD)
    agencies = {agency.code: agency.id for agency in db.session.query(Agency)}
    departments = {(d.agency_id, d.name): d.id for d in db.session.query(Department)}
    for person in EVERYONE:
        agency_id = agencies[person.agency]
        department_id = departments[(agency_id, person.department)] if person.department else None
        db.session.add(
            User(
                agency_id=agency_id,
                department_id=department_id,
                login=person.login,
                name=person.name,
                password_hash=password,
                roles=sorted(person.roles),
            )
        )
    db.session.commit()
