"""Read a received list: one row for each entity, with the team's certificates where they were drawn too. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.core.sheets import Sheet

CODE_HEADINGS = ("统一社会信用代码", "信用代码", "检查对象代码", "检查对象唯一编码", "编码")
TEAM_HEADINGS = ("执法证号", "检查人员执法证号", "检查人员证号")


@dataclass(frozen=True)
class ListedEntity:
    """One row: whom it names, by id, and the team by inspector id, leader first; empty where none is named."""

    entity_id: int
    cell: str
    team: tuple[int, ...]


@dataclass(frozen=True)
class ReadList:
    """What a list holds, and what is wrong with it as `cell：what`."""

    entities: tuple[ListedEntity, ...]
    faults: tuple[str, ...]


def read_list(
    sheet: Sheet, entities: Mapping[str, int], inspectors: Mapping[str, int], seats: int
) -> ReadList:
    """Read every row. `entities` are ids by code, `inspectors` ids by certificate number of those who may be sent."""
    code_heading = next((h for h in CODE_HEADINGS if h in sheet.headings), None)
    team_heading = next((h for h in TEAM_HEADINGS if h in sheet.headings), None)
    if code_heading is None:
        return ReadList((), (f"缺列：{CODE_HEADINGS[0]}",))
    found: dict[int, ListedEntity] = {}
    faults: list[str] = []
    for row in sheet.rows:
        cell = row.cells.get(code_heading)
        code = cell.text.strip() if cell else ""
        address = cell.address if cell else f"第 {row.number} 行"
        if code not in entities:
            faults.append(f"{address}：{code or '空'}不在检查对象名录里")
            continue
        if entities[code] in found:
            faults.append(f"{address}：{code}重复")
            continue
        team_cell = row.cells.get(team_heading) if team_heading else None
        numbers = _numbers(team_cell.text) if team_cell else []
        unknown = [number for number in numbers if number not in inspectors]
        if team_cell and unknown:
            faults.append(f"{team_cell.address}：{'、'.join(unknown)}不是名录里可派的检查人员")
        elif team_cell and numbers and len(set(numbers)) < seats:
            faults.append(f"{team_cell.address}：检查组不足 {seats} 人")
        team = tuple(dict.fromkeys(inspectors[number] for number in numbers if number in inspectors))
        found[entities[code]] = ListedEntity(entities[code], address, team)
    if not found and not faults:
        faults.append("表里没有一个检查对象")
    return ReadList(tuple(found.values()), tuple(faults))


def teams_are_named(entities: Sequence[ListedEntity]) -> bool:
    """Whether the list names a team for every entity."""
    return bool(entities) and all(one.team for one in entities)


def _numbers(written: str) -> list[str]:
    return [number for number in re.split(r"[、，,;；\s]+", written.strip()) if number]
