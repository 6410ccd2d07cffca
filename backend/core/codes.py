"""Codes that name an entity: 统一社会信用代码 (GB 32100-2015), 身份证号 (GB 11643-1999), and `TYPE:ID`.

A credit code is checked by its own 18th character only; codes starting with N, Y or A are as good as any
(draw.md 1.1). An identity number is recognised so that it can be refused, never stored as a code.
"""

import re
import unicodedata
from datetime import date
from operator import mul

CREDIT_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_CODE = re.compile(rf"[{CREDIT_CODE_ALPHABET}]{{18}}")
_CREDIT_VALUES = {character: value for value, character in enumerate(CREDIT_CODE_ALPHABET)}
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)

_IDENTITY_NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X]")
_IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

_REGISTRATION_NUMBER = re.compile(r"[0-9]{15}", re.ASCII)
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]{1,2}")
_TYPED_CODE = re.compile(r"(?P<type>[a-z]+):(?P<id>[^\s|]+)")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_MASKED_TYPE = "x"
_LONGEST_ID_BYTES = 64


def credit_code_check_character(first_17: str) -> str:
    """The 18th character that completes `first_17`. Raises ValueError on a character outside the alphabet."""
    total = sum(
        weight * CREDIT_CODE_ALPHABET.index(character)
        for weight, character in zip(_CREDIT_WEIGHTS, first_17, strict=True)
    )
    return CREDIT_CODE_ALPHABET[-total % 31]


def is_credit_code(text: str) -> bool:
    """Whether `text` is a 统一社会信用代码 with its check character right."""
    return credit_code_fault(text) is None


def credit_code_fault(text: str) -> str | None:
    """What is wrong with a would-be credit code, as half a Chinese sentence, or None."""
    if _is_right(text):
        return None
    if _SCIENTIFIC.fullmatch(text):
        return "已被表格软件改成科学计数法，末几位丢失；请把整列设为文本后重填"
    plain = "".join(unicodedata.normalize("NFKC", text).upper().split())
    if plain != text and _is_right(plain):
        return f"有小写、全角字符或空格，应写成 {plain}"
    if len(text) != 18:
        difference = 18 - len(text)
        return f"{'少' if difference > 0 else '多'} {abs(difference)} 位，应为 18 位"
    for position, character in enumerate(text, start=1):
        if character not in CREDIT_CODE_ALPHABET:
            return f"第 {position} 位“{character}”不是代码用字，应为数字或大写字母（不含 I、O、S、V、Z）"
    if credit_code_check_character(text[:17]) != text[17]:
        return "校验位不对，请对照营业执照逐位核对"
    return None


def registration_number_fault(text: str) -> str | None:
    """What is wrong with an old 15-digit 注册号 (GS 15-2006, ISO 7064 MOD 11,10), as half a Chinese sentence, or None."""
    if not _REGISTRATION_NUMBER.fullmatch(text):
        return "原注册号应为 15 位数字" if len(text) == 15 else f"原注册号应为 15 位，现在 {len(text)} 位"
    if registration_check_digit(text[:14]) != text[14]:
        return "原注册号的校验位不对，请对照旧执照逐位核对"
    return None


def registration_check_digit(first_14: str) -> str:
    """The 15th digit that completes `first_14`."""
    product = 10
    for digit in first_14:
        product = 2 * ((product + int(digit)) % 10 or 10) % 11
    return str((11 - product) % 10)


def _is_right(text: str) -> bool:
    if not _CREDIT_CODE.fullmatch(text):
        return False
    values = [_CREDIT_VALUES[character] for character in text]
    return not (sum(map(mul, _CREDIT_WEIGHTS, values)) + values[17]) % 31


def is_identity_number(text: str) -> bool:
    """Whether `text` is a valid 18-character 居民身份证号."""
    if not _IDENTITY_NUMBER.fullmatch(text):
        return False
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_IDENTITY_WEIGHTS, text[:17], strict=True))
    return "10X98765432"[total % 11] == text[17]


def entity_code_fault(text: str) -> str | None:
    """What is wrong with an entity's code (credit code or `TYPE:ID`), as half a Chinese sentence, or None."""
    if text != text.strip():
        return "前后有空格，请删去"
    if ":" not in text:
        if is_identity_number(text):
            return "这是身份证号，不能当编码用；自然人请用“类型:编号”，编号由本单位自编"
        return credit_code_fault(text)
    match = _TYPED_CODE.fullmatch(text)
    if match is None or not match["id"].isprintable():
        return "应为“类型:编号”，类型用小写字母，编号不含空格和“|”"
    if unicodedata.normalize("NFKC", text) != text:
        return "编号里有全角字符，请改成半角"
    if match["type"] == _MASKED_TYPE:
        return "类型“x”留给摇号时的遮盖编码，请换一个"
    if len(match["id"].encode()) > _LONGEST_ID_BYTES:
        return f"编号太长，最多 {_LONGEST_ID_BYTES} 字节"
    if is_identity_number(match["id"].upper()) or _MOBILE.fullmatch(match["id"]):
        return "编号不能是身份证号或手机号，请由本单位自编"
    return None


def is_entity_code(text: str) -> bool:
    """Whether `text` can name an entity in the directory and in a draw."""
    return entity_code_fault(text) is None
