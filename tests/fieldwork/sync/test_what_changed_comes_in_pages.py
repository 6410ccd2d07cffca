"""A phone that was away for long gets everything, in pages, in order, and whatever was set in between."""

import pytest

from backend.fieldwork.sync import queries
from tests.fieldwork.phones import Phones, picture
from tests.people import INSPECTOR, LEADER

FIELDS = (
    "situation", "partyOpinion", "siteContactName", "siteContactPost", "siteContactPhone", "recordingNote",
)  # fmt: skip


def test_small_pages_pass_nothing_over(
    phones: Phones, visit_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    writer, away = phones(LEADER), phones(INSPECTOR)
    writer.pull()
    away.pull()
    for number, field in enumerate(FIELDS):
        writer.note(visit_id, f"/record/{field}", {"text": field})
        writer.photograph(visit_id, picture(40 * number))
        writer.push()
    away.note(visit_id, "/record/situation", {"text": "另一部手机写的"})
    away.push()
    writer.note(visit_id, "/record/partyOpinion", {"text": "改过"})
    writer.push()

    away.pull()
    writer.pull()

    told = {name: body for name, body in away.docs.items() if name[0] in ("answer", "evidence")}
    assert told == {name: body for name, body in writer.docs.items() if name[0] in ("answer", "evidence")}
    words = {
        body["body"]["path"]: body["body"]["value"]["text"]
        for body in told.values()
        if body["type"] == "answer"
    }
    assert words == {f"/record/{field}": field for field in FIELDS} | {"/record/partyOpinion": "改过"}
    contested = away.docs["answer", f"{visit_id} /record/situation"]["body"]
    assert [one["value"]["text"] for one in contested["candidates"]] == ["另一部手机写的"]
    assert sum(name[0] == "evidence" for name in told) == len(FIELDS)
