"""The entity directory in the office: the list, one entity with its history, mending and exemptions."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.core.errors import INVALID_INPUT, Refusal
from backend.foundation.accounts.queries import departments_of
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for
from backend.plumbing.clock import today
from backend.plumbing.web.downloads import spreadsheet
from backend.registers.entities.actions import end_exemption, exempt, mend_entity
from backend.registers.entities.exporting import export_entities
from backend.registers.entities.flagging import flags_of
from backend.registers.entities.merging import merges_of
from backend.registers.entities.models import Entity
from backend.registers.entities.private_numbers import masked_numbers
from backend.registers.entities.queries import (
    Filters,
    count_entities,
    entities_by_id,
    entity,
    entity_columns,
    entry_of,
    exempt_among,
    exemption_of,
    history_of,
    keeper_of,
    page_of_entities,
    regions_of,
)
from backend.registers.entities.rules import (
    FLAGS,
    GRADES,
    KINDS,
    SCALES,
    STATUSES,
    STATUSES_TO_SET,
    TRANSFER_STATES,
)
from backend.registers.entities.saved_views import views_of
from backend.registers.entities.search import words_of_facet
from backend.registers.entities.transfers import other_agencies, transfers_of
from backend.registers.entities.views import change_lines
from backend.registers.matters.queries import published_matters

blueprint = Blueprint("entities", __name__, url_prefix="/office/entities", template_folder="templates")

PAGE = 50
_END = 1 << 62


@blueprint.get("")
@may(Capability.USE_OFFICE)
def entities() -> str:
    """The list, narrowed by what is in the address."""
    return list_page(request.args, None)


def list_page(asked: Mapping[str, str], refusal: Refusal | None) -> str:
    """The list as these filters leave it; a refusal where a form of the page was refused."""
    agency_id = current_actor().agency_id
    filters = _filters(asked)
    after, before = request.args.get("after", type=int), request.args.get("before", type=int)
    found = page_of_entities(agency_id, filters, PAGE + 1, after, before)
    more = len(found) > PAGE
    shown = found[1:] if more and before else found[:PAGE]
    has_earlier = more if before else after is not None
    has_later = before is not None or more
    profile = profile_for(agency_id)
    return render_template(
        "entities/list.html",
        entities=shown,
        total=count_entities(agency_id, filters),
        filters=filters,
        active=_active_filters(filters, agency_id),
        export=_address(filters, endpoint="entities.export"),
        earlier=_address(filters, before=shown[0].id) if shown and has_earlier else None,
        later=_address(filters, after=shown[-1].id) if shown and has_later else None,
        last=_address(filters, before=_END) if shown and has_later else None,
        exempt=exempt_among(agency_id, [each.id for each in shown], today()),
        regions=regions_of(agency_id),
        directories=sorted(words_of_facet(agency_id, "directory")),
        views=[(view, _list_address(view.asked)) for view in views_of(current_actor())],
        departments={department.id: department.name for department in departments_of(agency_id)},
        cap=profile.get("cap.value"),
        kinds=KINDS,
        scales=SCALES,
        statuses=STATUSES,
        flags=FLAGS,
        grades=GRADES,
        capability=Capability,
        refusal=refusal,
    )


@blueprint.get("/export.xlsx")
@may(Capability.KEEP_ENTITIES)
def export() -> Response:
    """What the filters leave, as a spreadsheet that can be mended and imported again; a large one is a job."""
    exported = export_entities(current_actor(), _filters(request.args))
    if not isinstance(exported, bytes):
        return redirect(url_for("entity_exports.one", job_id=exported.id), 303)
    return spreadsheet(exported, "检查对象.xlsx")


@blueprint.get("/<int:entity_id>")
@may(Capability.USE_OFFICE)
def one(entity_id: int) -> str:
    """One entity: what is known, why it will or will not be drawn, and everything that changed."""
    return entity_page(entity_id, None)


@blueprint.post("/<int:entity_id>/changes")
@may(Capability.KEEP_ENTITIES)
def mend_here(entity_id: int) -> tuple[str, int] | Response:
    """Change what the form holds."""
    names = {column.field for column in entity_columns(current_actor().agency_id)} - {"code"}
    entered = {name: text for name, text in request.form.items() if name in names}
    if not entered.get("phone", "").strip():
        entered.pop("phone", None)
    if "flags" in request.form or "flags_shown" in request.form:
        entered["flags"] = "、".join(request.form.getlist("flags"))
    try:
        mend_entity(current_actor(), entity_id, entered)
    except Refusal as refusal:
        return entity_page(entity_id, refusal), refusal.problem.status
    return redirect(url_for("entities.one", entity_id=entity_id), 303)


@blueprint.post("/<int:entity_id>/exemptions")
@may(Capability.GRANT_EXEMPTION)
def exempt_here(entity_id: int) -> tuple[str, int] | Response:
    """Put the entity on the exemption list."""
    try:
        exempt(
            current_actor(),
            entity_id,
            request.form.get("reason", ""),
            _day("valid_to"),
            request.form.getlist("scope"),
        )
    except Refusal as refusal:
        return entity_page(entity_id, refusal), refusal.problem.status
    return redirect(url_for("entities.one", entity_id=entity_id), 303)


@blueprint.post("/<int:entity_id>/exemption-ends")
@may(Capability.GRANT_EXEMPTION)
def end_exemption_here(entity_id: int) -> tuple[str, int] | Response:
    """Take the entity off the exemption list."""
    try:
        end_exemption(current_actor(), entity_id, request.form.get("reason", ""))
    except Refusal as refusal:
        return entity_page(entity_id, refusal), refusal.problem.status
    return redirect(url_for("entities.one", entity_id=entity_id), 303)


def entity_page(entity_id: int, refusal: Refusal | None) -> str:
    """One entity; a refusal where a form of the page was refused."""
    agency_id = current_actor().agency_id
    found = entity(agency_id, entity_id)
    profile = profile_for(agency_id)
    return render_template(
        "entities/entity.html",
        entity=found,
        refusal=refusal,
        keeper=keeper_of(found),
        exemption=exemption_of(agency_id, entity_id, today()),
        numbers=masked_numbers(found),
        flags_held=flags_of(entity_id),
        merges=merges_of(agency_id, entity_id),
        others={each.id: each for each in _merged_with(agency_id, entity_id)},
        transfers=transfers_of(agency_id, entity_id),
        transfer_states=TRANSFER_STATES,
        agencies=other_agencies(agency_id),
        matters=published_matters(agency_id),
        directory_names=sorted(words_of_facet(agency_id, "directory")),
        history=change_lines(history_of(entity_id), entity_columns(agency_id), entry_of(found)),
        profile=profile,
        kinds=KINDS,
        scales=SCALES,
        statuses=STATUSES_TO_SET if found.status in STATUSES_TO_SET else STATUSES,
        flags=FLAGS,
        grades=GRADES,
        capability=Capability,
    )


def _merged_with(agency_id: int, entity_id: int) -> list[Entity]:
    ids = {part for made in merges_of(agency_id, entity_id) for part in (made.kept_id, made.merged_id)}
    return entities_by_id(agency_id, sorted(ids - {entity_id}))


def _filters(asked: Mapping[str, str]) -> Filters:
    return Filters(
        words=asked.get("q", "").strip(),
        grade=asked.get("grade", ""),
        region=asked.get("region", ""),
        industry=asked.get("industry", ""),
        directory=asked.get("directory", ""),
        flag=asked.get("flag", ""),
        kind=asked.get("kind", ""),
        status=asked.get("status", ""),
        department_id=_number(asked.get("department", "")),
    )


def _address(filters: Filters, endpoint: str = "entities.entities", without: str = "", **more: Any) -> str:
    asked: dict[str, Any] = {
        "q": filters.words,
        "grade": filters.grade,
        "region": filters.region,
        "industry": filters.industry,
        "directory": filters.directory,
        "flag": filters.flag,
        "kind": filters.kind,
        "status": filters.status,
        "department": filters.department_id,
        **more,
    }
    return url_for(endpoint, **{name: value for name, value in asked.items() if value and name != without})


def _list_address(asked: Mapping[str, Any]) -> str:
    return url_for("entities.entities", **asked)


def _active_filters(filters: Filters, agency_id: int) -> list[tuple[str, str, str]]:
    names = {department.id: department.name for department in departments_of(agency_id)}
    said = (
        ("q", "查找", filters.words),
        ("grade", "风险等级", filters.grade and f"{filters.grade} 级"),
        ("region", "所在地", filters.region),
        ("industry", "行业", filters.industry),
        ("directory", "专项名录", filters.directory),
        ("flag", "标记", FLAGS.get(filters.flag, filters.flag)),
        ("kind", "种类", KINDS.get(filters.kind, filters.kind)),
        ("status", "状态", STATUSES.get(filters.status, filters.status)),
        ("department", "维护科室", names.get(filters.department_id or 0, "")),
    )
    return [(label, value, _address(filters, without=name)) for name, label, value in said if value]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _day(name: str) -> date | None:
    entered = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(entered) if entered else None
    except ValueError:
        raise Refusal(INVALID_INPUT, detail=f"“{entered}”不是日期") from None
