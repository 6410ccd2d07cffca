"""Codes are accepted by their own check character, and never repaired."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from backend.core import codes

characters = st.sampled_from(codes.CREDIT_CODE_ALPHABET)
first_17 = st.text(characters, min_size=17, max_size=17)


@given(first_17)
def test_a_completed_code_is_valid_and_any_other_last_character_is_not(body: str) -> None:
    right = codes.credit_code_check_character(body)
    assert codes.is_credit_code(body + right)
    assert not any(codes.is_credit_code(body + c) for c in codes.CREDIT_CODE_ALPHABET if c != right)


@given(st.text(st.sampled_from("0123456789"), min_size=8, max_size=8), st.data())
def test_we_agree_with_the_oracle_where_it_knows_the_registry(digits: str, data: st.DataObject) -> None:
    prefix = data.draw(st.sampled_from(["91", "92", "93", "11", "12", "51", "52", "53"]))
    rest = data.draw(st.text(characters, min_size=9, max_size=9))
    body = prefix + digits[:6] + rest
    whole = body + codes.credit_code_check_character(body)
    assert uscc.is_valid(whole) == codes.is_credit_code(whole)


@pytest.mark.parametrize("first", "NYA")
def test_registries_that_the_oracle_does_not_know_are_valid(first: str) -> None:
    body = f"{first}1370300000000001"
    whole = body + codes.credit_code_check_character(body)
    assert codes.is_credit_code(whole)
    assert not uscc.is_valid(whole)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("9137030000000017", "少 2 位，应为 18 位"),
        ("913703000000001700X", "多 1 位，应为 18 位"),
        ("91370300I000000170", "第 9 位“I”不是代码用字"),
        ("９13703000000000170", "第 1 位“９”不是代码用字"),
        ("91370300000000017a", "第 18 位“a”不是代码用字"),
    ],
)
def test_the_fault_says_what_is_wrong_and_what_is_right(text: str, fault: str) -> None:
    assert fault in str(codes.credit_code_fault(text))


@given(st.text(st.sampled_from("0123456789"), min_size=3, max_size=3), st.dates())
def test_identity_numbers_agree_with_the_oracle(serial: str, born: object) -> None:
    body = f"370303{str(born).replace('-', '')}{serial}"
    for last in "0123456789X":
        assert codes.is_identity_number(body + last) == (ric.calc_check_digit(body + last) == last)


def test_a_day_that_never_was_is_no_birthday() -> None:
    body = "11010119900231003"
    assert not codes.is_identity_number(body + ric.calc_check_digit(body + "0"))


IDENTITY = "11010119900307003" + ric.calc_check_digit("110101199003070030")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (IDENTITY, "这是身份证号"),
        (f"person:{IDENTITY}", "编号不能是身份证号"),
        ("person:13812345678", "编号不能是身份证号或手机号"),
        ("x:0001", "留给摇号时的遮盖编码"),
        ("person:a b", "不含空格"),
        ("person:a|b", "不含空格和“|”"),
        ("Person:1", "应为“类型:编号”"),
        ("person:１２", "全角"),
        (" person:1", "前后有空格"),
        ("project:" + "长" * 22, "最多 64 字节"),
    ],
)
def test_a_code_that_could_hurt_someone_or_the_draw_is_refused(text: str, fault: str) -> None:
    assert fault in str(codes.entity_code_fault(text))


@pytest.mark.parametrize("text", ["person:0001", "project:示例-01", "product:a.b"])
def test_an_opaque_typed_code_is_accepted(text: str) -> None:
    assert codes.is_entity_code(text)


def _changed_in_one_place(right: str, alphabet: str) -> list[str]:
    return [
        right[:place] + other + right[place + 1 :]
        for place in range(len(right))
        for other in alphabet
        if other != right[place]
    ]


@given(st.sampled_from("NYA9135"), st.lists(characters, min_size=16, max_size=16))
@settings(max_examples=20)
def test_no_credit_code_survives_one_changed_character(first: str, rest: list[str]) -> None:
    body = first + "".join(rest)
    right = body + codes.credit_code_check_character(body)
    assert codes.is_credit_code(right)
    alphabet = codes.CREDIT_CODE_ALPHABET + "IOSVZ"
    assert not any(map(codes.is_credit_code, _changed_in_one_place(right, alphabet)))


@given(st.text("0123456789", min_size=14, max_size=14))
@settings(max_examples=20)
def test_no_old_registration_number_survives_one_changed_digit(first_14: str) -> None:
    right = first_14 + codes.registration_check_digit(first_14)
    assert codes.registration_number_fault(right) is None
    assert all(map(codes.registration_number_fault, _changed_in_one_place(right, "0123456789")))


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.integers(0, 999))
@settings(max_examples=20)
def test_no_identity_number_survives_one_changed_character(born: date, order: int) -> None:
    body = f"110101{born:%Y%m%d}{order:03d}"
    right = next(body + last for last in "0123456789X" if codes.is_identity_number(body + last))
    assert not any(map(codes.is_identity_number, _changed_in_one_place(right, "0123456789X")))


def test_a_code_in_small_or_wide_letters_is_told_how_to_be_written() -> None:
    body = "91370300MA0000017"
    right = body + codes.credit_code_check_character(body)
    wide = "".join(chr(ord(character) + 0xFEE0) for character in right)
    for written in (right.lower(), wide, f"{right[:8]} {right[8:]}"):
        assert f"应写成 {right}" in str(codes.credit_code_fault(written))
    assert "科学计数法" in str(codes.credit_code_fault("9.137E+17"))
