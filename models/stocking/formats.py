"""What a file is, by its first bytes: names and Content-Types lie, and proxies answer with pages. Pure."""

from __future__ import annotations

import re
from typing import Final, Literal

HEAD: Final = 512
"""So many first bytes are looked at."""

Packing = Literal["zip", "gz", "bz2", "xz", "tar"]
"""An archive: a zip, or a tar as it is or compressed."""

_MAGIC: Final[tuple[tuple[int, bytes, Packing], ...]] = (
    (0, b"PK\x03\x04", "zip"),
    (0, b"PK\x05\x06", "zip"),
    (0, b"\x1f\x8b", "gz"),
    (0, b"BZh", "bz2"),
    (0, b"\xfd7zXZ\0", "xz"),
    (257, b"ustar", "tar"),
)
_PAGE: Final = re.compile(rb"^(\xef\xbb\xbf)?\s*<(!doctype|html|head|body|\?xml|!--)", re.IGNORECASE)
_TITLE: Final = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)


def packing_of(head: bytes) -> Packing | None:
    """Which kind of archive begins so; None when it is none."""
    return next((packing for at, magic, packing in _MAGIC if head[at : at + len(magic)] == magic), None)


def page_title(head: bytes) -> str | None:
    """The title of the web page that begins so ('' when it has none so early); None when it is no page."""
    if _PAGE.match(head) is None:
        return None
    found = _TITLE.search(head.decode("utf-8", "replace"))
    return " ".join(found[1].split())[:80] if found else ""
