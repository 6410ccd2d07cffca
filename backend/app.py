"""The applications put together: the only place where routes are joined.

`create_app` is the house of the staff: office, API and the phone app's files. `create_public_app` is the public
site, a separate read-only application. `joined` serves both behind one address.
"""

from typing import Any

from flask import Flask
from sqlalchemy import text
from sqlalchemy.engine import make_url
from werkzeug.middleware.proxy_fix import ProxyFix

from backend.decisions.objections import online_pages as objections_online_pages
from backend.decisions.objections import pages as objections_pages
from backend.decisions.publication import pages as publication_pages
from backend.decisions.referrals import pages as referrals_pages
from backend.fieldwork.calendar import pages as calendar_pages
from backend.fieldwork.form_library import lacking as lacking_forms
from backend.fieldwork.form_library import pages as form_library_pages
from backend.fieldwork.sync import api as sync_api
from backend.fieldwork.sync import evidence_api
from backend.fieldwork.sync import pages as rescue_pages
from backend.fieldwork.visits import api as visits_api
from backend.fieldwork.visits import pages as visits_pages
from backend.foundation.accounts import api as session_api
from backend.foundation.accounts import pages as accounts_pages
from backend.foundation.accounts import sessions
from backend.foundation.audit import pages as audit_pages
from backend.foundation.permissions import access
from backend.foundation.rule_profiles import page_context, workday_pages
from backend.foundation.rule_profiles import pages as rule_profiles_pages
from backend.planning.adjustments import pages as adjustments_pages
from backend.planning.adjustments import received_pages as received_teams_pages
from backend.planning.annual_plan import pages as annual_plan_pages
from backend.planning.companions import pages as companions_pages
from backend.planning.draw import (
    ceremony_pages,
    escrow_pages,
    loads,
    preparation_pages,
    request_pages,
    witness_pages,
)
from backend.planning.draw import pages as draw_pages
from backend.planning.filings import pages as filings_pages
from backend.planning.matching import pages as matching_pages
from backend.planning.prospects import pages as prospects_pages
from backend.planning.received import pages as received_pages
from backend.planning.reinforcements import pages as reinforcements_pages
from backend.planning.tasks import matter_use
from backend.planning.tasks import pages as tasks_pages
from backend.plumbing import db as database
from backend.plumbing.files import LocalStore
from backend.plumbing.web import assets, language, parts, refilled, refusals, security
from backend.plumbing.web.addresses import IdConverter
from backend.public_site.copies import pages as public_copies
from backend.public_site.draws import pages as public_draws
from backend.public_site.front import pages as public_front
from backend.public_site.lists import pages as public_lists
from backend.public_site.results import pages as public_results
from backend.reactions import JOBS, REACTIONS
from backend.records.dossier import pages as dossier_pages
from backend.records.draw_papers import pages as draw_papers
from backend.records.search import pages as search_pages
from backend.records.worklist import pages as worklist_pages
from backend.registers.conflicts import api as conflicts_api
from backend.registers.conflicts import pages as conflicts_pages
from backend.registers.entities import care_pages as entity_care_pages
from backend.registers.entities import export_pages as entity_export_pages
from backend.registers.entities import pages as entities_pages
from backend.registers.first_run import pages as first_run_pages
from backend.registers.imports import pages as imports_pages
from backend.registers.inspectors import pages as inspectors_pages
from backend.registers.matters import pages as matters_pages
from backend.registers.training import page_context as training_context
from backend.registers.training import pages as training_pages
from backend.settings import Settings

OFFICE_BLUEPRINTS = [
    visits_pages.blueprint,
    rescue_pages.blueprint,
    calendar_pages.blueprint,
    form_library_pages.blueprint,
    worklist_pages.blueprint,
    search_pages.blueprint,
    annual_plan_pages.blueprint,
    tasks_pages.blueprint,
    draw_pages.blueprint,
    request_pages.blueprint,
    ceremony_pages.blueprint,
    draw_papers.blueprint,
    preparation_pages.blueprint,
    witness_pages.blueprint,
    escrow_pages.blueprint,
    matching_pages.blueprint,
    adjustments_pages.blueprint,
    received_pages.blueprint,
    received_teams_pages.blueprint,
    prospects_pages.blueprint,
    filings_pages.blueprint,
    companions_pages.blueprint,
    reinforcements_pages.blueprint,
    accounts_pages.blueprint,
    audit_pages.blueprint,
    publication_pages.blueprint,
    objections_pages.blueprint,
    referrals_pages.blueprint,
    dossier_pages.blueprint,
    rule_profiles_pages.blueprint,
    workday_pages.blueprint,
    matters_pages.blueprint,
    entities_pages.blueprint,
    entity_care_pages.blueprint,
    entity_export_pages.blueprint,
    inspectors_pages.blueprint,
    conflicts_pages.blueprint,
    training_pages.blueprint,
    imports_pages.blueprint,
    first_run_pages.blueprint,
]
API_BLUEPRINTS = [
    conflicts_api.blueprint,
    sync_api.blueprint,
    visits_api.blueprint,
    evidence_api.blueprint,
    session_api.blueprint,
]
PUBLIC_BLUEPRINTS = [
    public_front.blueprint,
    objections_online_pages.blueprint,
    public_results.blueprint,
    public_draws.blueprint,
    public_lists.blueprint,
    public_copies.blueprint,
]
OFFICE_PATHS = ("/office", "/api/", "/app", "/healthz")


def create_app(settings: Settings) -> Flask:
    """The staff's application: `/office`, `/api/v1`, `/app`."""
    app = _foundation(settings, "office/base.html")
    sessions.install(app)
    page_context.install(app)
    loads.install(app)
    matter_use.install(app)
    lacking_forms.install(app)
    training_context.install(app)
    access.guard(app)
    app.add_url_rule("/app", "phone_app_root", access.anyone(assets.phone_app_root))
    app.add_url_rule("/app/", "phone_app", access.anyone(assets.phone_app), defaults={"name": "index.html"})
    app.add_url_rule("/app/<path:name>", "phone_app", access.anyone(assets.phone_app))
    for blueprint in [*OFFICE_BLUEPRINTS, *API_BLUEPRINTS]:
        app.register_blueprint(blueprint)
    return app


def create_public_app(settings: Settings) -> Flask:
    """The public site: knows no login, and takes in nothing but an objection."""
    app = _foundation(settings, "public/base.html")
    for blueprint in PUBLIC_BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def joined(settings: Settings, office: Flask | None = None) -> Any:
    """One WSGI application: the staff's paths go to the office, all else to the public site.

    `office`: the staff's application where it is put together already.
    """
    office, public = office or create_app(settings), create_public_app(settings)

    def serve(environ: dict[str, Any], start_response: Any) -> Any:
        staff = environ.get("PATH_INFO", "/").startswith(OFFICE_PATHS)
        return (office if staff else public).wsgi_app(environ, start_response)

    return ProxyFix(serve) if settings.behind_proxy else serve


def _foundation(settings: Settings, base_page: str) -> Flask:
    app = Flask("backend", static_folder=None, template_folder="plumbing/web/templates")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=_with_driver(settings.database_url),
        MAX_CONTENT_LENGTH=64 << 20,
        SETTINGS=settings,
    )
    app.url_map.converters["int"] = IdConverter
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions["clock"] = settings.clock
    app.extensions["randomness"] = settings.randomness
    app.extensions["store"] = LocalStore(settings.data_dir / "store")
    app.extensions["reactions"] = REACTIONS
    app.extensions["jobs"] = JOBS
    database.db.init_app(app)
    with app.app_context():
        database.prepare(database.db.engine)
    security.install(app)
    refusals.install(app)
    refilled.install(app)
    language.install(app)
    parts.install(app.jinja_env, base_page)
    page_context.name_profiles(app)
    app.add_url_rule("/assets/<path:name>", "asset", access.anyone(assets.asset))
    app.add_url_rule("/healthz", "health", access.anyone(_health))
    return app


def _health() -> str:
    database.db.session.execute(text("select 1"))
    return "ok"


def _with_driver(url: str) -> str:
    parsed = make_url(url)
    name = "postgresql+psycopg" if parsed.drivername in ("postgres", "postgresql") else parsed.drivername
    return parsed.set(drivername=name).render_as_string(hide_password=False)
