"""A photo worker: one process for one picture, because a picture from outside may crash or burst whatever opens it.

Run by :mod:`core.pictures.shelf` as ``python -m core.pictures.worker SOURCE PICTURE PREVIEW [--place]``. The picture
is made anew from its pixels, upright, so nothing that was hidden in the file survives: no EXIF, no second file behind
the first. One JSON line on stdout says what became of it. The process limits itself before it looks at the file, and
dies with the node.
"""

from __future__ import annotations

import ctypes
import io
import math
import os
import resource
import signal
import sys
from typing import TYPE_CHECKING, Final

import msgspec

from core.pictures.messages import LONGEST_SIDE, MOST_PIXELS, PREVIEW_SIDE, Answer, Made, NotMade, kind

if TYPE_CHECKING:
    from PIL.Image import Exif, Image

CPU_S: Final = 15
MEMORY_BYTES: Final = 1 << 30
"""Address space: 50 megapixels with an alpha channel are 200 MB, held twice while they shrink."""
FILE_BYTES: Final = 16 << 20
"""The largest file it may write."""
NICE: Final = 10
"""A picture may come late; voices and words may not."""

_PR_SET_PDEATHSIG: Final = 1
_FORMATS: Final = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF"}
_PLAIN: Final = frozenset({"L", "RGB", "RGBA", "LA"})
"""Modes that can be shrunk as they are."""
_ORIENTATION: Final = 0x0112
_GPS: Final = 0x8825


def main(arguments: list[str]) -> None:
    """Do one picture."""
    source, picture, preview = arguments[:3]
    _confine()
    answer = make(source, picture, preview, place="--place" in arguments[3:])
    sys.stdout.write(msgspec.json.encode(answer).decode() + "\n")


def make(source: str, picture: str, preview: str, *, place: bool) -> Answer:
    """Read the file, write picture and preview; never raises for a bad file."""
    # Here and not above: limits first, and the node must never load it.
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # our own limit, checked before anything is unpacked
    with open(source, "rb") as file:  # noqa: PTH123 - nothing more is imported than needed
        found = kind(file.read(32))
        if found not in _FORMATS:
            return NotMade(fault=found)  # type: ignore[arg-type]
        file.seek(0)
        # Whatever Pillow raises on a broken file (it raises nearly everything), the file is broken.
        try:
            with Image.open(file, formats=(_FORMATS[found],)) as image:
                width, height = image.size
                if width * height > MOST_PIXELS:
                    return NotMade(fault="photo_pixels")
                image.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))  # JPEG alone: unpacks a fraction
                image.load()
                exif = _exif(image)
                where = _place(exif) if place and exif is not None else (None, None)
                small: Image.Image = image if image.mode in _PLAIN else _plain(image)
                small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
                if exif is not None and exif.get(_ORIENTATION) in range(2, 9):
                    small = ImageOps.exif_transpose(small)
                small = _on_white(small)
        except MemoryError:
            return NotMade(fault="photo_pixels")
        except Exception:
            return NotMade(fault="photo_broken")
    # A new image with nothing but pixels: ``info`` may carry a profile, a comment, XMP.
    clean = Image.frombytes("RGB", small.size, small.tobytes())
    width, height = clean.size
    try:
        _save(clean, picture, quality=85)
        clean.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), reducing_gap=2.0)
        _save(clean, preview, quality=75)
    except OSError:
        return NotMade(fault="photo_full")
    return Made(width=width, height=height, latitude=where[0], longitude=where[1])


def _plain(image: Image) -> Image:
    """Palettes, 16 bits, CMYK: as RGB, or RGBA where something shines through."""
    if image.mode.startswith("I") or image.mode == "F":  # 16 bits a pixel, or 32
        return image.point(lambda value: value * (1 / 256)).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _on_white(image: Image) -> Image:
    if image.mode not in ("RGBA", "LA"):
        return image.convert("RGB")
    from PIL import Image as images

    ground = images.new("RGBA", image.size, "white")
    ground.alpha_composite(image.convert("RGBA"))
    return ground.convert("RGB")


def _exif(image: Image) -> Exif | None:
    try:
        return image.getexif()
    except Exception:  # a picture with broken EXIF is a good picture
        return None


def _place(exif: Exif) -> tuple[float, float] | tuple[None, None]:
    """Where it was taken (EXIF 2.32, section 4.6.6); None where nothing sensible is said."""
    try:
        gps = exif.get_ifd(_GPS)
        latitude = _degrees(gps[2]) * (-1 if gps[1] == "S" else 1)
        longitude = _degrees(gps[4]) * (-1 if gps[3] == "W" else 1)
    except Exception:  # as above
        return None, None
    if abs(latitude) <= 90 and abs(longitude) <= 180:  # False for what is not a number
        return round(latitude, 6), round(longitude, 6)
    return None, None


def _degrees(parts: tuple[float, float, float]) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    return math.fsum((degrees, minutes / 60, seconds / 3600))


def _save(image: Image, name: str, *, quality: int) -> None:
    # Not straight into the file: Pillow does not see when a write was cut short (a full disk).
    encoded = io.BytesIO()
    image.save(encoded, "JPEG", quality=quality, optimize=True)
    with os.fdopen(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(encoded.getbuffer())


def _confine() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    os.umask(0o077)
    os.nice(NICE)
    for limit, value in (
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(limit)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (value, value))


if __name__ == "__main__":
    main(sys.argv[1:])
