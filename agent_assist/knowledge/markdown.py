"""An entry's body, written in Markdown -> HTML that is safe to show, and plain text. Pure.

Two fences, one behind the other: the renderer knows no HTML and only harmless addresses, and whatever it made is
cleaned once more by a sanitiser that was written for strangers' HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from agent_assist.knowledge.validation import BODY_LIMIT
from core.errors import BadInput

_SCHEMES: Final = frozenset({"http", "https", "tel"})
_TAGS: Final = frozenset(
    {
        *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "em", "strong", "s"),
        *("ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "a"),
    }
)
_ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}}
_REL: Final = "noopener noreferrer nofollow"
_SPACE: Final = frozenset({"heading_close", "paragraph_close", "tr_close", "blockquote_close", "list_item_close"})


def html(markdown: str) -> str:
    """Safe HTML. No raw HTML, no pictures, links to http, https and tel only, each in a tab of its own that learns
    nothing of us. ``BadInput`` ('too_long')."""
    rendered = _reader().render(_bounded(markdown))
    return nh3.clean(
        rendered,
        tags=set(_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes=set(_SCHEMES),
        link_rel=_REL,
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


def plain(markdown: str) -> str:
    """What it says, without its marks: for text messages and search. Lists keep their dashes and numbers, a link its
    address behind its words. ``BadInput`` ('too_long')."""
    return _Plain().text(_reader().parse(_bounded(markdown)))


def is_harmless(address: str) -> bool:
    """Whether a link may lead there: a whole address of http, https or tel."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme.lower() in _SCHEMES and bool(parts.netloc or parts.scheme.lower() == "tel")


def _bounded(markdown: str) -> str:
    if len(markdown) > BODY_LIMIT:
        raise BadInput(
            f"본문이 너무 깁니다(최대 {BODY_LIMIT:,}자). / The text is too long (at most {BODY_LIMIT:,} characters).",
            code="too_long",
        )
    return markdown


class _Reader(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        return is_harmless(url)


def _reader() -> MarkdownIt:
    # CommonMark with tables; a line end is one, as people who are no programmers expect.
    reader = _Reader("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    return reader.disable(["image", "html_block", "html_inline"])


class _Plain:
    """Walks the tokens and keeps the words."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line = ""
        self._counters: list[int | None] = []

    def text(self, tokens: Sequence[Token]) -> str:
        for token in tokens:
            self._take(token)
        self._end_line()
        return "\n".join(self._lines).strip()

    def _take(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open":
                self._counters.append(None)
            case "ordered_list_open":
                self._counters.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                self._counters.pop()
            case "list_item_open":
                self._end_line()
                self._line = self._bullet()
            case "inline":
                self._inline(token.children or ())
            case "fence" | "code_block":
                self._lines += token.content.rstrip("\n").split("\n")
            case "th_close" | "td_close":
                self._line += " | "
            case kind if kind in _SPACE:
                self._line = self._line.removesuffix(" | ")
                self._end_line()

    def _bullet(self) -> str:
        number = self._counters[-1]
        indent = "  " * (len(self._counters) - 1)
        if number is None:
            return f"{indent}- "
        self._counters[-1] = number + 1
        return f"{indent}{number}. "

    def _inline(self, children: Sequence[Token]) -> None:
        addresses: list[tuple[str, int]] = []
        for child in children:
            match child.type:
                case "text" | "code_inline":
                    self._line += child.content
                case "softbreak" | "hardbreak":
                    self._end_line()
                case "link_open":
                    addresses.append((str(child.attrGet("href") or ""), len(self._line)))
                case "link_close":
                    address, start = addresses.pop()
                    address = address.removeprefix("tel:")
                    if address not in self._line[start:]:
                        self._line += f" ({address})"

    def _end_line(self) -> None:
        if self._line.strip():
            self._lines.append(self._line.rstrip())
        self._line = ""
