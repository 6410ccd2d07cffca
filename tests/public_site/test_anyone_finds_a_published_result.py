"""公示: search by name, code, matter, result and day; pages by keyset; nothing is found before it is public."""

from flask.testing import FlaskClient

from backend.decisions.publication.actions import publish, withhold
from tests.inspections import CHANNELS, PROBLEM, Field
from tests.people import OFFICER


def test_a_site_without_results_says_so(public: FlaskClient) -> None:
    page = public.get("/results")
    assert page.status_code == 200
    assert "还没有公示的检查结果" in page.text


def test_a_result_shows_what_was_found_and_what_is_done_about_it(field: Field, public: FlaskClient) -> None:
    result = field.published({"originalRecords": PROBLEM})
    page = public.get(f"/results/{result.publication_no}").text
    for words in (result.entity_name, result.entity_code, "发现问题已责令改正", PROBLEM["problem"], "赵示例"):
        assert words in page
    assert page.index("不合格") < page.index("合格</span>")


def test_drafts_and_withheld_results_are_never_found(field: Field, public: FlaskClient) -> None:
    field.approved()
    withheld = field.formed()
    field.act(OFFICER, withhold, field.result(withheld).id, "涉及商业秘密", "")
    assert "还没有公示的检查结果" in public.get("/results").text
    assert public.get("/results/slgx-2026-000001").status_code == 404


def test_the_search_narrows_by_each_thing(field: Field, public: FlaskClient) -> None:
    field.published(name="甲山铸造厂", code="91370300AAAA000010")
    field.go_to(2026, 7, 28)
    field.published({"originalRecords": PROBLEM}, name="乙水化工厂", code="91370300BBBB000020")
    for query, found, missing in (
        ("q=甲山", "甲山铸造厂", "乙水化工厂"),
        ("q=bbbb0000", "乙水化工厂", "甲山铸造厂"),
        ("result=corrected", "乙水化工厂", "甲山铸造厂"),
        ("from=2026-07-28", "乙水化工厂", "甲山铸造厂"),
        ("to=2026-07-27", "甲山铸造厂", "乙水化工厂"),
        ("q=节能 甲山", "甲山铸造厂", "乙水化工厂"),
    ):
        page = public.get(f"/results?{query}").text
        assert "1 条结果" in page, query
        assert found in page, query
        assert missing not in page, query


def test_a_wildcard_in_the_search_is_only_a_character(field: Field, public: FlaskClient) -> None:
    field.published()
    for words in ("%", "_", "'"):
        assert "没有查到符合条件的结果" in public.get("/results", query_string={"q": words}).text


def test_what_an_address_cannot_mean_narrows_nothing(field: Field, public: FlaskClient) -> None:
    result = field.published()
    page = public.get("/results?from=昨天&before=x~y&matter=")
    assert page.status_code == 200
    assert result.entity_name in page.text


def test_pages_follow_each_other_without_a_gap_or_a_repeat(field: Field, public: FlaskClient) -> None:
    names = [field.published(name=f"第{n:02d}号厂").entity_name for n in range(23)]
    first = public.get("/results").text
    later = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = public.get(later).text
    listed = (
        [name for name in names if f">{name}</a>" in first],
        [name for name in names if f">{name}</a>" in second],
    )
    assert [len(part) for part in listed] == [20, 3]
    assert set(listed[0]) | set(listed[1]) == set(names)


def test_how_late_it_was_published_is_told(field: Field, public: FlaskClient) -> None:
    visit_id = field.formed()
    field.go_to(2026, 7, 28)
    field.act(OFFICER, publish, visit_id, CHANNELS)
    page = public.get(f"/results/{field.result(visit_id).publication_no}").text
    assert "限 2 个工作日，超期 3 个工作日" in page
