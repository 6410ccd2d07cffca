"""A directory of any size, made up by a seed: rows as the entity table holds them, names of real length and spread."""

from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import Any

from backend.core.codes import credit_code_check_character

_PLACES = ("样例", "示例", "演示", "模拟", "试验")
_TRADES = "机械化工陶瓷建材纺织造纸冶金电子食品安全科技贸易商务服务工程管理咨询文化传媒物流运输设备制造新能源环保农业园林装饰"
_INDUSTRIES = ("机械制造", "化学原料和化学制品", "陶瓷制品", "水泥和建筑材料", "纺织", "食品加工")
CHUNK = 20_000


def entity_values(count: int, agency_id: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Invented entities with every column of the table but the id."""
    random = Random(seed)
    for number in range(1, count + 1):
        body = f"91990100{number:09d}"
        trade = "".join(random.choices(_TRADES, k=random.randint(2, 4)))
        place = random.choice(_PLACES)
        yield {
            "agency_id": agency_id,
            "department_id": None,
            "code": body + credit_code_check_character(body),
            "name": f"示例市{place}{trade}有限公司",
            "name_key": f"示例市{place}{trade}有限公司",
            "registration_no": "",
            "identity_no": "",
            "kind": random.choices(("enterprise", "self_employed", "cooperative"), (90, 8, 2))[0],
            "address": f"示例市{place}区{random.choice(_TRADES)}{random.choice(_TRADES)}路{number % 980}号",
            "region": f"{place}区",
            "industry": random.choice(_INDUSTRIES),
            "principal": random.choice("赵钱孙李周吴郑王冯陈") + random.choice(_TRADES) + "样",
            "phone": f"0000-{number:07d}",
            "risk_grade": random.choices("ABCD", (27, 49, 18, 6))[0],
            "risk_source": "示例市企业信用风险分类",
            "risk_date": None,
            "status": random.choices(("active", "deregistered", "closed"), (965, 20, 15))[0],
            "directories": ["重点用能单位"] if random.random() < 0.05 else [],
            "flags": ["complaints"] if random.random() < 0.02 else [],
        }


def chunks(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The rows in pieces that fit into one statement's memory."""
    while piece := list(islice(rows, CHUNK)):
        yield piece
