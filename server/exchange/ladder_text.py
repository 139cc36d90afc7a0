"""The ladder in a terminal: a line for each message, lanes side by side. Pure."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, tzinfo

from server.exchange.ladder import Arrow, Role

LANES: tuple[tuple[Role, str], ...] = (
    ("caller", "caller / exchange"),
    ("agent", "agent's phone"),
    ("third", "third party"),
    ("supervisor", "supervisor"),
)
"""Left of minwon the caller's side, right of it the others, nearest first."""
_LEAST = 22


def lane_width(columns: int, lanes: int) -> int:
    """Characters of one lane, so that time, call and so many lanes fit."""
    return max(_LEAST, (columns - 25) // max(lanes, 1))


def head(width: int, roles: list[Role]) -> str:
    """The lanes' names above the lines."""
    names = dict(LANES)
    right = "".join(f"{names[role]:>{width}}" for role in roles if role not in ("caller", "exchange"))
    return f"{'':25}{'caller / exchange':<{width}}minwon{right[6:]}"


def line(arrow: Arrow, width: int, roles: list[Role], zone: tzinfo = UTC) -> str:
    """One message: '12:01:02.345  5f4b2b62  │──── INVITE 120 ───▶│'. ``roles``: the lanes, as in ``head``."""
    when = datetime.fromtimestamp(arrow.at, zone).strftime("%H:%M:%S.%f")[:-3]
    role = "caller" if arrow.role == "exchange" else arrow.role
    right = [one for one in roles if one not in ("caller", "exchange")]
    place = 0 if role == "caller" else right.index(role) + 1 if role in right else 1
    to_right = arrow.sent == (place > 0)
    # a message to a lane further right passes over those between
    length = width * max(place, 1) - 1
    text = f" {arrow.title}{' (again)' if arrow.again else ''} "
    cell = _filled(cut(text, length - 4), length, to_right=to_right)
    before = "" if place == 0 else " " * (width - 1)
    return f"{when}  {arrow.call[:8]:<8}  {before}│{cell}│  {arrow.detail}".rstrip()


def cut(text: str, width: int) -> str:
    """The text in at most so many columns; Korean letters take two."""
    kept, taken = "", 0
    for letter in text:
        taken += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if taken > width:
            return kept[:-1] + "…" if kept else ""
        kept += letter
    return kept


def _filled(text: str, width: int, *, to_right: bool) -> str:
    wide = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    left = (width - 1 - wide) // 2
    right = width - 1 - wide - left
    return f"{'─' * left}{text}{'─' * right}▶" if to_right else f"◀{'─' * left}{text}{'─' * right}"
