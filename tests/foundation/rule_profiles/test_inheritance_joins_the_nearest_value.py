"""Inheritance, for any tree of profiles: the nearest text wins, what is borrowed shows no article, nothing is lost."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backend.foundation.rule_profiles.editions import read, spelled
from backend.foundation.rule_profiles.profile_files import load_profile, profile_files
from backend.foundation.rule_profiles.rules import Override, resolve, with_overrides

KEYS = ["a.one", "a.two", "b.one", "b.two", "b.three"]
numbers = st.integers(0, 99)
texts = st.dictionaries(st.sampled_from(KEYS), numbers)
ROOT = "root"


def profile(key: str, inherits: str | None, values: dict[str, int], **more: Any) -> dict[str, Any]:
    entries = {
        name: {"value": value, "article": key, "quote": f"{key}的原文"}
        if inherits
        else {"value": value, "assumed": True, "source": "product default (assumed)"}
        for name, value in values.items()
    }
    return {
        "key": key,
        "source": key,
        "name": key,
        "issuer": key,
        "inherits": inherits,
        "validity": None,
        "values": entries,
        **more,
    }


@st.composite
def families(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A root that fixes every key, and up to four descendants, each inheriting from the one before."""
    chain = [profile(ROOT, None, {name: draw(numbers) for name in KEYS})]
    for number in range(draw(st.integers(1, 4))):
        chain.append(profile(f"child{number}", chain[-1]["key"], draw(texts)))
    return chain


@given(families())
def test_the_nearest_text_wins_and_is_cited(chain: list[dict[str, Any]]) -> None:
    files = {file["key"]: file for file in chain}
    resolved = resolve(files, chain[-1]["key"])
    assert set(resolved.values) == set(KEYS)
    for name in KEYS:
        nearest = next(file for file in reversed(chain) if name in file["values"])
        value = resolved.get(name)
        assert (value.value, value.from_profile) == (nearest["values"][name]["value"], nearest["key"])
        assert value.assumed is (nearest["key"] == ROOT)
        assert (value.citation.article if value.citation else None) == (
            None if value.assumed else nearest["key"]
        )


@given(families(), texts, st.sets(st.sampled_from(KEYS)))
def test_what_is_borrowed_is_an_assumption_unless_the_text_itself_speaks(
    chain: list[dict[str, Any]], own: dict[str, int], asked: set[str]
) -> None:
    lender = chain[-1]
    borrowed = sorted(asked & set(lender["values"]))
    file = profile("broken", ROOT, own, assumed_from={lender["key"]: borrowed})
    resolved = resolve({each["key"]: each for each in [*chain, file]}, "broken")
    for name in KEYS:
        value = resolved.get(name)
        if name in own:
            assert (value.from_profile, value.assumed) == ("broken", False)
        elif name in borrowed:
            assert (value.value, value.from_profile) == (lender["values"][name]["value"], lender["key"])
            assert (value.assumed, value.citation) == (True, None)
        else:
            assert value.from_profile == ROOT


@given(
    st.sampled_from(sorted(profile_files())),
    st.dictionaries(st.sampled_from(["cap.value", "report.deadline_wd"]), numbers),
)
def test_an_agencys_values_touch_nothing_else_and_survive_being_kept(key: str, own: dict[str, int]) -> None:
    before = load_profile(key)
    overrides = {
        name: Override(value, "理由写在这里，十个字以上", "示工信发〔2026〕3号", "李主管", date(2026, 7, 21))
        for name, value in own.items()
    }
    after = with_overrides(before, overrides)
    for name, value in after.values.items():
        assert value == before.get(name) if name not in own else value.value == own[name]
    assert read(spelled(before), load_profile("national-default")) == before
