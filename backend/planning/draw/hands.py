"""What hands did at a ceremony that the record itself does not tell: on whose screen each input was written and each signature
given, what was rewritten or thrown away, whose link was renewed. It goes out with the line that locks or voids the draw."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from backend.foundation.audit.models import AuditEntry
from backend.foundation.audit.queries import entries_on
from backend.planning.draw.models import Draw

PLACES = {"phone": "自己的手机上", "host": "主持人的屏幕上"}
COUNTED = {
    "draw.rewrite_input": "rewritten",
    "draw.withdraw_input": "withdrawn",
    "draw.renew_link": "link_renewed",
    "draw.speak_instead": "spoken_instead",
}
WORDS = {
    "rewritten": "重写数字",
    "withdrawn": "数字被主持人退回",
    "link_renewed": "换过链接",
    "spoken_instead": "由密封改为当场写",
}


def hands_of(draw: Draw) -> dict[str, Any]:
    """By witness name: `inputs` and `signatures` say where each was given, the others how often it happened."""
    told = entries_on(draw.agency_id, "draw", draw.id)
    if draw.preparation_id is not None:
        told = [*entries_on(draw.agency_id, "draw_preparation", draw.preparation_id), *told]
    hands: dict[str, Any] = {
        "inputs": _places(told, ("draw.input", "draw.rewrite_input"), "witness"),
        "signatures": _places(told, ("draw.sign",), "name"),
    }
    for verb, name in COUNTED.items():
        hands[name] = dict(Counter(entry.detail["witness"] for entry in told if entry.verb == verb))
    return {name: facts for name, facts in hands.items() if facts}


def hands_in_words(hands: Mapping[str, Mapping[str, Any]]) -> str:
    """What was out of the ordinary, in one line: 见证人甲换过链接 1 次；见证人乙的数字写在主持人的屏幕上."""
    often = [f"{who}{WORDS[name]} {times} 次" for name in WORDS for who, times in hands.get(name, {}).items()]
    by_host = [who for who, place in hands.get("inputs", {}).items() if place == "host"]
    return "；".join([*often, *([f"{'、'.join(by_host)}的数字写在{PLACES['host']}"] if by_host else [])])


def _places(told: Iterable[AuditEntry], verbs: tuple[str, ...], name: str) -> dict[str, str]:
    """Whoever acts without an account acts on the phone that took the witness's link."""
    return {
        entry.detail[name]: "host" if entry.actor_id else "phone" for entry in told if entry.verb in verbs
    }
