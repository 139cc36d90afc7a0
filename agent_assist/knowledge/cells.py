"""What stands in a cell -> what an entry holds. Pure.

A cell is text, or a list of texts where the file knows lists (JSON). Foreign texts are cleaned: entities undone, HTML
made Markdown. Our own exports say of themselves that their texts are Markdown already: those are taken ``exact``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from agent_assist.hangul import composed
from agent_assist.knowledge.html_text import has_tags, markdown
from core.personal import RESIDENT_NUMBER
from core.store.entry import Reference

Cell = str | tuple[str, ...]

_SPACES: Final = re.compile(r"[^\S\n]+")
_INDENT: Final = re.compile(r"( {1,18})(?=(?:[-*+]|\d{1,3}[.)]) )")
"""Blanks that mean something: a list within a list."""
_BLANK_LINES: Final = re.compile(r"\n{3,}")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_STEP: Final = re.compile(r"\s+/\s+|\n+")
_DATE: Final = re.compile(r"(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*(?:일|\.)?(?:[\sT].*)?")
_COMPACT_DATE: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_URL: Final = re.compile(r"https?://[^\s<>\"']{1,2000}", re.IGNORECASE)
_LINK: Final = re.compile(r"([^<>]*)<(https?://[^\s<>]{1,2000})>\s*", re.IGNORECASE)
_UNESCAPES: Final = 4


def text(cell: Cell) -> str:
    """Markdown: entities undone (exports escape them several times over), HTML and control characters out, spaces
    single, at most one empty line between two others."""
    plain = _joined(cell)
    for _ in range(_UNESCAPES):
        undone = html.unescape(plain)
        if undone == plain:
            break
        plain = undone
    if "<" in plain and has_tags(plain):
        plain = markdown(plain)
    return _BLANK_LINES.sub("\n\n", "\n".join(map(_tidy, exact(plain).split("\n")))).strip()


def exact(cell: Cell) -> str:
    """The text as it is, composed (a Mac sends NFD), without control characters."""
    return _CONTROL.sub("", composed(_joined(cell).replace("\r\n", "\n").replace("\r", "\n")))


def line(cell: Cell) -> str:
    """Plain text on one line."""
    return " ".join(text(cell).split())


def exact_line(cell: Cell) -> str:
    """The text as it is, on one line."""
    return " ".join(exact(cell).split())


def steps(cell: Cell) -> tuple[str, ...]:
    """'신분증 준비 / 방문 / 수령', one step a line, or a list."""
    return _each(map(line, _STEP.split(text(cell)) if isinstance(cell, str) else cell))


def exact_steps(cell: Cell) -> tuple[str, ...]:
    """The same for our own exports, where lines part them if there are any."""
    if isinstance(cell, str):
        return _each(map(exact_line, cell.split("\n") if "\n" in cell else _STEP.split(cell)))
    return _each(map(exact_line, cell))


def keywords(cell: Cell) -> tuple[str, ...]:
    """'등본;등본 떼려고' or a list: each once, in order."""
    return _once(map(line, re.split(r"[;\n]", text(cell)) if isinstance(cell, str) else cell))


def exact_keywords(cell: Cell) -> tuple[str, ...]:
    """The same for our own exports, where lines part them if there are any."""
    if isinstance(cell, str):
        return _once(map(exact_line, cell.split("\n") if "\n" in cell else cell.split(";")))
    return _once(map(exact_line, cell))


def levels(cell: Cell) -> tuple[str, ...]:
    """'민원서류 > 여권' or a list -> ('민원서류', '여권')."""
    if not isinstance(cell, str):
        return _each(map(line, cell))
    return _each(part.strip() for part in line(cell).split(">"))


def links(cell: Cell) -> tuple[tuple[Reference, ...], str]:
    """'여권 안내 <https://...>', one a line or as a list -> links, and what in the cell was none."""
    found: list[Reference] = []
    others: list[str] = []
    for part in exact(cell).split("\n"):
        if whole := _LINK.fullmatch(part):
            found.append(Reference(title=" ".join(whole[1].split()) or whole[2], url=whole[2]))
            continue
        end = 0
        for match in _URL.finditer(part):
            url = match[0].rstrip(").,;]")
            name = " ".join(part[end : match.start()].strip(" \t<(:;,[]").split())
            found.append(Reference(title=name or url, url=url))
            end = match.end()
        if rest := part[end:].strip().lstrip(">);,].").strip():
            others.append(rest)
    return tuple(dict.fromkeys(found)), " ".join(others)


def day(cell: Cell) -> date | None:
    """2026-01-31, 2026.1.31., 2026년 1월 31일, 20260131; None when it is no date."""
    written = line(cell)
    match = _DATE.fullmatch(written) or _COMPACT_DATE.fullmatch(written)
    if match is None:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def has_resident_number(*cells: Cell) -> bool:
    """Something like a resident or alien registration number, in any of the cells."""
    return any(RESIDENT_NUMBER.search(_joined(cell)) for cell in cells)


def size(cell: Cell) -> int:
    """Characters."""
    return len(cell) if isinstance(cell, str) else sum(map(len, cell)) + len(cell)


def is_empty(cell: Cell) -> bool:
    """Whether nothing stands in it."""
    return not (cell.strip() if isinstance(cell, str) else any(part.strip() for part in cell))


def _joined(cell: Cell) -> str:
    return cell if isinstance(cell, str) else "\n".join(cell)


def _tidy(written: str) -> str:
    inner = _INDENT.match(written)
    return (inner[1] if inner else "") + _SPACES.sub(" ", written).strip()


def _each(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(part for part in parts if part)


def _once(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_each(parts)))
