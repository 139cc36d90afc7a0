"""Pictures that tests send: made here by Pillow, half red (left) and half blue (right)."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

RED = (220, 30, 30)
BLUE = (30, 30, 220)
CITY_HALL = (37.508333, 127.01)
GPS_IFD = 0x8825


def halves(width: int = 400, height: int = 200) -> Image.Image:
    """Left red, right blue."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image


def encoded(image: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    """The file's bytes."""
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def exif(*, orientation: int = 1, gps: dict[int, Any] | None = None) -> Image.Exif:
    """As a phone writes it: maker, comment, thumbnail's place, position."""
    tags = Image.Exif()
    tags[0x010F] = "SecretPhone"
    tags[0x0112] = orientation
    tags[0x9286] = "SecretComment"
    if gps is None:
        gps = {1: "N", 2: (37.0, 30.0, 30.0), 3: "E", 4: (127.0, 0.0, 36.0)}
    tags.get_ifd(GPS_IFD).update(gps)
    return tags
