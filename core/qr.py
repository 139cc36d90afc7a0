"""QR codes (ISO/IEC 18004): the address of a page, the secret of a second factor. A thin door to ``segno``."""

from __future__ import annotations

import io
from typing import Final

import segno

QUIET: Final = 4
"""Empty modules around the code that the standard wants; without them phones find nothing on a dark ground."""
_HALVES: Final = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
"""Two modules above each other in one character; drawn black on white by escape codes, whatever the terminal is."""
_BLACK_ON_WHITE: Final = "\x1b[38;5;16;48;5;231m"
"""Out of the 256 fixed colours: the first sixteen are the user's to change."""
_RESET: Final = "\x1b[0m"


def svg(url: str, *, title: str = "") -> str:
    """The code as an SVG that stands alone: black on white in any colour scheme, since cameras want it so."""
    stream = io.BytesIO()
    _code(url).save(
        stream, kind="svg", border=QUIET, dark="#000", light="#fff", title=title or None, omitsize=True, xmldecl=False
    )
    return stream.getvalue().decode()


def terminal(url: str) -> str:
    """The code as lines of half blocks, for a terminal of any colours that knows escape codes."""
    rows = [[bool(module) for module in row] for row in _code(url).matrix_iter(border=QUIET)]
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    lines = [
        "".join(_HALVES[pair] for pair in zip(upper, lower, strict=True))
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    ]
    return "".join(f"{_BLACK_ON_WHITE}{line}{_RESET}\n" for line in lines)


def _code(url: str) -> segno.QRCode:
    """Level M mends 15 % of damage. ``boost_error`` off: the smallest code is the easiest to scan from a screen."""
    return segno.make_qr(url, error="m", boost_error=False)
