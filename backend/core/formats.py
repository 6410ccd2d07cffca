"""The formats that leave the house, named in one place. What was released is never changed.

A new, missing or differently spelled member is a change of shape: it gets a new name here, a schema file of its own beside
the old one where there is one, and both verifiers (`verify.py` and the browser's) go on reading every name in `RELEASED`.
`tests/contract/test_released_formats_are_never_changed.py` holds each released schema to its fingerprint and reads a golden
draw of every release.
"""

DRAW_RECORD = "draw/1"
"""record.json with its commit document (`record.schema.json`). The commit document may name more than the schema asks for:
a verifier hashes members that it does not know, and ignores them (draw.md 1.4)."""
DRAW_EVENTS = "draw-events/2"
"""The lines of events.jsonl, each carrying it as `v`. Lines of the first release carry none; the second added `v` to every
line, and `hands` to those that lock or void a draw."""
DOSSIER = "yaohao-dossier/1"
"""dossier.json (`dossier-1.schema.json`)."""

RELEASED = (DRAW_RECORD, "draw-events/1", DRAW_EVENTS, DOSSIER)
