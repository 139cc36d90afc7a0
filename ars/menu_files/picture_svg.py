"""A menu drawn: left to right, one column a level, the key at the edge of what it leads to.

Nothing but the standard library. Colours follow the reader's light or dark setting; they are plain classes, so that
programs without CSS variables can show them too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from ars.menu_files.lint.rule import levels
from ars.menu_files.outline import Node, outline, own_screens
from ars.menu_files.picture_words import mark_words, only_words, summary, tree_words, word
from ars.model import Language, Menu, said

CARD: Final = 236
"""Width of a card, in px like everything here."""
GAP: Final = 58
"""Between columns, for the lines."""
TALL: Final = 52
"""Height of a card with two lines: a screen, or more than one line holds."""
SMALL: Final = 28
"""Height of everything else."""
ROW_GAP: Final = 10
BRANCH_GAP: Final = 8
"""More between a branch with twigs and the next one."""
MARGIN: Final = 32
HEAD: Final = 122
"""Title and the names of the columns."""
TREE_HEAD: Final = 38
READABLE: Final = 50
"""Room in which a shortened mark still says something."""
KEY: Final = 11
"""Radius of a key."""
GOOD_DEPTH: Final = 3
SANS: Final = "Pretendard, 'Apple SD Gothic Neo', 'Noto Sans KR', 'Noto Sans CJK KR', 'Malgun Gothic', sans-serif"
MONO: Final = "ui-monospace, 'D2Coding', 'Noto Sans Mono CJK KR', Consolas, monospace"

_LIGHT: Final = """
.ground{fill:#f3f5f6}.card{fill:#fff;stroke:#cfd6dc}.chip{fill:#e9edf0;stroke:none}.deed{fill:#fff;stroke:#cfd6dc}
.line{stroke:#9aa5af}.ink{fill:#16191d}.soft{fill:#4b5560}.accent{fill:#0a5c4e}.warn{fill:#a11a1a}.rule{stroke:#d9dee3}
.key{fill:#0a5c4e}.keyink{fill:#fff}.m{fill:#e6e9ec}.mi{fill:#3c4650}.m-form{fill:#dcefeb}.mi-form{fill:#0a5c4e}
.m-paid{fill:#fdecea}.mi-paid{fill:#a11a1a}.m-call{fill:#e2edf8}.mi-call{fill:#0b4a86}.m-only{fill:#fff3cd}
.mi-only{fill:#6b4e00}
"""
_DARK: Final = """
.ground{fill:#14181b}.card{fill:#1f252a;stroke:#3d4751}.chip{fill:#272f36;stroke:none}.deed{fill:#1f252a;stroke:#3d4751}
.line{stroke:#6d7984}.ink{fill:#eef1f3}.soft{fill:#a9b4be}.accent{fill:#58c9b0}.warn{fill:#ff9d94}.rule{stroke:#333b43}
.key{fill:#58c9b0}.keyink{fill:#08201b}.m{fill:#333c44}.mi{fill:#c6d0d8}.m-form{fill:#1b3630}.mi-form{fill:#7fdcc7}
.m-paid{fill:#43201e}.mi-paid{fill:#ff9d94}.m-call{fill:#1c3147}.mi-call{fill:#a5cdf5}.m-only{fill:#453a12}
.mi-only{fill:#ffe08a}
"""
_STYLE: Final = (
    f"text{{font-family:{SANS}}}.mono{{font-family:{MONO}}}.b{{font-weight:700}}.line{{fill:none;stroke-width:1.5}}"
    f".dash{{stroke-dasharray:4 4}}a{{cursor:pointer}}{_LIGHT}@media(prefers-color-scheme:dark){{{_DARK}}}"
)
_COLOURS: Final = {"form": "form", "photo": "form", "paid": "paid", "transfer": "call", "callback": "call"}


class _Placed(NamedTuple):
    node: Node
    top: float
    x: float
    y: float
    """The middle of its left edge."""
    children: tuple[_Placed, ...]
    height: float
    """Of it and everything to the right of it."""


def svg(menu: Menu, language: Language = "ko") -> str:
    """The whole menu as one SVG document."""
    trees = outline(menu, language)
    columns = max(2, *(_depth(root) for tree in trees for root in tree.roots)) if trees else 2
    drawn: list[str] = []
    top: float = HEAD
    for tree in trees:
        drawn.append(_text(MARGIN, top + 24, tree_words(menu, language, tree), 14, "accent b"))
        top += TREE_HEAD
        for placed in _placed(tree.roots, columns, top, language):
            drawn += _lines(placed)
            drawn += [_drawn(part, language) for part in _parts(placed)]
            top = max(top, placed.top + placed.height)
        top += BRANCH_GAP
    width = 2 * MARGIN + columns * (CARD + GAP) - GAP
    height = top + 60
    name = said(menu.title, language)
    deepest = max(levels(menu).values(), default=0)
    about = word(language, "desc", name, len(own_screens(menu)), deepest)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}"'
            f' viewBox="0 0 {width:g} {height:g}" role="img" aria-labelledby="t d" lang="{language}">',
            f'<title id="t">{_safe(name)}</title>',
            f'<desc id="d">{_safe(about)}</desc>',
            f"<style>{_STYLE}</style>",
            '<rect class="ground" width="100%" height="100%"/>',
            *_head(menu, language, name, deepest, width),
            *drawn,
            _legend(language, height - 24),
            "</svg>\n",
        ]
    )


def _placed(roots: tuple[Node, ...], columns: int, top: float, language: Language) -> Iterator[_Placed]:
    """One below the other; those that lead nowhere side by side."""
    column = 0
    for number, root in enumerate(roots):
        placed = _place(root, column, top, language)
        yield placed
        alone = not root.children and number + 1 < len(roots) and not roots[number + 1].children
        column = (column + 1) % columns if alone else 0
        if column == 0:
            top += placed.height


def _depth(node: Node) -> int:
    return 1 + max((_depth(child) for child in node.children), default=0)


def _place(node: Node, level: int, top: float, language: Language) -> _Placed:
    """Every card beside the first of those that it leads to."""
    slot = _height(node, language) + ROW_GAP
    children: list[_Placed] = []
    below = top + (slot - _height(node.children[0], language) - ROW_GAP) / 2 if node.children else top
    for number, child in enumerate(node.children):
        if number and (children[-1].children or child.children):
            below += BRANCH_GAP
        children.append(_place(child, level + 1, below, language))
        below += children[-1].height
    x = MARGIN + level * (CARD + GAP)
    return _Placed(node, top, x, top + slot / 2, tuple(children), max(slot, below - top))


def _height(node: Node, language: Language) -> int:
    if node.kind == "screen":
        return TALL
    needed = _width(_sign(node) + node.title, 13) + sum(
        _width(words, 11) + 16 for _kind, words in _wanted(node, language)
    )
    return SMALL if needed <= CARD - KEY - 24 else TALL


def _sign(node: Node) -> str:
    return "↩ " if node.kind == "again" else ""


def _parts(placed: _Placed) -> Iterator[_Placed]:
    yield placed
    for child in placed.children:
        yield from _parts(child)


def _head(menu: Menu, language: Language, name: str, deepest: int, width: float) -> Iterator[str]:
    yield _text(MARGIN, 46, name, 24, "ink b")
    yield _text(MARGIN, 70, summary(menu, language), 13, "soft")
    for level in range(deepest + 1):
        key = "level0" if level == 0 else "level" if level <= GOOD_DEPTH else "beyond"
        colour = "soft" if level <= GOOD_DEPTH else "warn"
        yield _text(MARGIN + level * (CARD + GAP), 106, word(language, key, level), 12, f"{colour} b")
    yield f'<path class="rule" d="M{MARGIN} {HEAD - 6}H{width - MARGIN:g}"/>'


def _lines(placed: _Placed) -> Iterator[str]:
    """From a card to each that it leads to: out, down the trunk, round the corner, in."""
    for child in placed.children:
        start, trunk, end = placed.x + CARD, placed.x + CARD + 18, child.x - KEY
        down = child.y - placed.y
        if down < 1:
            way = f"M{start:g} {placed.y:g}H{end:g}"
        else:
            bend = min(10.0, down / 2)
            way = (
                f"M{start:g} {placed.y:g}H{trunk - bend:g}q{bend:g} 0 {bend:g} {bend:g}V{child.y - bend:g}"
                f"q0 {bend:g} {bend:g} {bend:g}H{end:g}"
            )
        yield f'<path class="line{" dash" if child.node.only else ""}" d="{way}"/>'
        yield from _lines(child)


def _drawn(placed: _Placed, language: Language) -> str:
    node = placed.node
    body = _screen(placed, language) if node.kind == "screen" else _chip(placed, language)
    tip = _tip(node, language)
    key = _key(node.key, placed.x, placed.y) if node.key else ""
    if node.kind == "screen":
        return f"<g id={_name(node.id)}><title>{_safe(tip)}</title>{body}{key}</g>"
    if node.kind == "again":
        return f"<a href={_name(node.id, '#')}><title>{_safe(tip)}</title>{body}{key}</a>"
    return f"<g><title>{_safe(tip)}</title>{body}{key}</g>"


def _screen(placed: _Placed, language: Language) -> str:
    node, x, top = placed.node, placed.x, placed.y - TALL / 2
    left = x + (KEY + 10 if node.key else 14)
    right = x + CARD - 10
    badges, free = _badges(node, language, right, top + 28, left + 40)
    return (
        f'<rect class="card" x="{x:g}" y="{top:g}" width="{CARD}" height="{TALL}" rx="10"/>'
        + _text(left, top + 21, _fit(node.title, 14, right - left), 14, "ink b")
        + _text(left, top + 40, _fit(node.id, 11, free - left - 6), 11, "soft mono")
        + badges
    )


def _chip(placed: _Placed, language: Language) -> str:
    node, x, tall = placed.node, placed.x, _height(placed.node, language)
    top, left, right = placed.y - tall / 2, x + KEY + 10, x + CARD - 10
    two = tall == TALL
    badges, free = _badges(node, language, right, top + (28 if two else 5.5), left)
    title = _fit(_sign(node) + node.title, 13, (right if two else free) - left)
    return (
        f'<rect class="{"deed" if node.kind == "deed" else "chip"}" x="{x:g}" y="{top:g}" width="{CARD}"'
        f' height="{tall}" rx="{SMALL / 2:g}"/>'
        + _text(left, top + (20 if two else 18.5), title, 13, "soft" if node.kind == "again" else "ink")
        + badges
    )


def _badges(node: Node, language: Language, right: float, top: float, least: float) -> tuple[str, float]:
    """Marks from the right; (SVG, where they begin). Those that have no room are counted."""
    wanted = _wanted(node, language)
    parts, x = [], right
    for number, (colour, words) in enumerate(wanted):
        rest = len(wanted) - number - 1
        more = 26 if rest else 0
        shown = _fit(words, 11, max(x - least - more - 12, READABLE))
        wide = _width(shown, 11) + 12
        if x - wide < least + more - 1:
            colour, shown = "", f"+{rest + 1}"
            wide, rest = _width(shown, 11) + 12, -1
        x -= wide
        suffix = f" m-{colour}" if colour else ""
        ink = f" mi-{colour}" if colour else ""
        parts.append(f'<rect class="m{suffix}" x="{x:.1f}" y="{top:g}" width="{wide:.1f}" height="17" rx="5"/>')
        parts.append(_text(x + wide / 2, top + 12.5, shown, 11, f"mi{ink}", ' text-anchor="middle"'))
        x -= 4
        if rest < 0:
            break
    return "".join(parts), x


def _wanted(node: Node, language: Language) -> list[tuple[str, str]]:
    """Colour and words of its marks."""
    only = [("only", only_words(language, node.only))] if node.only else []
    return only + [(_COLOURS.get(mark[0], ""), mark_words(language, mark)) for mark in node.marks]


def _key(key: str, x: float, y: float) -> str:
    return (
        f'<circle class="key" cx="{x:g}" cy="{y:g}" r="{KEY}"/>'
        f'<text class="keyink b" x="{x:g}" y="{y + 4.5:g}" font-size="13" text-anchor="middle">{_safe(key)}</text>'
    )


def _tip(node: Node, language: Language) -> str:
    """Everything about a card, for the pointer and for screen readers."""
    parts = [node.key, node.label, node.title, f"({node.id})" if node.id else "", only_words(language, node.only)]
    return " ".join([part for part in parts if part] + [mark_words(language, mark) for mark in node.marks])


def _legend(language: Language, y: float) -> str:
    words = [word(language, f"legend.{name}") for name in ("keys", "then", "again", "hours")]
    return _text(MARGIN, y, "   ·   ".join(words), 12, "soft")


def _text(x: float, y: float, words: str, size: int, kind: str, more: str = "") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" font-size="{size}"{more}>{_safe(words)}</text>'


def _safe(words: str) -> str:
    """As XML text; characters that XML does not know are left out."""
    return escape("".join(letter for letter in words if letter.isprintable()))


def _name(id: str, before: str = "") -> str:
    return quoteattr(before + "s-" + "".join(letter for letter in id if letter.isalnum() or letter in "_-"))


def _width(words: str, size: int) -> float:
    """Roughly, in px: fonts differ, and nobody is here to measure."""
    return size * sum(0.95 if unicodedata.east_asian_width(letter) in "WF" else 0.54 for letter in words)


def _fit(words: str, size: int, room: float) -> str:
    """Shortened so that it fits."""
    if _width(words, size) <= room:
        return words
    while words and _width(words, size) > room - size:
        words = words[:-1]
    return words.rstrip() + "…"
