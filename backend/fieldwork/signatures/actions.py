"""Keep a signature, keep a refusal to sign. Each inside its caller's transaction."""

from datetime import datetime
from typing import Any

from backend.fieldwork.changes.actions import touch
from backend.fieldwork.changes.rules import APPLIED, Origin, Outcome
from backend.fieldwork.signatures.models import Signature, SignatureRefusal
from backend.plumbing.db import db


def sign(value: dict[str, Any], signed_at: datetime, origin: Origin) -> Outcome:
    """Keep `{role, name, userId, digest, image, strokes}`; what it binds is judged when the document is submitted."""
    db.session.add(
        Signature(
            visit_id=origin.visit_id,
            role=value["role"],
            name=value["name"],
            user_id=value["userId"],
            image=value["image"],
            strokes=value["strokes"],
            digest=value["digest"],
            at=signed_at,
            op_id=origin.op_id,
        )
    )
    touch(origin.agency_id, origin.visit_id, "signature", origin.op_id, origin.server_seq)
    return APPLIED


def refuse(value: dict[str, Any], refused_at: datetime, origin: Origin) -> Outcome:
    """Keep `{reason, statement, witness, digest}`: why the party did not sign, in the inspectors' words (003 art. 15)."""
    db.session.add(
        SignatureRefusal(
            visit_id=origin.visit_id,
            reason=value["reason"],
            statement=value["statement"],
            witness=value["witness"],
            digest=value["digest"],
            at=refused_at,
            op_id=origin.op_id,
        )
    )
    touch(origin.agency_id, origin.visit_id, "signature", origin.op_id, origin.server_seq)
    return APPLIED
