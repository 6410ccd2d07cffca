"""Forms and answers made by a seed: every item type, conditions, constraints, tables, good and bad values."""

from random import Random
from typing import Any

Json = dict[str, Any]

SIMPLE = ("text", "number", "choice", "multi", "date")
FILES = ("photos", "video", "audio", "file")
TYPES = ("check", *SIMPLE, *FILES, "location", "signature", "table")
TEXTS = ("", " ", "　", "\u0085", "\x1c", "\ufeff", "配电室", "a", "𠀀" * 3, "x" * 12, "是")
DECIMALS = (
    "0",
    "-0",
    "1.0",
    "1.00",
    "-3.5",
    "10",
    "9.9999999999",
    "1e3",
    "01",
    "1.",
    "+2",
    "99999999999999999999",
)
DATES = (
    "2026-02-28",
    "2026-02-29",
    "2024-02-29",
    "0001-01-01",
    "0000-01-01",
    "2026-13-01",
    "2026-7-1",
    "2026-07-28",
)
IMAGES = ("data:image/svg+xml;base64,PHN2Zy8+", "data:image/png;base64,AAAA", "")
STRANGE: tuple[Any, ...] = (
    None,
    "",
    [],
    {},
    0,
    7,
    True,
    ["pass"],
    {"result": "maybe"},
    {"lat7": 1},
    "pass",
    {"item": "x"},
)
ROWS = ("019a0000-1", "019a0000-2", "0f", "ZZ", "019a0000-1-and-far-too-long-to-be-a-row-id")


def generated(seed: int) -> Json:
    """`{form, answers, photos, facts}`: one form the door lets in, and one filling of it, often bad."""
    made = _Making(Random(seed))
    form = made.form(f"v{seed}")
    return {"form": form, **made.filling(form)}


class _Making:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.earlier: list[Json] = []

    def form(self, title: str) -> Json:
        sections = [self._section(number) for number in range(self.random.randint(1, 4))]
        form = {
            "key": "generated/form", "version": 1, "title": title, "agency": "generated", "matter": "示例",
            "sections": sections,
        }  # fmt: skip
        if self._sometimes(0.5):
            form["bands"] = [{"atLeast": at, "label": f"{at}以上"} for at in (90, 60, 0)]
        return form

    def _section(self, number: int) -> Json:
        section: Json = {"id": f"s{number}", "title": f"第{number}节", "items": []}
        if self._sometimes(0.3):
            section["relevant"] = self._condition(2)
        for place in range(self.random.randint(1, 6)):
            item = self._item(f"i{number}x{place}")
            section["items"].append(item)
            self.earlier.append(item)
        return section

    def _item(self, name: str) -> Json:
        kind = self.random.choice(TYPES)
        item = self._field(name, kind)
        item["photo"] = self.random.choice(self._photo_rules(kind))
        item["relevant"] = self._condition(3) if self._sometimes(0.4) else None
        if kind == "check":
            item |= {
                "basis": [{"law": "示例法", "article": "1"}],
                "verified": True,
                "method": "看",
                "failText": "否",
            }
            item |= {"severity": self.random.choice(("minor", "serious", "grave"))}
            if self._sometimes(0.5):
                item["points"] = self.random.randint(0, 20)
        if kind in FILES:
            self._bounds(item, "minPieces", "maxPieces")
        if kind == "table":
            item["columns"] = [
                self._field(f"c{n}x", self.random.choice(SIMPLE)) for n in range(self.random.randint(1, 4))
            ]
            self._bounds(item, "minRows", "maxRows")
        if kind in SIMPLE:
            self._offers(item)
        return item

    def _field(self, name: str, kind: str) -> Json:
        field: Json = {"id": name, "type": kind, "label": name, "required": self._sometimes(0.6)}
        if kind == "number" and self._sometimes(0.5):
            field |= {"min": "-2", "max": "10.5"}
        if kind == "text" and self._sometimes(0.5):
            field["maxLength"] = self.random.randint(1, 10)
        if kind in ("choice", "multi"):
            field["choices"] = [{"value": f"v{n}", "label": f"{n}"} for n in range(self.random.randint(2, 4))]
            if self._sometimes(0.5):
                for choice in field["choices"]:
                    choice["points"] = self.random.randint(0, 9)
        return field

    def _offers(self, item: Json) -> None:
        if self._sometimes(0.3):
            item["default"] = self._good(item)
        if self._sometimes(0.3):
            item["prefill"] = self.random.choice(("entity.name", "entity.region"))
        if self._sometimes(0.3) and item["type"] != "multi":
            self.earlier.append(item)
            item["constraint"] = {"holds": self._condition(2), "otherwise": "不符"}
            self.earlier.pop()

    def _bounds(self, item: Json, least: str, most: str) -> None:
        if self._sometimes(0.4):
            item[least] = self.random.randint(1, 2)
        if self._sometimes(0.4):
            item[most] = self.random.randint(item.get(least, 1), 2)

    def _photo_rules(self, kind: str) -> tuple[str, ...]:
        if kind == "check":
            return ("never", "on-fail", "always")
        return ("never",) if kind in (*FILES, "table") else ("never", "always")

    def _condition(self, depth: int) -> Json | None:
        if not self.earlier:
            return None
        kind = self.random.choice(("and", "or", "not", "leaf", "leaf", "leaf")) if depth else "leaf"
        if kind in ("and", "or"):
            return {kind: [self._condition(depth - 1) for _ in range(self.random.randint(0, 3))]}
        return {"not": self._condition(depth - 1)} if kind == "not" else self._leaf()

    def _leaf(self) -> Json:
        item = self.random.choice(self.earlier)
        name, kind = item["id"], item["type"]
        if kind not in ("check", *SIMPLE) or self._sometimes(0.2):
            return {"answered": name}
        if kind == "multi":
            return {"in": [name, self._good(item)]}
        alike = [one["id"] for one in self.earlier if one["type"] == kind and kind != "check"]
        operators = ("eq", "ne", "lt", "le", "gt", "ge") if kind in ("number", "date") else ("eq", "ne")
        if self._sometimes(0.15):
            return {"in": [name, [self._literal(item), self._literal(item)]]}
        other = {"item": self.random.choice(alike)} if alike and self._sometimes(0.3) else self._literal(item)
        return {self.random.choice(operators): [name, other]}

    def _literal(self, item: Json) -> str:
        if item["type"] == "check":
            return self.random.choice(("pass", "fail", "na"))
        return str(self._good(item))

    def _good(self, item: Json) -> Any:
        match item["type"]:
            case "text":
                return self.random.choice(("a", "是"))
            case "number":
                return self.random.choice(("0", "1.0", "1.00", "10", "-1.5"))
            case "choice":
                return self.random.choice(item["choices"])["value"]
            case "multi":
                chosen = self.random.sample(item["choices"], self.random.randint(1, 2))
                return [choice["value"] for choice in chosen]
        return self.random.choice(("2026-02-28", "2024-02-29", "2026-07-28"))

    def filling(self, form: Json) -> Json:
        items = [item for section in form["sections"] for item in section["items"]]
        answers: Json = {}
        for item in items:
            if item["type"] == "table":
                self._fill_rows(item, answers)
            elif self._sometimes(0.8):
                answers[item["id"]] = self._value(item)
        if self._sometimes(0.2):
            answers["unheardOf"] = "x"
        pieces = {item["id"]: self.random.randint(0, 4) for item in items if self._sometimes(0.6)}
        facts = {
            "entity.name": self.random.choice(TEXTS),
            "entity.region": self.random.choice(("v1", "10", "a")),
        }
        return {"answers": answers, "photos": pieces, "facts": facts}

    def _fill_rows(self, item: Json, answers: Json) -> None:
        for row in self.random.sample(ROWS, self.random.randint(0, 4)):
            for column in [*item["columns"], {"id": "unknown", "type": "text"}]:
                if self._sometimes(0.7):
                    answers[f"{item['id']}/rows/{row}/{column['id']}"] = self._value(column)
        if self._sometimes(0.1):
            answers[item["id"]] = self.random.choice(STRANGE)

    def _value(self, item: Json) -> Any:
        if self._sometimes(0.12):
            return self.random.choice(STRANGE)
        match item["type"]:
            case "check":
                result = self.random.choice(("pass", "pass", "fail", "na"))
                return {"result": result, "problem": self.random.choice((None, *TEXTS)), "disposal": None}
            case "text":
                return self.random.choice(TEXTS)
            case "number":
                return self.random.choice(DECIMALS)
            case "date":
                return self.random.choice(DATES)
            case "choice" | "multi":
                return self._good(item) if self._sometimes(0.9) else ["v0", "v0"]
            case "location":
                return {"lat7": 361865000, "lon7": self.random.choice((1181682000, 1_800_000_001)), "at": 1,
                        "accuracyCm": self.random.choice((None, 0, 900, -1))}  # fmt: skip
            case "signature":
                return {"name": self.random.choice(TEXTS), "image": self.random.choice(IMAGES)}
        return self.random.choice((None, "a"))

    def _sometimes(self, share: float) -> bool:
        return self.random.random() < share
