"""What a node and its photo workers agree on: limits, and the one line that a worker answers. Pure."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

MOST_PIXELS: Final = 50_000_000
"""A picture of more is refused before it is unpacked: a small file may hold a huge picture."""
LONGEST_SIDE: Final = 2048
"""Pixels of the picture that is kept."""
PREVIEW_SIDE: Final = 320
"""Pixels of its preview."""

PhotoFault = Literal["photo_wrong_type", "photo_heic", "photo_pixels", "photo_broken", "photo_full"]


class Made(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=True):
    """The picture and its preview are written."""

    width: int
    """Pixels, upright."""
    height: int
    """Pixels, upright."""
    latitude: float | None = None
    """WGS 84; None unless it was asked for and is in the file."""
    longitude: float | None = None
    """WGS 84; None unless it was asked for and is in the file."""


class NotMade(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=True):
    """Nothing is written."""

    fault: PhotoFault
    """Why; 'photo_full' is the disk's fault, the others are the picture's."""


Answer = Made | NotMade


def kind(head: bytes) -> Literal["jpeg", "png", "webp", "gif"] | PhotoFault:
    """What a file is by its first 32 bytes, whatever it calls itself."""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return "photo_heic"
    return "photo_wrong_type"


_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
"""ISO/IEC 23008-12. Pillow cannot read them; phones send JPEG instead when the page asks for image/jpeg."""
