"""Text messages: short enough, and every blank in them can be filled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ars.menu_files.finding import Path, in_words, nearest
from ars.menu_files.lint.rule import Flaw, Look, doings, error, warning
from ars.model import Field, Send

LARGEST: Final = 2000
"""Bytes in EUC-KR that an LMS takes."""
ALWAYS: Final = frozenset({"centre", "link", "phone"})
"""Blanks that are filled in any message."""

_BLANK: Final = re.compile(r"\{([^{}\n]*)\}")


def size(look: Look) -> Iterator[Flaw]:
    """What an LMS takes."""
    for id, message in look.menu.messages.items():
        for language, text in message.text.items():
            count = len(text.encode("cp949", "replace"))
            if count > LARGEST:
                says = f"is {count} bytes long (EUC-KR); a message takes {LARGEST}"
                yield error("message-too-long", ("messages", id, "text", language), says)


def blanks(look: Look) -> Iterator[Flaw]:
    """{name} is centre, link, phone, or a field of every form that sends the message."""
    senders = _senders(look)
    for id, message in look.menu.messages.items():
        for language, text in message.text.items():
            path: Path = ("messages", id, "text", language)
            if re.search(r"[{}]", _BLANK.sub("", text)):
                yield error("unknown-placeholder", path, "has a single '{' or '}'; a blank is written like {link}")
            for name in dict.fromkeys(_BLANK.findall(text)):
                if name not in ALWAYS:
                    yield from _unfilled(path, name, senders.get(id, []))


def _unfilled(path: Path, name: str, senders: list[tuple[Path, tuple[Field, ...]]]) -> Iterator[Flaw]:
    if not senders:
        says = f"has the blank {{{name}}}, which nothing fills{nearest(name, ALWAYS)}"
        yield error("unknown-placeholder", path, says)
    for sender, fields in senders:
        field = next((field for field in fields if field.id == name), None)
        if field is None:
            known = ALWAYS | {field.id for field in fields}
            says = f"has the blank {{{name}}}, which {in_words(sender)} does not fill{nearest(name, known)}"
            yield error("unknown-placeholder", path, says)
        elif field.secret:
            yield error("secret-in-message", path, f"would send the secret field '{name}'")


def _senders(look: Look) -> dict[str, list[tuple[Path, tuple[Field, ...]]]]:
    """Where each message is sent, and the fields that are known there."""
    senders: dict[str, list[tuple[Path, tuple[Field, ...]]]] = {}
    for id, screen in look.screens():
        for path, do, when in doings(id, screen):
            if isinstance(do, Send):
                senders.setdefault(do.message, []).append((path, screen.fields if when == "submit" else ()))
    return senders


def link(look: Look) -> Iterator[Flaw]:
    """The message that brings the link is there, and brings it."""
    message = look.menu.messages.get("link")
    if message is None:
        says = "has no 'link', the message that brings the page to the caller's phone"
        yield warning("no-link-message", ("messages",), says)
        return
    for language, text in message.text.items():
        if "{link}" not in text:
            yield error("no-link", ("messages", "link", "text", language), "does not hold {link}")


RULES: Final = (size, blanks, link)
