"""HTML as it stands in exports of old databases -> Markdown that reads well. Pure.

Only names of HTML elements are taken as tags, so '<여권 신청서>' and '3 < 5' stay what they are. A list stays a list
and a table a table; scripts, styles and comments go, links keep their address. What comes out is Markdown, not safe
HTML: the page that shows it has to escape it.
"""

from __future__ import annotations

import re
from typing import Final


def _words(names: str) -> frozenset[str]:
    return frozenset(names.split())


_ELEMENTS: Final = _words(
    """
    a abbr acronym address area article aside b basefont bdo big blockquote body br button caption center cite code col
    colgroup dd del details dfn dir div dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2
    h3 h4 h5 h6 head header hr html i iframe img input ins kbd label legend li link main map mark menu meta nav
    noscript object ol option p param pre q s samp script section select small span strike strong style sub summary sup
    svg table tbody td textarea tfoot th thead title tr tt u ul var video wbr xml xmp
    """
)
_TAG: Final = re.compile(r"<(/?)(?:([A-Za-z][A-Za-z0-9]*)|[owv]:[a-z]{1,20})((?:\s[^<>]*)?)/?>")
"""Also Word's own ('<o:p>'), which pasted text is full of."""
_HIDDEN: Final = re.compile(r"<(script|style)\b[^<>]*>.*?(?:</\1\s*>|\Z)|<!doctype[^<>]*>", re.IGNORECASE | re.DOTALL)
_COMMENT: Final = ("<!--", "-->")
_HREF: Final = re.compile(r"""\bhref\s*=\s*["']?(https?://[^"'\s<>]{1,2000})""", re.IGNORECASE)
_ALT: Final = re.compile(r"""\balt\s*=\s*(?:"([^"]{1,300})"|'([^']{1,300})')""", re.IGNORECASE)
_PARAGRAPHS: Final = _words("p h1 h2 h3 h4 h5 h6 blockquote pre section article dl")
_LINES: Final = _words("div dt dd caption center address header footer hr option legend form")
_DEPTH: Final = 6
"""Lists within lists, at most: deeper ones are drawn at this depth."""


def has_tags(text: str) -> bool:
    """Whether there is any element of HTML in it."""
    return (
        any(_known(match) for match in _TAG.finditer(text)) or _HIDDEN.search(text) is not None or _COMMENT[0] in text
    )


def _without_comments(html: str) -> str:
    """One that is never closed is no comment: what follows it is content."""
    opens, closes = _COMMENT
    shown: list[str] = []
    end = 0
    while (start := html.find(opens, end)) >= 0 and (close := html.find(closes, start)) >= 0:
        shown.append(html[end:start])
        end = close + len(closes)
    return "".join((*shown, html[end:]))


def markdown(html: str) -> str:
    """The text of the HTML as Markdown: lines, paragraphs, lists, tables, links. Entities are left to the caller."""
    shown = _HIDDEN.sub(" ", _without_comments(html))
    page = _Page()
    end = 0
    for match in _TAG.finditer(shown):
        if _known(match):
            page.say(shown[end : match.start()])
            page.tag((match[2] or "").lower(), closing=bool(match[1]), attributes=match[3])
            end = match.end()
    page.say(shown[end:])
    return page.finished()


def _known(match: re.Match[str]) -> bool:
    return match[2] is None or match[2].lower() in _ELEMENTS


class _Page:
    """What was written so far."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._lists: list[int] = []
        """Open lists: the number of the next item; 0 where items have none."""
        self._tables = 0
        """Open tables. One within another's cell is read as that cell's text."""
        self._rows: list[list[str]] = []
        self._cell: list[str] | None = None
        self._link_from: tuple[list[str], int] | None = None
        """Where the words of the open link begin."""
        self._address = ""

    def say(self, words: str) -> None:
        """Words between two tags. Their lines stay lines: in exports they mostly are."""
        if words:
            (self._parts if self._cell is None else self._cell).append(words)

    def tag(self, name: str, *, closing: bool, attributes: str) -> None:
        """One tag."""
        match name:
            case "table":
                self._table(closing)
            case "tr" | "td" | "th" if self._tables == 1:
                self._part_of_table(name, closing)
            case "ul" | "ol" | "menu" | "dir":
                self._list(name, closing)
            case "li" if not closing:
                self._item()
            case "a":
                self._link(closing, attributes)
            case "img":
                self.say(next((double or single for double, single in _ALT.findall(attributes)), ""))
            case "br":
                self.say("\n")
            case _ if name in _PARAGRAPHS:
                self._break("\n\n")
            case _ if name in _LINES or name in ("tr", "td", "th"):
                self._break("\n")

    def finished(self) -> str:
        """All of it; what the HTML left open is closed."""
        if self._tables:
            self._tables = 1
            self._table(closing=True)
        return "".join(self._parts)

    def _break(self, ends: str) -> None:
        """Begins a new line or paragraph, unless one has just begun."""
        parts = self._parts if self._cell is None else self._cell
        if parts and not parts[-1].endswith(ends):
            parts.append(ends if self._cell is None else "\n")

    def _list(self, name: str, closing: bool) -> None:
        if not closing:
            self._lists.append(1 if name == "ol" else 0)
        elif self._lists:
            self._lists.pop()
        self._break("\n" if self._lists else "\n\n")

    def _item(self) -> None:
        self._break("\n")
        number = self._lists[-1] if self._lists else 0
        if number:
            self._lists[-1] += 1
        inner = "   " * min(max(len(self._lists) - 1, 0), _DEPTH)
        self.say(f"{inner}{number}. " if number else f"{inner}- ")

    def _link(self, closing: bool, attributes: str) -> None:
        parts = self._parts if self._cell is None else self._cell
        if not closing:
            found = _HREF.search(attributes)
            self._address = found[1] if found else ""
            self._link_from = (parts, len(parts))
        elif self._address and self._link_from is not None:
            begun, place = self._link_from
            if begun is parts and (words := " ".join("".join(parts[place:]).split())):
                parts[place:] = [f"[{words}](<{self._address}>)" if words != self._address else self._address]
            else:
                parts.append(f" {self._address} ")
            self._address, self._link_from = "", None

    def _table(self, closing: bool) -> None:
        if not closing:
            self._tables += 1
            if self._tables == 1:
                self._parts.append("\n\n")
        elif self._tables:
            self._tables -= 1
            if not self._tables:
                self._end_cell()
                self._parts.append(f"\n\n{_drawn(self._rows)}\n\n")
                self._rows = []

    def _part_of_table(self, name: str, closing: bool) -> None:
        self._end_cell()
        if name == "tr" and not closing:
            self._rows.append([])
        elif name != "tr" and not closing:
            self._cell = []

    def _end_cell(self) -> None:
        if self._cell is not None:
            if not self._rows:
                self._rows.append([])
            self._rows[-1].append("".join(self._cell).strip())
            self._cell = None


def _drawn(rows: list[list[str]]) -> str:
    """A Markdown table. What only lays out a page (one column) is its lines."""
    filled = [row for row in rows if any(row)]
    width = max(map(len, filled), default=0)
    if width < 2:
        return "\n".join(cell for row in filled for cell in row)
    first, *others = [
        "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in row + [""] * (width - len(row))) + " |"
        for row in filled
    ]
    return "\n".join((first, "|" + " --- |" * width, *others))
