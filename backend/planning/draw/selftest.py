"""Does this machine compute the published draws to the byte? Asked before each commitment."""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from backend.planning.draw.commitment import commitment_of
from backend.planning.draw.committed_files import FrozenFiles, freeze
from backend.planning.draw.outcome import DrawOutcome, outcome_of
from backend.planning.draw.prefilter import engine_faults
from backend.planning.draw.seed import Beacon, WitnessInput, keys_of
from backend.planning.matching.rules import Matched


def selftest_faults() -> list[str]:
    """What differs from the vectors packed with the program; empty when all is well."""
    return [fault for vector in _packed() for fault in faults_against(vector)]


def faults_of_this_installation() -> list[str]:
    """The same, and what the database in use hashes otherwise (draw.md 4)."""
    faults = selftest_faults()
    for vector in _packed():
        codes = [line.partition("|")[0] for line in vector["roster"]]
        key = keys_of(bytes.fromhex(vector["expect"]["seed"])).entity
        faults += [f"{vector['name']}：{fault}" for fault in engine_faults(key, codes, b"\x80")]
    return faults


def _packed() -> list[dict[str, Any]]:
    text = files("backend.planning.draw").joinpath("selftest.json").read_text("utf-8")
    draws: list[dict[str, Any]] = json.loads(text)["draws"]
    return draws


def faults_against(vector: Mapping[str, Any]) -> list[str]:
    """What this program computes otherwise than `vector` expects, one line for each member."""
    frozen = _files_of(vector)
    roots = {
        kind: getattr(frozen, kind).described for kind in ("roster", "inspectors", "recusals", "exemptions")
    }
    outcome = outcome_of(
        vector["commit"], frozen, bytes.fromhex(vector["nonce"]), _inputs_of(vector), _beacon_of(vector)
    )
    expected = {**vector["expect"], **{kind: vector["commit"][kind] for kind in roots}}
    computed = {**roots, **_spelled(vector, outcome)}
    return [
        f"{vector['name']}：{member} 与公布的不同"
        for member, value in computed.items()
        if value != (_without_reserve(expected[member]) if member == "strata" else expected[member])
    ]


def _spelled(vector: Mapping[str, Any], outcome: DrawOutcome) -> dict[str, Any]:
    matched = outcome.matching
    teams = matched.teams if isinstance(matched, Matched) else ()
    return {
        "C": commitment_of(vector["commit"]),
        "seed": outcome.seed.hex(),
        "strata": [
            {
                "id": s.id,
                "picks": [(t.rank, t.code, t.ticket) for t in s.picks],
                "skipped": [(t.rank, t.code, t.ticket) for t in s.skipped],
                "cutoff_ticket": s.cutoff_ticket,
                "shortfall": s.shortfall,
            }
            for s in outcome.strata
        ],
        "team": [{"code": t.code, "leader": t.leader, "members": list(t.members)} for t in teams],
    }


def _without_reserve(strata: list[dict[str, Any]]) -> list[dict[str, Any]]:
    def places(stratum: dict[str, Any], kind: str) -> list[tuple[int, str, str]]:
        return [(t["rank"], t["code"], t["ticket"]) for t in stratum[kind]]

    return [
        {
            "id": s["id"],
            "picks": places(s, "picks"),
            "skipped": places(s, "skipped"),
            "cutoff_ticket": s["cutoff_ticket"],
            "shortfall": s["shortfall"],
        }
        for s in strata
    ]


def _files_of(vector: Mapping[str, Any]) -> FrozenFiles:
    def rows(kind: str) -> list[tuple[str, str]]:
        return [(left, right) for left, _, right in (line.partition("|") for line in vector[kind])]

    exclusions = [(exclusion["reason"], exclusion["codes"]) for exclusion in vector["exclusions"]]
    return freeze(rows("roster"), rows("inspectors"), rows("recusals"), dict(rows("exemptions")), exclusions)


def _inputs_of(vector: Mapping[str, Any]) -> list[WitnessInput]:
    return [
        WitnessInput(i["name"], i["input"], bytes.fromhex(i["salt"]) if i["salt"] else None)
        for i in vector["inputs"]
    ]


def _beacon_of(vector: Mapping[str, Any]) -> Beacon | None:
    given = vector["beacon"]
    return Beacon(given["source"], given["round"], bytes.fromhex(given["value"])) if given else None
