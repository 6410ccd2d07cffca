"""Every published draw comes out exactly: files, quotas, commitment, seed, keys, picks, reserve, teams."""

from datetime import date
from typing import Any

import pytest

from backend.core.canonical_json import canonical
from backend.planning.annual_plan.quotas import Allocation, Stratum
from backend.planning.draw.codes import masked_code
from backend.planning.draw.commitment import (
    Campaign,
    CampaignTask,
    CommittedWitness,
    commit_document,
    commitment_of,
)
from backend.planning.draw.committed_files import pairs
from backend.planning.draw.outcome import committed_rules, outcome_of
from backend.planning.draw.seed import sealed_input
from backend.planning.draw.tickets import Ticket
from backend.planning.matching.rules import Matched
from tests.planning.draw.published_vectors import Vector, draw_vectors, rows
from tests.planning.draw.recorded_draws import beacon_of, frozen_files, inputs_of

each_draw = pytest.mark.parametrize("vector", draw_vectors(), ids=lambda v: v["name"])


@each_draw
def test_the_commit_document_is_the_published_one_to_the_byte(vector: Vector) -> None:
    document = commit_document(_campaign(vector), frozen_files(vector), bytes.fromhex(vector["nonce"]))
    assert canonical(document).decode() == vector["commit_jcs"]
    assert commitment_of(document) == vector["expect"]["C"]


@each_draw
def test_seed_keys_picks_and_teams_are_the_published_ones(vector: Vector) -> None:
    outcome = outcome_of(
        vector["commit"],
        frozen_files(vector),
        bytes.fromhex(vector["nonce"]),
        inputs_of(vector),
        beacon_of(vector),
    )
    assert isinstance(outcome.matching, Matched)
    found = {
        "C": commitment_of(vector["commit"]),
        "seed": outcome.seed.hex(),
        "K_entity": outcome.keys.entity.hex(),
        "K_inspector": outcome.keys.inspector.hex(),
        "strata": [
            {
                "id": s.id,
                "picks": _shown(s.picks),
                "skipped": [
                    {**_shown([t])[0], "reason": frozen_files(vector).exempt[t.code]} for t in s.skipped
                ],
                "reserve": _shown(s.reserve),
                "cutoff_ticket": s.cutoff_ticket,
                "shortfall": s.shortfall,
            }
            for s in outcome.strata
        ],
        "team": [
            {"code": t.code, "leader": t.leader, "members": list(t.members)} for t in outcome.matching.teams
        ],
        "cap": outcome.matching.cap,
        "augmented": list(outcome.matching.augmented),
    }
    assert found == vector["expect"]


@each_draw
def test_sealed_inputs_open_to_what_was_committed(vector: Vector) -> None:
    for witness, given in zip(vector["commit"]["witnesses"], vector["inputs"], strict=True):
        if witness["commitment"] is not None:
            assert sealed_input(bytes.fromhex(given["salt"]), given["input"]) == witness["commitment"]


@pytest.mark.parametrize("vector", [v for v in draw_vectors() if v["salts"]], ids=lambda v: v["name"])
def test_every_salt_opens_a_masked_code_of_the_draw(vector: Vector) -> None:
    everywhere = {code for code, _ in rows(vector["roster"])} | {
        code for exclusion in vector["exclusions"] for code in exclusion["codes"]
    }
    assert {masked_code(bytes.fromhex(salt), code) for code, salt in vector["salts"].items()} == everywhere


def test_the_shuffled_lines_of_a_file_freeze_to_the_same_root() -> None:
    vector = draw_vectors()[0]
    backwards = {**vector, "roster": vector["roster"][::-1], "inspectors": vector["inspectors"][::-1]}
    assert frozen_files(backwards) == frozen_files(vector)
    assert pairs(frozen_files(vector).roster) == sorted(
        rows(vector["roster"]), key=lambda row: "|".join(row).encode()
    )


def _campaign(vector: Vector) -> Campaign:
    """The campaign behind a vector; populations are counted anew, and quotas are not read at all."""
    given: dict[str, Any] = vector["commit"]
    strata = frozen_files(vector).strata
    return Campaign(
        serial=given["serial"],
        title=given["title"],
        masked=given["codes"] == "masked",
        window=(date.fromisoformat(given["window"]["from"]), date.fromisoformat(given["window"]["to"])),
        tasks=tuple(CampaignTask(t["id"], tuple(t["matters"]), tuple(t["strata"])) for t in given["tasks"]),
        strata=tuple(
            Stratum(s["id"], len(strata.get(s["id"], [])), tuple(s["ratio"]) if s["ratio"] else None)
            for s in given["strata"]
        ),
        allocation=Allocation(**given["allocation"]) if given["allocation"] else None,
        matching=committed_rules(given),
        witnesses=tuple(CommittedWitness(**witness) for witness in given["witnesses"]),
        input_digits=given["input_digits"],
        beacon=(given["beacon"]["source"], given["beacon"]["round"]) if given["beacon"] else None,
        software=given["software"],
        reveal_by=date.fromisoformat(given["reveal_by"]),
    )


def _shown(tickets: Any) -> list[dict[str, Any]]:
    def shown(ticket: Ticket) -> dict[str, Any]:
        return {"rank": ticket.rank, "code": ticket.code, "ticket": ticket.ticket}

    return [shown(ticket) for ticket in tickets]
