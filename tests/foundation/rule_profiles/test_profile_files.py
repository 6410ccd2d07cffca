"""The profiles in the package are complete, cited or assumed, and say what their regulations say."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.foundation.rule_profiles.profile_files import (
    check_profile,
    known_keys,
    load_profile,
    profile_files,
)

PROFILES = sorted(profile_files())


def test_the_national_default_fixes_every_key_and_shows_no_article() -> None:
    national = load_profile("national-default")
    assert set(national.values) == set(known_keys())
    assert all(value.assumed and value.citation is None for value in national.values.values())


@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_resolves_every_key(profile: str) -> None:
    assert set(load_profile(profile).values) == set(known_keys())


@pytest.mark.parametrize("profile", PROFILES)
def test_an_article_stands_behind_a_value_or_it_is_assumed(profile: str) -> None:
    for value in load_profile(profile).values.values():
        assert value.assumed is (value.citation is None), value.key


def test_a_silent_text_inherits_and_the_value_says_from_where() -> None:
    value = load_profile("zibo-industry").get("precheck.required")
    assert (value.from_profile, value.assumed) == ("national-default", True)


def test_zibo_publishes_two_working_days_after_the_report() -> None:
    value = load_profile("zibo-industry").get("publication.deadline_wd")
    assert value.value == 2
    assert value.citation is not None
    assert (value.citation.source, value.citation.article) == ("003", "15")


def test_where_000_breaks_off_002_is_assumed_and_no_article_shown() -> None:
    value = load_profile("zichuan-justice").get("publication.deadline_wd")
    assert (value.value, value.from_profile, value.assumed, value.citation) == (
        20,
        "yiyuan-commerce",
        True,
        None,
    )


def test_the_police_draw_by_risk_grade_and_nobody_else_must() -> None:
    must = {key for key in PROFILES if load_profile(key).flag("draw.by_risk_grade")}
    assert must == {"yiyuan-police"}


def test_a_value_without_article_and_without_assumption_is_refused() -> None:
    content = {**profile_files()["zibo-industry"], "values": {"cap.value": {"value": 2}}}
    with pytest.raises(ValueError, match=r"values/cap\.value"):
        check_profile(content, "broken.yaml")


def test_an_unknown_key_is_refused() -> None:
    content = {**profile_files()["zibo-industry"], "values": {"cap.valeu": {}}}
    with pytest.raises(ValueError, match=r"cap\.valeu"):
        check_profile(content, "broken.yaml")


def _texts() -> dict[str, str]:
    candidates = [os.environ.get("YAOHAO_REGULATIONS", "")]
    candidates += [str(up / "shared" / "regulations") for up in list(Path(__file__).resolve().parents)[3:6]]
    for candidate in candidates:
        found = {path.name[:3]: path.read_text("utf-8") for path in Path(candidate or "-").glob("00?_*.txt")}
        if found:
            return found
    return {}


TEXTS = _texts()


def _bare(text: str) -> str:
    return re.sub(r"[\s*]", "", text)


_NUMERALS = "〇一二三四五六七八九"


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else _NUMERALS[tens] + "十")
    return head + (_NUMERALS[ones] if ones else "")


def _section(text: str, head: str, any_head: str) -> str:
    """What stands under the line that starts with `head`, up to the next line that starts like a head."""
    parts = re.split(rf"(?m)^(?=[\s*#-]*{any_head})", text)
    return "".join(part for part in parts if re.match(rf"[\s*#-]*{head}", part))


def _article(text: str, article: str) -> str:
    """The words of one article: `15` is 第十五条, `（二十六）.2` its second item, `二（三）` a section of chapter 二."""
    if article == "标题":
        return text
    if article.isdigit():
        return _section(text, f"第{_chinese(int(article))}条", "第[一二三四五六七八九十]+条")
    parts = re.fullmatch(r"([一二三八]?)(?:（(.+)）)?(?:\.(\d))?", article)
    assert parts is not None, article
    chapter, section, item = parts.groups()
    if chapter:
        text = _section(text, f"{chapter}、", "[一二三四五六七八]、")
    if section:
        text = _section(text, rf"[（(]{section}[)）]", "[（(][一二三四五六七八九十]+[)）]")
    return _section(text, rf"{item}\.", r"\d\.") if item else text


def _cited() -> Iterator[tuple[str, str, str, str]]:
    for key in PROFILES:
        file = profile_files()[key]
        if file["validity"]:
            yield key, "validity", file["validity"]["article"], file["validity"]["quote"]
        for name, entry in file["values"].items():
            if "quote" in entry:
                yield key, name, entry["article"], entry["quote"]


@pytest.mark.skipif(not TEXTS, reason="the regulations' texts do not stand beside this checkout")
@pytest.mark.parametrize(("profile", "name", "article", "quote"), list(_cited()))
def test_every_quote_is_the_articles_own_words(profile: str, name: str, article: str, quote: str) -> None:
    text = TEXTS[profile_files()[profile]["source"]]
    assert _bare(quote) in _bare(_article(text, article))


SPELLED = {1: "一", 2: "两"}


def test_a_number_stands_in_its_own_quote() -> None:
    numbers = [
        (key, name, entry)
        for key in PROFILES
        for name, entry in profile_files()[key]["values"].items()
        if "quote" in entry and isinstance(entry["value"], int) and not isinstance(entry["value"], bool)
    ]
    assert len(numbers) > 20
    for key, name, entry in numbers:
        spellings = {str(entry["value"]), SPELLED.get(entry["value"], "")} - {""}
        assert any(spelling in entry["quote"] for spelling in spellings), (key, name, entry["quote"])
