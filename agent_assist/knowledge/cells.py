"""What stands in a cell -> what an entry holds. Pure."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Final

from agent_assist.hangul import composed
from core.personal import RESIDENT_NUMBER

_TAG: Final = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]{0,500})?/?>")
_SCRIPT: Final = re.compile(r"<(script|style)\b[^>]*>.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_BREAK: Final = re.compile(r"<(?:br|/p|/div|/li|/tr)\b[^<>]{0,100}>", re.IGNORECASE)
_SPACES: Final = re.compile(r"[^\S\n]+")
_BLANK_LINES: Final = re.compile(r"\s*\n\s*")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_STEP: Final = re.compile(r"\s+/\s+|\n+")
_DATE: Final = re.compile(r"(\d{4})[-./년]\s*(\d{1,2})[-./월]\s*(\d{1,2})(?:일|\.)?(?:[\sT].*)?")
_COMPACT_DATE: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_UNESCAPES: Final = 4


def text(cell: str) -> str:
    """Plain text: entities undone (exports escape them several times over), markup and control characters out,
    spaces single, lines kept."""
    plain = cell
    for _ in range(_UNESCAPES):
        undone = html.unescape(plain)
        if undone == plain:
            break
        plain = undone
    plain = _SCRIPT.sub(" ", plain)
    plain = _TAG.sub(" ", _BREAK.sub("\n", plain))
    plain = _CONTROL.sub("", composed(plain.replace("\r\n", "\n").replace("\r", "\n")))
    return _BLANK_LINES.sub("\n", _SPACES.sub(" ", plain)).strip()


def line(cell: str) -> str:
    """Plain text on one line."""
    return " ".join(text(cell).split())


def steps(cell: str) -> tuple[str, ...]:
    """'신분증 준비 / 방문 / 수령' or one step a line."""
    return tuple(step.strip() for step in _STEP.split(text(cell)) if step.strip())


def keywords(cell: str) -> tuple[str, ...]:
    """'등본;등본 떼려고', each once, in order."""
    return tuple(dict.fromkeys(word for part in re.split(r"[;\n]", text(cell)) if (word := " ".join(part.split()))))


def category(cell: str) -> str:
    """'민원서류 > 여권' -> '민원서류>여권'."""
    return ">".join(level for part in line(cell).split(">") if (level := part.strip()))


def day(cell: str) -> date | None:
    """2026-01-31, 2026.1.31., 2026년 1월 31일, 20260131; None when it is no date."""
    written = line(cell)
    match = _DATE.fullmatch(written) or _COMPACT_DATE.fullmatch(written)
    if match is None:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def has_resident_number(*cells: str) -> bool:
    """Something like a resident or alien registration number, in any of the cells."""
    return any(RESIDENT_NUMBER.search(cell) for cell in cells)
