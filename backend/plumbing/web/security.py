"""Headers that keep other sites out: a strict content policy, and no change on a request from elsewhere."""

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from backend.core.errors import FOREIGN_ORIGIN, Refusal

_SAFE = {"GET", "HEAD", "OPTIONS"}


def install(app: Flask) -> None:
    """Check the origin of every change and send the security headers with every answer."""
    app.before_request(_refuse_foreign_changes)
    app.after_request(_send_headers)
    app.jinja_env.globals["csp_nonce"] = csp_nonce


def csp_nonce() -> str:
    """The nonce of this answer's own scripts."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def _refuse_foreign_changes() -> None:
    if request.method in _SAFE:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Refusal(FOREIGN_ORIGIN)
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise Refusal(FOREIGN_ORIGIN)


def _send_headers(response: Response) -> Response:
    response.headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'self'; script-src 'self' 'nonce-{csp_nonce()}' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'self'; form-action 'self'",
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(self), microphone=(self)")
    return response
