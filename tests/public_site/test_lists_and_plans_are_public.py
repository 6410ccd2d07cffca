"""清单和计划: only what was published, the newest version of each agency."""

from datetime import UTC, datetime

from flask.testing import FlaskClient

from backend.foundation.accounts.queries import agency_by_code
from backend.planning.annual_plan.models import Plan, PlanLine
from backend.plumbing.db import db, transaction
from backend.registers.matters.models import Matter, MatterList
from tests.inspections import Field
from tests.people import AGENCY

AT = datetime(2026, 1, 20, 2, tzinfo=UTC)


def keep_list(field: Field, version: int, name: str, published: bool) -> None:
    row = {
        "id": 1,
        "code": "GX01",
        "name": name,
        "matter_class": "general",
        "objects": "工业企业",
        "content": "节能管理",
        "legal_basis": "节约能源法",
        "methods": "现场检查",
        "ratio": [5, 100],
        "frequency": "每年 1 次",
    }
    with field.app.app_context(), transaction():
        db.session.add(
            MatterList(
                agency_id=agency_by_code(AGENCY).id,
                version=version,
                status="published" if published else "approved",
                snapshot=[row],
                prepared_by_name="周法规",
                prepared_at=AT,
                published_at=AT if published else None,
            )
        )


def keep_plan(field: Field, revision: int, status: str) -> None:
    with field.app.app_context(), transaction():
        agency_id = agency_by_code(AGENCY).id
        matter = db.session.query(Matter).first() or Matter(
            agency_id=agency_id,
            code="GX01",
            name="工业企业节能监察",
            matter_class="general",
            objects="工业企业",
            content="节能管理",
            legal_basis="节约能源法",
            methods="现场检查",
            frequency="每年 1 次",
            entity_kind="",
            status="published",
        )
        db.session.add(matter)
        db.session.flush()
        plan = Plan(
            agency_id=agency_id,
            year=2026,
            revision=revision,
            title=f"2026 年抽查计划（{revision}）",
            status=status,
            prepared_by_name="周法规",
            prepared_at=AT,
            published_at=AT if status == "published" else None,
        )
        plan.lines = [
            PlanLine(
                matter_id=matter.id,
                category="节能监察",
                ratios={"A": [1, 100], "D": [20, 100]},
                estimated=35,
                month_from=4,
                month_to=9,
                body="节能与综合利用科",
                frequency="每年 1 次",
            )
        ]
        db.session.add(plan)


def test_only_the_newest_published_list_is_shown(field: Field, public: FlaskClient) -> None:
    keep_list(field, 1, "旧的事项", published=True)
    keep_list(field, 2, "工业企业节能监察", published=True)
    keep_list(field, 3, "还没公布的事项", published=False)
    page = public.get("/matters").text
    assert "工业企业节能监察" in page
    assert "5%" in page
    assert "旧的事项" not in page
    assert "还没公布的事项" not in page


def test_only_the_newest_published_plan_of_a_year_is_shown(field: Field, public: FlaskClient) -> None:
    keep_plan(field, 1, "published")
    keep_plan(field, 2, "published")
    keep_plan(field, 3, "approved")
    assert public.get("/plans").headers["Location"] == "/plans/2026"
    page = public.get("/plans/2026").text
    assert "2026 年抽查计划（2）" in page
    assert "A 级 1%，D 级 20%" in page
    assert "（1）" not in page
    assert "（3）" not in page


def test_a_year_without_a_plan_is_not_found_and_empty_lists_say_so(public: FlaskClient) -> None:
    assert public.get("/plans/2019").status_code == 404
    assert "还没有公布 2026 年的抽查计划" in public.get("/plans").text
    assert "还没有公布抽查事项清单" in public.get("/matters").text


def test_the_front_page_leads_to_everything(field: Field, public: FlaskClient) -> None:
    result = field.published()
    page = public.get("/").text
    assert result.entity_name in page
    for address in ("/results", "/draws", "/plans", "/matters", "/verify", "/objection"):
        assert f'href="{address}"' in page


def test_every_published_version_stays_public_with_what_it_changed(field: Field, public: FlaskClient) -> None:
    keep_list(field, 1, "旧的事项", published=True)
    keep_list(field, 2, "工业企业节能监察", published=True)
    keep_list(field, 3, "还没公布的事项", published=False)
    assert f"/matters/{AGENCY}/1" in public.get("/matters").text
    first = public.get(f"/matters/{AGENCY}/1").text
    assert "旧的事项" in first
    assert "现行的是" in first
    second = public.get(f"/matters/{AGENCY}/2").text
    assert "<del>旧的事项</del>" in second
    assert "<ins>工业企业节能监察</ins>" in second
    assert public.get(f"/matters/{AGENCY}/3").status_code == 404
    assert public.get("/matters/none/1").status_code == 404
