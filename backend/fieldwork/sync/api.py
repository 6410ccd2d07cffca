"""The phone's protocol, `/api/v1` (sync.md "Endpoints"): registering, pulling, pushing, receipts, rescue."""

from typing import Any

import orjson
from flask import Blueprint, Response, jsonify, request, send_file
from flask_login import current_user

from backend.core.canonical_json import canonical
from backend.core.errors import (
    CLIENT_TOO_OLD,
    INVALID_INPUT,
    LOGIN_REQUIRED,
    NOT_FOUND,
    PUSH_TOO_BIG,
    Refusal,
)
from backend.fieldwork.changes.queries import was_told
from backend.fieldwork.checklists.queries import form
from backend.fieldwork.evidence.uploads import LARGEST_FILE, LARGEST_PIECE
from backend.fieldwork.form_library.queries import library
from backend.fieldwork.sync import rescue
from backend.fieldwork.sync.actions import push
from backend.fieldwork.sync.devices import TOKEN_DAYS, note_in_step, register
from backend.fieldwork.sync.envelopes import envelope_fault
from backend.fieldwork.sync.epochs import epoch
from backend.fieldwork.sync.queries import own_ops, pull, visible_files
from backend.fieldwork.sync.receipts import (
    agency_key,
    receipt_for_chain,
    receipt_for_file,
    receipt_for_op,
    receipt_keys,
)
from backend.fieldwork.sync.rules import MOST_OPS, MOST_PUSH_BYTES
from backend.fieldwork.sync.schemas import DeviceSchema, PushSchema, ReceiptQuerySchema
from backend.fieldwork.sync.senders import current_sender
from backend.foundation.accounts.sessions import current_session_id
from backend.foundation.permissions.access import anyone, current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.plumbing.clock import now
from backend.plumbing.web.requests import read_at_most, validated
from backend.registers.inspectors.portraits import portrait_held

blueprint = Blueprint("sync_api", __name__, url_prefix="/api/v1")

API_VERSION = 1
OLDEST_CLIENT = 1
_PUSH = PushSchema()


@blueprint.get("/meta")
@anyone
def meta() -> Response:
    """Versions, limits, the server's time and keys."""
    own_key = agency_key(current_actor().agency_id) if current_user.is_authenticated else None
    limits = {
        "maxOps": MOST_OPS,
        "maxPushBytes": MOST_PUSH_BYTES,
        "chunkBytes": LARGEST_PIECE // 4,
        "maxChunkBytes": LARGEST_PIECE,
        "maxEvidenceBytes": LARGEST_FILE,
        "tokenDays": TOKEN_DAYS,
    }
    return jsonify(
        apiVersions=[API_VERSION],
        minClient=OLDEST_CLIENT,
        serverTime=int(now().timestamp() * 1000),
        limits=limits,
        epoch=epoch(),
        receiptKeys=receipt_keys(),
        agencyKey=own_key,
    )


@blueprint.post("/devices")
@may(Capability.CAPTURE)
def register_device() -> tuple[Response, int]:
    """Make a device known; 201 the first time, 200 with a fresh token for the same key."""
    entered = validated(DeviceSchema(), request.get_json(silent=True))
    if entered["userId"] not in (None, current_actor().user_id):
        raise Refusal(LOGIN_REQUIRED)
    push_token, is_new = register(
        current_actor(), current_session_id(), entered["deviceId"], entered["publicJwk"]
    )
    return jsonify(pushToken=push_token), 201 if is_new else 200


@blueprint.get("/sync/pull")
@may(Capability.CAPTURE)
def pull_changes() -> Response:
    """What is new in the person's visits since the cursor."""
    sender = current_sender()
    pulled = pull(sender.actor, request.args.get("cursor"))
    if not pulled.more:
        note_in_step(sender)
    return jsonify(
        docs=pulled.docs,
        tombstones=pulled.tombstones,
        cursor=pulled.cursor,
        more=pulled.more,
        inStep=pulled.in_step,
    )


@blueprint.get("/forms/<sha>")
@may(Capability.CAPTURE)
def show_form(sha: str) -> Response:
    """The canonical JSON of a form; it hashes to its address and never changes."""
    agency_id = current_actor().agency_id
    offered = next((one for one in library(agency_id).values() if one.sha == sha), None)
    if offered is None and not was_told(agency_id, "form", sha):
        raise Refusal(NOT_FOUND, what="检查表单")
    content = canonical(offered.content if offered else form(sha).content)
    response = Response(content, mimetype="application/json")
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


@blueprint.get("/portraits/<sha>")
@may(Capability.CAPTURE)
def show_portrait(sha: str) -> Response:
    """The photo of one of the agency's inspectors, to be held up at the door."""
    response = send_file(portrait_held(current_actor().agency_id, sha), "image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


@blueprint.post("/sync/push")
@anyone
def push_ops() -> Response:
    """Take ops; every one is answered, none is taken twice."""
    if request.headers.get("X-Client", OLDEST_CLIENT, type=int) < OLDEST_CLIENT:
        raise Refusal(CLIENT_TOO_OLD)
    too_big = Refusal(PUSH_TOO_BIG, ops=MOST_OPS, kib=MOST_PUSH_BYTES >> 10)
    body = read_at_most(MOST_PUSH_BYTES, too_big)
    sender = current_sender()
    entered = validated(_PUSH, _json(body))
    if len(entered["ops"]) > MOST_OPS:
        raise too_big
    faults = [(n, fault) for n, fault in enumerate(map(envelope_fault, entered["ops"])) if fault]
    if faults:
        raise Refusal(INVALID_INPUT, detail=f"ops {faults[:5]}")
    pushed = push(sender, entered["ops"], entered["head"])
    receipt = receipt_for_chain(sender.device_id, pushed.head, pushed.head_server_seq)
    told = {"results": pushed.results, "lastSeq": pushed.head.seq, "receipt": receipt}
    return Response(orjson.dumps(told), mimetype="application/json")


def _json(body: bytes) -> object:
    try:
        told: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return told


@blueprint.post("/receipts/query")
@anyone
def query_receipts() -> Response:
    """What the server has of what the phone holds: of the person's own ops, of files in their visits."""
    sender = current_sender()
    asked = validated(ReceiptQuerySchema(), request.get_json(silent=True))
    ops, files = own_ops(sender.actor, asked["opIds"]), visible_files(sender.actor, asked["shas"])
    told: dict[str, Any] = {
        "ops": dict.fromkeys(asked["opIds"]),
        "shas": dict.fromkeys(asked["shas"]),
    }
    for op_id, op in ops.items():
        told["ops"][op_id] = {
            "status": op.status,
            "rev": op.rev,
            "reason": op.reason,
            "receipt": receipt_for_op(op),
        }
    for sha, file in files.items():
        told["shas"][sha] = receipt_for_file(file)
    return jsonify(told)


@blueprint.post("/rescue")
@anyone
def hand_in_bundle() -> tuple[Response, int]:
    """Take an exported bundle unread."""
    request.max_content_length = rescue.LARGEST
    rescue_id = rescue.take_bundle(current_sender(), request.stream)  # type: ignore[arg-type]
    return jsonify(rescueId=rescue_id), 202
