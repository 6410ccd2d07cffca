"""A signature as a form brings it: what the pen drew on the screen, or a photo of one on paper."""

import base64
import binascii

from flask import Request

PNG = "data:image/png;base64,"


def drawn_image(request: Request) -> bytes:
    """The picture's bytes; empty where nobody has signed."""
    drawing = request.form.get("drawing", "")
    if drawing.startswith(PNG):
        try:
            return base64.b64decode(drawing.removeprefix(PNG), validate=True)
        except binascii.Error:
            return b""
    photo = request.files.get("image")
    return photo.read() if photo else b""
