"""tests/contract/vectors/sync-1.json pins hashes, digest and signatures; the TypeScript side checks the same file."""

import json
from pathlib import Path
from typing import Any

from backend.core.canonical_json import canonical
from backend.fieldwork.sync.keys import receipt_holds, signed_by
from backend.fieldwork.sync.rules import NO_PREVIOUS, Head, Place, op_hash, place_ops
from backend.fieldwork.visits.rules import visit_digest

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "vectors" / "sync-1.json").read_text("utf-8"))
OPS = [entry["op"] for entry in VECTORS["ops"]]


def test_an_op_has_one_spelling_and_one_hash() -> None:
    for entry in VECTORS["ops"]:
        assert canonical(entry["op"]).decode("utf-8") == entry["canonical"]
        assert op_hash(entry["op"]) == entry["hash"]


def test_the_ops_are_one_chain() -> None:
    assert OPS[0]["prev"] == NO_PREVIOUS
    assert place_ops(OPS, [op_hash(op) for op in OPS], Head(), set(), set()) == [Place.NEXT] * 4


def test_the_push_and_the_file_are_signed_by_the_device() -> None:
    head, jwk = VECTORS["push"]["head"], VECTORS["publicJwk"]
    assert signed_by(jwk, bytes.fromhex(head["hash"]), head["sig"])
    evidence = VECTORS["evidence"]
    assert signed_by(jwk, canonical(evidence["told"]), evidence["sig"])
    assert not signed_by(jwk, canonical({**evidence["told"], "size": 2049}), evidence["sig"])


def test_the_digest_of_a_visit() -> None:
    told = VECTORS["digest"]
    assert visit_digest(told["visitId"], told["answers"], told["evidence"]) == told["is"]


def test_the_receipt_holds_and_an_altered_one_does_not() -> None:
    receipt = VECTORS["receipt"]
    assert receipt_holds(receipt["jwk"], receipt["is"])
    assert not receipt_holds(receipt["jwk"], {**receipt["is"], "serverSeq": 42})
