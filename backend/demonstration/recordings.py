"""A body camera's sound for the demonstration: a short tone, unlike any other by its pitch."""

import math
import wave
from array import array
from io import BytesIO

RATE = 8_000
SECONDS = 2


def recording(mark: int) -> bytes:
    """A WAV file; another `mark` gives another pitch and so another file."""
    pitch = 300 + mark
    samples = array(
        "h", (int(6000 * math.sin(2 * math.pi * pitch * n / RATE)) for n in range(RATE * SECONDS))
    )
    written = BytesIO()
    with wave.open(written, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(samples.tobytes())
    return written.getvalue()
