"""A refusal becomes a page for a person and `application/problem+json` for a program. Nothing else formats one."""

import secrets

import structlog
from flask import Flask, Response, jsonify, redirect, render_template, request
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from backend.core.errors import INVALID_INPUT, LOGIN_REQUIRED, NOT_FOUND, UNEXPECTED, Problem, Refusal
from backend.plumbing.db import db

log = structlog.get_logger()

_HTTP = Problem("http", 400, "{description}", "{description}")


def install(app: Flask) -> None:
    """Answer every refusal, HTTP error and defect of `app` in one way."""
    app.register_error_handler(Refusal, answer)
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(DataError, _from_unfit_value)
    app.register_error_handler(UnicodeEncodeError, _from_unfit_value)
    app.register_error_handler(OverflowError, _from_unfit_value)
    app.register_error_handler(Exception, _from_defect)


def answer(refusal: Refusal) -> AnyResponse:
    """The response that tells `refusal`."""
    if _wants_json():
        return problem_json(refusal)
    if refusal.problem is LOGIN_REQUIRED and request.method == "GET":
        return redirect(f"/office/login?next={request.path}", 303)
    page = render_template("errors/refusal.html", refusal=refusal)
    return Response(page, refusal.problem.status, mimetype="text/html")


def problem_json(refusal: Refusal) -> Response:
    """RFC 9457 problem details with the catalogue's code, both sentences and the citation."""
    body: dict[str, object] = {
        "type": "about:blank",
        "status": refusal.problem.status,
        "code": refusal.problem.code,
        "title": refusal.sentence_zh,
        "detail": refusal.sentence_en,
    }
    if refusal.citation:
        body["citation"] = {"source": refusal.citation.source, "article": refusal.citation.article}
    for name, fact in refusal.facts.items():
        if isinstance(fact, int | str):
            body.setdefault(name, fact)
    response = jsonify(body)
    response.status_code = refusal.problem.status
    response.mimetype = "application/problem+json"
    if isinstance(minutes := refusal.facts.get("minutes"), int):
        response.headers["Retry-After"] = str(minutes * 60)
    return response


def _from_http(error: HTTPException) -> AnyResponse:
    if error.code is not None and error.code < 400:
        return error.get_response()
    problem = NOT_FOUND if error.code == 404 else Problem("http", error.code or 400, _HTTP.zh, _HTTP.en)
    response = answer(Refusal(problem, what="这个地址", description=error.description))
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def _from_unfit_value(_error: Exception) -> AnyResponse:
    """A number or a text that no column can hold: the two databases say so in two ways, and only on use."""
    db.session.rollback()
    return answer(Refusal(INVALID_INPUT, detail="有数字太大，或文字里有不能保存的符号"))


def _from_defect(error: Exception) -> AnyResponse:
    db.session.rollback()
    reference = secrets.token_hex(4)
    log.exception("defect", reference=reference, path=request.path, exc_info=error)
    return answer(Refusal(UNEXPECTED, reference=reference))


def _wants_json() -> bool:
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"
