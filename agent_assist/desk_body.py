"""An entry's text as a tree of a few harmless tags. The page builds its elements itself: no markup ever reaches it.

``knowledge.markdown`` has made safe HTML of the Markdown; this takes from it only what is named here, so what the page
shows does not hang on one guard alone. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from html.parser import HTMLParser
from typing import Final, Literal, TypeAlias

import msgspec

from agent_assist.knowledge.markdown import html
from core.errors import BadInput

Tag = Literal[
    "p", "ul", "ol", "li", "h4", "strong", "em", "del", "code", "pre", "blockquote", "hr", "br", "a", "table", "tr",
    "th", "td",
]  # fmt: skip
_TAGS: Final[dict[str, Tag]] = {
    "p": "p", "ul": "ul", "ol": "ol", "li": "li", "strong": "strong", "b": "strong", "em": "em", "i": "em",
    "del": "del", "s": "del", "code": "code", "pre": "pre", "blockquote": "blockquote", "hr": "hr", "br": "br",
    "a": "a",
    "table": "table", "tr": "tr", "th": "th", "td": "td",
    "h1": "h4", "h2": "h4", "h3": "h4", "h4": "h4", "h5": "h4", "h6": "h4",
}  # fmt: skip
_EMPTY: Final = frozenset({"hr", "br"})
_SCHEMES: Final = ("https://", "http://", "tel:")
_DEEPEST: Final = 24
"""Deeper tags become their text."""
_KEPT: Final = 128


class Element(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of an entry's text with a meaning."""

    tag: Tag
    """Which; headings of all ranks are 'h4'."""
    href: str = ""
    """Of 'a': http://, https:// or tel:."""
    children: tuple[Node, ...] = ()
    """What is in it."""


Node: TypeAlias = str | Element


@lru_cache(maxsize=_KEPT)
def shown(markdown: str) -> tuple[Node, ...]:
    """An entry's text. One that is too long to be read as Markdown comes as it was written, line by line."""
    try:
        return tree(html(markdown))
    except BadInput:
        return tuple(Element(tag="p", children=(line,)) for line in markdown.splitlines() if line.strip())


def tree(safe: str) -> tuple[Node, ...]:
    """HTML as a tree; tags that are not ours become their text, scripts and styles nothing."""
    reader = _Reader()
    reader.feed(safe)
    reader.close()
    return reader.all()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[Tag, str, list[Node]]] = []
        self._top: list[Node] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._silent += 1
        ours = _TAGS.get(tag)
        if ours is None or self._silent:
            return
        if ours in _EMPTY:
            self._put(Element(tag=ours))
        elif len(self._open) < _DEEPEST:
            href = dict(attrs).get("href") or ""
            self._open.append((ours, href if ours == "a" and href.lower().startswith(_SCHEMES) else "", []))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._silent = max(0, self._silent - 1)
        ours = _TAGS.get(tag)
        if ours is not None and any(name == ours for name, _, _ in self._open):
            while self._close() != ours:
                pass

    def handle_data(self, data: str) -> None:
        # Blanks between tags are the writer's line breaks, not text.
        if not self._silent and (data.strip() or self._inline()):
            self._put(data)

    def all(self) -> tuple[Node, ...]:
        while self._open:
            self._close()
        return tuple(self._top)

    def _inline(self) -> bool:
        return bool(self._open) and self._open[-1][0] not in ("ul", "ol", "table", "tr", "blockquote")

    def _put(self, node: Node) -> None:
        (self._open[-1][2] if self._open else self._top).append(node)

    def _close(self) -> Tag:
        tag, href, children = self._open.pop()
        if tag == "a" and not href:  # a link that leads nowhere is its text
            for child in children:
                self._put(child)
        else:
            self._put(Element(tag=tag, href=href, children=tuple(children)))
        return tag
