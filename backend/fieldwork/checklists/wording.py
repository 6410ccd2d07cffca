"""How the parts of a form and its answers are said in Chinese, on a page and in print. Pure."""

from collections.abc import Mapping
from typing import Any

from backend.fieldwork.checklists.tables import Rows, rows_of
from backend.fieldwork.checklists.values import FILE_TYPES, Item, why_invalid

RESULTS = {"pass": "合格", "fail": "不合格", "na": "不适用"}
SEVERITIES = {"minor": "一般", "serious": "较重", "grave": "严重"}
TYPES = {
    "check": "判断",
    "choice": "单选",
    "multi": "多选",
    "number": "数字",
    "text": "文字",
    "date": "日期",
    "photos": "照片",
    "video": "视频",
    "audio": "录音",
    "file": "文件",
    "location": "位置",
    "signature": "签名",
    "table": "表格",
}
PENDING = "待核"


def basis_words(item: Item) -> str:
    """《工业节能管理办法》第22条、第24条；《消费者权益保护法》（待核）. Empty when the item names no law."""
    laws: dict[str, list[str]] = {}
    for one in item.get("basis", ()):
        told = (
            f"第{one['article']}条" if one.get("article", "").isdecimal() else _part(one.get("article", ""))
        )
        if one.get("pending") or not item.get("verified", True):
            told = f"（{PENDING}）"
        laws.setdefault(f"《{one['law'].strip('《》')}》", []).append(told)
    return "；".join(law + "、".join(filter(None, articles)) for law, articles in laws.items())


def _part(article: str) -> str:
    """`16(4)` is said as 第16条(4): whether that is a 款 or a 项 only the text itself tells."""
    number, _, part = article.partition("(")
    return f"第{number}条({part}" if number else ""


def answer_words(item: Item, value: Any) -> str:
    """An answer in words; the cells of a table and the pieces of a file item are said elsewhere."""
    if item["type"] == "check":
        words = RESULTS.get(str(value.get("result")), "") if isinstance(value, Mapping) else ""
        return f"{words}：{value['problem']}" if words and value.get("problem") else words
    if item["type"] == "location" and isinstance(value, Mapping):
        return place_words(value)
    if item["type"] == "signature" and isinstance(value, Mapping):
        return str(value.get("name") or "")
    if item["type"] == "date" and isinstance(value, str) and why_invalid(item, value) is None:
        year, month, day = value.split("-")
        return f"{int(year)}年{int(month)}月{int(day)}日"
    return _plain_words(item, value)


def _plain_words(item: Item, value: Any) -> str:
    labels = {choice["value"]: choice["label"] for choice in item.get("choices", ())}
    given = value if isinstance(value, list) else [value]
    words = "、".join(labels.get(one, str(one)) if isinstance(one, str) else str(one) for one in given)
    return f"{words} {item['unit']}" if "unit" in item else words


def place_words(place: Mapping[str, Any]) -> str:
    """北纬36.186500°，东经118.168200°，误差9米; 1e-7 degrees and centimetres, the error rounded up."""
    north = "北纬" if place["lat7"] >= 0 else "南纬"
    east = "东经" if place["lon7"] >= 0 else "西经"
    error = "误差未记录" if place["accuracyCm"] is None else f"误差{-(-place['accuracyCm'] // 100)}米"
    return f"{north}{_degrees(place['lat7'])}°，{east}{_degrees(place['lon7'])}°，{error}"


def _degrees(tenmillionths: int) -> str:
    whole, rest = divmod(abs(tenmillionths), 10_000_000)
    return f"{whole}.{rest // 10:06d}"


def files_words(item: Item, count: int) -> str:
    """照片 3 件."""
    return f"{TYPES[item['type']]} {count} 件" if item["type"] in FILE_TYPES and count else ""


def table_words(item: Item, cells: Rows) -> tuple[tuple[str, ...], ...]:
    """A table as words: its headings, then its rows."""
    columns = item["columns"]
    headings = tuple(column["label"] for column in columns)
    rows = (
        tuple(
            answer_words(column, filled[column["id"]]) if column["id"] in filled else "" for column in columns
        )
        for _, filled in rows_of(item, cells)
    )
    return headings, *rows
