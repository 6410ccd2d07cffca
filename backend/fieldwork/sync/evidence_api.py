"""Evidence bytes, `/api/v1/evidence/{sha}`: announce, ask how far, send the next piece, look at it (sync.md "Endpoints")."""

import re
from functools import partial

from flask import Blueprint, Response, jsonify, request, send_file
from flask.views import MethodView

from backend.core.canonical_json import canonical
from backend.core.errors import (
    BAD_SIGNATURE,
    DEVICE_UNKNOWN,
    FILE_TOO_BIG,
    INVALID_INPUT,
    NOT_FOUND,
    OFFSET_DIFFERS,
    Refusal,
)
from backend.fieldwork.evidence.announcing import Announced
from backend.fieldwork.evidence.models import EvidenceFile
from backend.fieldwork.evidence.queries import evidence_of, file_held_for
from backend.fieldwork.evidence.renditions import UNREADABLE_PICTURE, marked_rendition, rendition_of
from backend.fieldwork.evidence.uploads import (
    LARGEST_PIECE,
    Arrival,
    announce_file,
    progress_of,
    receive,
)
from backend.fieldwork.sync.devices import Sender
from backend.fieldwork.sync.keys import signed_by
from backend.fieldwork.sync.receipts import receipt_for_file
from backend.fieldwork.sync.schemas import AnnounceSchema
from backend.fieldwork.sync.senders import current_sender
from backend.fieldwork.visits.queries import is_on_team, visit_for, visit_ids_of_member
from backend.foundation.accounts.models import User
from backend.foundation.permissions.access import anyone, current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.plumbing.db import db
from backend.plumbing.files import store
from backend.plumbing.web.refusals import problem_json
from backend.plumbing.web.requests import read_what_comes, validated

blueprint = Blueprint("evidence_api", __name__, url_prefix="/api/v1/evidence")

PARTIAL = "application/partial-upload"
_ANNOUNCE = AnnounceSchema()
_SHA256 = re.compile(r"[0-9a-f]{64}")


class EvidenceBytes(MethodView):
    """One file, known by its SHA-256."""

    @anyone
    def post(self, sha: str) -> Response:
        """Announce a file for a visit: 201 send it, from `Upload-Offset`; 200 the server has it whole, with a receipt."""
        sender = _living_sender()
        told = validated(_ANNOUNCE, request.get_json(silent=True))
        signature = told.pop("sig")
        if not signed_by(sender.public_jwk, canonical({"sha": _sha256(sha), **told}), signature):
            raise Refusal(BAD_SIGNATURE)
        visit_id = told["visitId"]
        if not is_on_team(sender.actor, visit_id):
            raise Refusal(NOT_FOUND, what="这次检查")
        announced = Announced(visit_id, sha, told["size"], told["mime"], told["capture"], signature)
        own_visits = partial(visit_ids_of_member, sender.actor)
        arrival = announce_file(sender.actor, sender.device_id, announced, own_visits)
        return _told(arrival, whole=200, partly=201)

    @anyone
    def head(self, sha: str) -> Response:
        """How much of the file has arrived from this device."""
        sender = _living_sender()
        arrival = progress_of(sender.actor, sender.device_id, _sha256(sha))
        return _with_progress(Response(status=204), arrival)

    @anyone
    def patch(self, sha: str) -> Response:
        """Take the next piece: 204 more to come, 201 whole with a receipt, 409 with the true offset, 422 another hash."""
        sender = _living_sender()
        offset, piece = _checked_offset(), _piece()
        try:
            arrival = receive(sender.actor, sender.device_id, _sha256(sha), offset, piece)
        except Refusal as refusal:
            if refusal.problem is not OFFSET_DIFFERS:
                raise
            response = problem_json(refusal)
            response.headers["Upload-Offset"] = str(refusal.facts["offset"])
            return response
        return _told(arrival, whole=201, partly=204)

    @may(Capability.SEE_VISITS)
    def get(self, sha: str) -> Response:
        """The original, or its rendition for print, of evidence in a visit the person may see."""
        actor, visit_id = current_actor(), request.args.get("visit", "")
        visit = visit_for(actor, visit_id)
        file = file_held_for(visit.id, _sha256(sha))
        if file is None:
            raise Refusal(NOT_FOUND, what="这件证据")
        wanted = request.args.get("rendition")
        if wanted == "marked":
            return _marked(visit.id, file)
        return _rendition(file) if wanted == "print" else _original(file)


blueprint.add_url_rule("/<sha>", view_func=EvidenceBytes.as_view("bytes"))


def _checked_offset() -> int:
    if request.mimetype != PARTIAL:
        raise Refusal(INVALID_INPUT, detail=f"Content-Type 应为 {PARTIAL}")
    offset = request.headers.get("Upload-Offset", type=int)
    if offset is None or offset < 0:
        raise Refusal(INVALID_INPUT, detail="缺少 Upload-Offset")
    return offset


def _piece() -> bytes:
    # A line that broke in the middle has brought the beginning all the same: the phone need not send it again.
    return read_what_comes(LARGEST_PIECE, Refusal(FILE_TOO_BIG, most=LARGEST_PIECE >> 20))


def _original(file: EvidenceFile) -> Response:
    inline = file.mime.startswith(("image/", "video/", "audio/")) and "svg" not in file.mime
    response = send_file(
        store().path(f"evidence/{file.sha}"),
        file.mime,
        as_attachment=not inline,
        download_name=file.sha,
        conditional=True,
        etag=file.sha,
    )
    return _shown(response)


def _rendition(file: EvidenceFile) -> Response:
    made = rendition_of(file.sha)
    if made is None:
        return _shown(Response(UNREADABLE_PICTURE, mimetype="image/svg+xml"))
    return _shown(send_file(made, "image/jpeg", conditional=True, etag=f"{file.sha}-print"))


def _marked(visit_id: str, file: EvidenceFile) -> Response:
    """The rendition with its facts below, to be handed on; the original stays what it is."""
    piece = next((one for one in evidence_of(visit_id) if one.sha == file.sha), None)
    made = rendition_of(file.sha)
    if piece is None or made is None:
        return _rendition(file)
    by = db.session.get_one(User, piece.user_id).name
    return _shown(Response(marked_rendition(made, piece, by), mimetype="image/jpeg"))


def _shown(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _told(arrival: Arrival, whole: int, partly: int) -> Response:
    if arrival.file is None:
        return _with_progress(Response(status=partly), arrival)
    response = jsonify(receipt=receipt_for_file(arrival.file))
    response.status_code = whole
    return _with_progress(response, arrival)


def _with_progress(response: Response, arrival: Arrival) -> Response:
    response.headers["Upload-Offset"] = str(arrival.offset)
    response.headers["Upload-Complete"] = "?1" if arrival.file is not None else "?0"
    return response


def _living_sender() -> Sender:
    sender = current_sender()
    if not sender.alive:
        raise Refusal(DEVICE_UNKNOWN)
    return sender


def _sha256(sha: str) -> str:
    if not _SHA256.fullmatch(sha):
        raise Refusal(NOT_FOUND, what="这件证据")
    return sha
