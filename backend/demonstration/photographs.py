"""Pictures for the demonstration, drawn by a program: nobody's premises, and no two alike."""

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1200, 900


def photograph(mark: int) -> bytes:
    """A JPEG of invented machines; another `mark` gives another picture."""
    random = Random(mark)
    picture = Image.new("RGB", (WIDTH, HEIGHT), (206, 212, 214))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 620, WIDTH, HEIGHT), fill=(150, 148, 142))
    for left in range(60, WIDTH - 200, 280):
        height = random.randint(220, 430)
        tone = random.randint(60, 130)
        pen.rectangle(
            (left, 700 - height, left + 210, 700),
            fill=(tone, tone + 24, tone + 40),
            outline=(40, 46, 52),
            width=6,
        )
        pen.ellipse(
            (left + 60, 730 - height, left + 150, 820 - height),
            fill=(236, 238, 236),
            outline=(40, 46, 52),
            width=5,
        )
        angle = random.randint(0, 60)
        pen.line((left + 105, 775 - height, left + 75 + angle, 745 - height), fill=(168, 35, 28), width=5)
    pen.rectangle((40, HEIGHT - 90, 420, HEIGHT - 40), fill=(255, 255, 255))
    pen.text((56, HEIGHT - 78), f"DEMO {mark:06d}", fill=(18, 32, 42), font_size=26)
    written = BytesIO()
    picture.save(written, "JPEG", quality=82)
    return written.getvalue()
