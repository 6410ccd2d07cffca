"""Whether a new answer replaces, repeats or stands beside the present one depends on what its phone had seen."""

from hypothesis import given
from hypothesis import strategies as st

from backend.fieldwork.checklists.differences import Meeting, Present, meet

PRESENT = Present(rev=3, value="pass", device_id="mine")


def test_the_first_answer_applies() -> None:
    assert meet(Present(), "pass", 0, "mine") is Meeting.APPLY


def test_an_answer_that_saw_the_present_one_replaces_it() -> None:
    assert meet(PRESENT, "fail", 3, "other") is Meeting.APPLY


def test_a_phone_may_change_its_own_answer_before_it_hears_back() -> None:
    assert meet(PRESENT, "fail", 0, "mine") is Meeting.APPLY


def test_an_equal_answer_changes_nothing() -> None:
    assert meet(PRESENT, "pass", 0, "other") is Meeting.SAME


def test_an_answer_that_did_not_see_the_present_one_stands_beside_it() -> None:
    assert meet(PRESENT, "fail", 2, "other") is Meeting.BESIDE


@given(rev=st.integers(1, 9), seen=st.integers(0, 12), value=st.sampled_from(["pass", "fail"]))
def test_another_phones_unseen_answer_is_never_overwritten(rev: int, seen: int, value: str) -> None:
    overwritten = meet(Present(rev, "na", "mine"), value, seen, "other") is Meeting.APPLY
    assert overwritten == (seen == rev)
