"""Directories for the demonstration, made up by a seeded generator and written as the spreadsheets an agency would bring.

Nothing in them exists: codes carry a region that is not assigned, telephone numbers begin with 0000, names say
样例 or 示例. The same seed gives the same bytes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from backend.core.codes import CREDIT_CODE_ALPHABET, credit_code_check_character
from backend.plumbing.spreadsheets import NewSheet, write_xlsx
from backend.registers.columns.rules import Column
from backend.registers.demo_matters import MATTERS
from backend.registers.entities import columns as entity_sheet
from backend.registers.inspectors import columns as inspector_sheet
from backend.registers.matters import columns as matter_sheet

ENTITY_COUNT = 2_000
INSPECTOR_COUNT = 60
DEPARTMENTS = ("节能与综合利用科", "安全生产科", "民爆行业管理科", "综合法规科")

_UNASSIGNED_REGION = "990100"
_REGIONS = {"样例区": 30, "示例区": 25, "演示县": 18, "模拟县": 15, "试验区": 12}
_INDUSTRIES = {
    "机械": ("机械制造", 22),
    "化工": ("化学原料和化学制品", 18),
    "陶瓷": ("陶瓷制品", 14),
    "建材": ("水泥和建筑材料", 12),
    "纺织": ("纺织", 10),
    "造纸": ("造纸和纸制品", 6),
    "冶金": ("黑色金属冶炼", 5),
    "电子": ("电子元件", 8),
    "食品": ("食品加工", 5),
}
_KINDS = {"企业": 92, "个体工商户": 5, "农民专业合作社": 3}
_KIND_STARTS = {"企业": "91", "个体工商户": "92", "农民专业合作社": "93"}
_KIND_ENDINGS = {"企业": "有限公司", "个体工商户": "加工部", "农民专业合作社": "专业合作社"}
_GRADES = {"A": 27, "B": 49, "C": 18, "D": 6}
_STATUSES = {"在册": 965, "已注销": 15, "被吊销营业执照": 8, "已关闭停业": 7, "已迁出": 5}
_FLAGS = {
    "": 955,
    "多次投诉举报至2030-12-31": 18,
    "经营异常名录长期": 14,
    "失信行为至2031-06-30": 8,
    "严重违法违规长期": 5,
}
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
_GIVEN = ("样例", "示例", "演示", "试样")
_POSTS = ("一级科员", "四级主任科员", "三级主任科员", "二级主任科员", "一级主任科员", "科长")
_SPECIALITIES = ("节能监察", "能源计量", "安全生产", "民爆管理", "工业统计", "法制审核")


@dataclass(frozen=True)
class KnownPerson:
    """An inspector of the demonstration who has a login."""

    name: str
    login: str
    department: str


def write_demo_files(folder: Path, seed: int, people: Sequence[KnownPerson] = ()) -> Mapping[str, Path]:
    """Write entities.xlsx, inspectors.xlsx and matters.xlsx into `folder`; return them by register.

    `people` become the first inspectors; their logins must exist before the file is imported.
    """
    sheets = {
        "entities": _sheet("检查对象", entity_sheet.columns({}), demo_entities(seed)),
        "inspectors": _sheet("执法检查人员", inspector_sheet.columns({}, {}), demo_inspectors(seed, people)),
        "matters": _sheet("抽查事项", matter_sheet.columns({}), iter(MATTERS)),
    }
    paths = {register: folder / f"{register}.xlsx" for register in sheets}
    for register, path in paths.items():
        path.write_bytes(write_xlsx([sheets[register]]))
    return paths


def demo_entities(seed: int, count: int = ENTITY_COUNT) -> Iterator[dict[str, str]]:
    """Invented entities as spreadsheet rows."""
    random = Random(f"entities {seed}")
    for number in range(1, count + 1):
        yield _entity(random, number)


def demo_inspectors(seed: int, people: Sequence[KnownPerson] = ()) -> Iterator[dict[str, str]]:
    """Invented inspectors as spreadsheet rows: in four departments, a few certificates expired, four experts."""
    random = Random(f"inspectors {seed}")
    names = [surname + given for given in _GIVEN for surname in _SURNAMES]
    random.shuffle(names)
    free = (name for name in names if name not in {person.name for person in people})
    for number in range(1, INSPECTOR_COUNT + 1):
        known = people[number - 1] if number <= len(people) else None
        expert = number > INSPECTOR_COUNT - 4
        expired = not expert and number % 15 == 0
        yield {
            "name": known.name if known else next(free),
            "sex": random.choice(("男", "女")),
            "post": "特聘专家" if expert else random.choice(_POSTS),
            "establishment": "其他" if expert else "行政编制",
            "certificate_no": f"{'ZJ' if expert else 'SL37'}{number:06d}",
            "certificate_valid_to": "" if expert else _certificate_end(random, expired),
            "speciality": random.choice(_SPECIALITIES),
            "department_id": known.department if known else DEPARTMENTS[number % len(DEPARTMENTS)],
            "status": "在岗",
            "is_expert": "是" if expert else "否",
            "user_id": known.login if known else "",
        }


def _entity(random: Random, number: int) -> dict[str, str]:
    kind = _pick(random, _KINDS)
    short = _pick(random, {name: weight for name, (_, weight) in _INDUSTRIES.items()})
    region = _pick(random, _REGIONS)
    heavy_user = kind == "企业" and random.random() < 0.08
    return {
        "name": f"示例市样例第{number:03d}{short}{_KIND_ENDINGS[kind]}",
        "code": _credit_code(random, _KIND_STARTS[kind]),
        "kind": kind,
        "address": f"示例市{region}示例路{random.randint(1, 980)}号",
        "region": region,
        "industry": _INDUSTRIES[short][0],
        "principal": random.choice(_SURNAMES) + random.choice(_GIVEN),
        "phone": f"0000-{number:07d}",
        "risk_grade": _pick(random, _GRADES),
        "risk_source": "示例市企业信用风险分类",
        "risk_date": f"2026-01-{random.randint(5, 30):02d}",
        "status": _pick(random, _STATUSES),
        "directories": "重点用能单位" if heavy_user else "",
        "flags": _pick(random, _FLAGS),
        "department_id": "",
    }


def _credit_code(random: Random, start: str) -> str:
    unique = "".join(random.choice(CREDIT_CODE_ALPHABET) for _ in range(7))
    body = f"{start}{_UNASSIGNED_REGION}MA{unique}"
    return body + credit_code_check_character(body)


def _certificate_end(random: Random, expired: bool) -> str:
    year = 2025 if expired else random.choice((2027, 2028, 2029))
    return f"{year}-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}"


def _pick(random: Random, weights: Mapping[str, int]) -> str:
    return random.choices(list(weights), list(weights.values()))[0]


def _sheet(name: str, columns: Sequence[Column], rows: Iterator[Mapping[str, str]]) -> NewSheet:
    return NewSheet(
        name, [c.heading for c in columns], [[row.get(c.field, "") for c in columns] for row in rows]
    )
