"""Read a received list: one row for each entity, with the team's certificates where they were drawn too. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.core.sheets import Sheet

CODE_HEADINGS = ("统一社会信用代码", "信用代码", "检查对象代码", "检查对象唯一编码", "编码")
TEAM_HEADINGS = ("执法证号", "检查人员执法证号", "检查人员证号")


@dataclass(frozen=True)
class KnownCode:
    """What a code of a list leads to: the entry that stands for it today, and in which state that one is.

    `departed` is empty while it is on the register, else its state in words.
    """

    entity_id: int
    departed: str


@dataclass(frozen=True)
class ListedEntity:
    """One row: whom it names, by id, and the team by inspector id, leader first; empty where none is named."""

    entity_id: int
    cell: str
    team: tuple[int, ...]
    departed: str = ""


@dataclass(frozen=True)
class ReadList:
    """What a list holds, and what is wrong with it as `cell：what`."""

    entities: tuple[ListedEntity, ...]
    faults: tuple[str, ...]

    @property
    def departed(self) -> list[str]:
        """The rows whose entity is off the register, as `cell：state`."""
        return [f"{one.cell}{one.departed}" for one in self.entities if one.departed]


def codes_in(sheet: Sheet) -> set[str]:
    """Every code that a list writes."""
    heading = _heading(sheet, CODE_HEADINGS)
    cells = [row.cells.get(heading) for row in sheet.rows] if heading else []
    return {cell.text.strip() for cell in cells if cell}


def read_list(
    sheet: Sheet, entities: Mapping[str, KnownCode], inspectors: Mapping[str, int], seats: int
) -> ReadList:
    """Read every row. `entities` by code, `inspectors` ids by certificate number of those who may be sent.

    Two codes of one entity (the entries were merged since) are one row too many, like the same code twice.
    """
    code_heading = _heading(sheet, CODE_HEADINGS)
    team_heading = _heading(sheet, TEAM_HEADINGS)
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
        known = entities[code]
        if known.entity_id in found:
            faults.append(f"{address}：{code}与 {found[known.entity_id].cell} 重复，是同一户")
            continue
        team_cell = row.cells.get(team_heading) if team_heading else None
        numbers = _numbers(team_cell.text) if team_cell else []
        unknown = [number for number in numbers if number not in inspectors]
        if team_cell and unknown:
            faults.append(f"{team_cell.address}：{'、'.join(unknown)}不是名录里可派的检查人员")
        elif team_cell and numbers and len(set(numbers)) < seats:
            faults.append(f"{team_cell.address}：检查组不足 {seats} 人")
        team = tuple(dict.fromkeys(inspectors[number] for number in numbers if number in inspectors))
        found[known.entity_id] = ListedEntity(known.entity_id, address, team, known.departed)
    if not found and not faults:
        faults.append("表里没有一个检查对象")
    return ReadList(tuple(found.values()), tuple(faults))


def teams_are_named(entities: Sequence[ListedEntity]) -> bool:
    """Whether the list names a team for every entity."""
    return bool(entities) and all(one.team for one in entities)


def _heading(sheet: Sheet, possible: Sequence[str]) -> str | None:
    return next((heading for heading in possible if heading in sheet.headings), None)


def _numbers(written: str) -> list[str]:
    return [number for number in re.split(r"[、，,;；\s]+", written.strip()) if number]
