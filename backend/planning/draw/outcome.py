"""The draw as one function of its published inputs: picks and teams (draw.md 1.5 to 1.10)."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.planning.draw.commitment import CommitDocument, commitment_of
from backend.planning.draw.committed_files import FrozenFiles, pairs
from backend.planning.draw.seed import Beacon, Keys, WitnessInput, keys_of, seed_of
from backend.planning.draw.tickets import InMemory, Roster, StratumOutcome, Wanted, all_drawn
from backend.planning.matching.rules import Impossible, Matched, MatchingRules, match


@dataclass(frozen=True)
class DrawOutcome:
    """All that follows from the commitment and what the room gave."""

    seed: bytes
    keys: Keys
    strata: tuple[StratumOutcome, ...]
    matching: Matched | Impossible


def outcome_of(
    document: CommitDocument,
    files: FrozenFiles,
    nonce: bytes,
    inputs: Sequence[WitnessInput],
    beacon: Beacon | None = None,
) -> DrawOutcome:
    """Compute the draw over files at hand. Inputs come in the committed order of the witnesses."""
    return outcome_over(InMemory(files.strata), document, files, nonce, inputs, beacon)


def outcome_over(
    roster: Roster,
    document: CommitDocument,
    files: FrozenFiles,
    nonce: bytes,
    inputs: Sequence[WitnessInput],
    beacon: Beacon | None,
) -> DrawOutcome:
    """Compute the draw over a roster wherever it lies."""
    seed = seed_of(commitment_of(document), nonce, inputs, beacon)
    keys = keys_of(seed)
    exempt = files.exempt
    wanted = [Wanted(s["id"], s["population"], s["quota"]) for s in document["strata"]]
    strata = all_drawn(roster, wanted, exempt, keys.entity)
    matching = match(
        picked_entities(strata),
        pairs(files.inspectors),
        set(pairs(files.recusals)),
        committed_rules(document),
        keys.inspector,
    )
    return DrawOutcome(seed, keys, strata, matching)


def picked_entities(strata: Sequence[StratumOutcome]) -> list[tuple[str, str]]:
    """The distinct picks, each under the first stratum that picked it."""
    first: dict[str, str] = {}
    for stratum in strata:
        for pick in stratum.picks:
            first.setdefault(pick.code, stratum.id)
    return list(first.items())


def committed_rules(document: CommitDocument) -> MatchingRules:
    """The matching rules as they were committed."""
    rules = document["matching"]
    return MatchingRules(
        rules["seats"],
        rules["hard_cap"],
        {stratum: tuple(groups) for stratum, groups in rules["eligible"].items()},
        {stratum: tuple(groups) for stratum, groups in rules["leader"].items()},
    )
