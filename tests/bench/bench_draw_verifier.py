"""The stand-alone verifier over a published draw of a million with its teams, beside the draw itself."""

import hashlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from backend.planning.draw import verify
from backend.planning.draw.commitment import commitment_of
from backend.planning.draw.committed_files import CommittedFile, FrozenFiles, frozen
from backend.planning.draw.outcome import outcome_of
from backend.planning.draw.record import event_line, published, record_hash, record_of, signatures_hash
from backend.planning.draw.seed import WitnessInput
from tests.bench.ratios import Ratio, medians
from tests.bench.rosters import SHARES, quota, roster
from tests.planning.draw.recorded_draws import AT


def ratios() -> Iterator[Ratio]:
    """At most twice the draw's own time (draw.md 3)."""
    yield _verifier()


def _verifier() -> Ratio:
    """The stand-alone program beside the draw's own freeze and outcome, over the same published folder."""
    files = FrozenFiles(
        frozen(f"{code}|{grade}" for grade, codes in roster().items() for code in codes),
        frozen(f"P{n:03}|甲科" for n in range(400)),
        CommittedFile(()),
        CommittedFile(()),
        (),
    )
    document = _document(files)
    inputs, nonce = [WitnessInput("见证人甲", "351642")], b"n" * 32

    def draw() -> None:
        frozen(files.roster.lines)
        outcome_of(document, files, nonce, inputs)

    with tempfile.TemporaryDirectory(prefix="yaohao-bench-") as folder:
        outcome = outcome_of(document, files, nonce, inputs)
        record = record_of(document, files, nonce, inputs, None, outcome, AT, None)
        signed = {"name": "见证人甲", "kind": "群众代表", "covers": record_hash(record)}
        record["signatures"] = [{**signed, "at": AT.isoformat(), "image_sha256": None}]
        for name, file in files.by_name().items():
            (Path(folder) / name).write_bytes(file.content)
        line = event_line(record_hash(record), None, "locked", AT, {"signatures": signatures_hash(record)})
        (Path(folder) / "events.jsonl").write_text(f"{line}\n", "utf-8")
        path = Path(folder) / "record.json"
        path.write_bytes(published(record))
        assert json.loads(path.read_bytes())["C"] == commitment_of(document)

        def check() -> None:
            assert verify.Verifier(path).run() == []

        ours, plain = medians(check, draw, rounds=3)
    return Ratio("verify 1M with teams, beside the draw itself", ours, plain, 2)


def _document(files: FrozenFiles) -> dict[str, object]:
    strata = [
        {"id": grade, "population": size, "ratio": [numerator, denominator], "quota": quota(grade)}
        for grade, (size, numerator, denominator) in SHARES.items()
    ]
    groups = {grade: ["甲科"] for grade in SHARES}
    return {
        "v": "draw/1",
        "serial": "示例摇号〔2026〕1号",
        "title": "量时间",
        "codes": "open",
        "window": {"from": "2026-12-01", "to": "2026-12-31"},
        "tasks": [{"id": "T1", "matters": ["M01"], "strata": list(SHARES)}],
        "strata": strata,
        "allocation": None,
        "roster": files.roster.described,
        "inspectors": files.inspectors.described,
        "recusals": files.recusals.described,
        "exemptions": files.exemptions.described,
        "exclusions": [],
        "matching": {"seats": 2, "hard_cap": 999, "eligible": groups, "leader": groups},
        "nonce_hash": hashlib.sha256(b"n" * 32).hexdigest(),
        "input_digits": 6,
        "witnesses": [{"name": "见证人甲", "kind": "群众代表", "commitment": None}],
        "beacon": None,
        "software": "bench",
        "reveal_by": "2027-01-31",
    }
