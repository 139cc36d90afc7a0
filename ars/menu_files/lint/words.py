"""The words of a menu: in every language that it has, short enough, and words alone."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import msgspec

from ars.menu_files.finding import Path, nearest
from ars.menu_files.lint.rule import NOTHING, Flaw, Look, error, warning
from ars.model import Choice, Language, Menu, Option, Screen, Words

LONGEST_LABEL: Final = 24
"""Of a big button, in widths of a Korean letter; a Latin letter is half as wide."""

_MARKUP: Final = re.compile(r"</?[A-Za-z!][^<>]*>|&(?:[A-Za-z]{2,8}|#\d{1,6}|#x[0-9A-Fa-f]{1,6});")
_INVISIBLE: Final = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_PARAGRAPHS: Final = frozenset({"text", "say", "note"})


class Spoken(NamedTuple):
    """Words, and where they stand."""

    path: Path
    words: Words
    owner: Any
    """The struct."""
    field: str
    required: bool


def everything(look: Look) -> Iterator[Spoken]:
    """All words that the file writes."""
    for name, value in _parts(look.menu):
        if name == "screens":
            for id, screen in look.screens():
                yield from _walk(screen, ("screens", id))
        elif isinstance(value, tuple | dict | msgspec.Struct):
            yield from _words(look.menu, name, value, ())


def _walk(value: Any, path: Path) -> Iterator[Spoken]:
    if isinstance(value, msgspec.Struct):
        for name, part in _parts(value):
            yield from _words(value, name, part, path)
    elif isinstance(value, tuple):
        for place, part in enumerate(value):
            yield from _walk(part, (*path, place))
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _walk(part, (*path, name))


def _words(owner: Any, name: str, part: Any, path: Path) -> Iterator[Spoken]:
    required = _word_fields(owner.__class__).get(name)
    if required is None:
        if part and not isinstance(part, str):
            yield from _walk(part, (*path, name))
    elif part or required:
        yield Spoken((*path, name), part, owner, name, required)


def _parts(struct: msgspec.Struct) -> Iterator[tuple[str, Any]]:
    return ((name, getattr(struct, name)) for name in struct.__struct_fields__)


@functools.cache
def _word_fields(kind: Any) -> dict[str, bool]:
    """Which fields of a struct are words, and whether they must be there."""
    return {field.name: field.required for field in msgspec.structs.fields(kind) if field.type == Words}


def languages(look: Look) -> Iterator[Flaw]:
    """The languages that a menu says to have."""
    given = look.menu.languages
    if "ko" not in given:
        yield error("no-korean", ("languages",), "is without 'ko'; every menu has Korean")
    if len(set(given)) < len(given):
        yield error("duplicate-language", ("languages",), "names a language twice")


def each(look: Look) -> Iterator[Flaw]:
    """What holds for all words, in one walk."""
    starts = {start.screen for start in look.menu.start}
    for spoken in everything(look):
        yield from _translations(spoken, starts, look.menu.languages)
        yield from _characters(spoken)
        if spoken.field == "label" and isinstance(spoken.owner, Choice | Option):
            yield from _label(spoken)


def _translations(spoken: Spoken, starts: set[str], wanted: tuple[Language, ...]) -> Iterator[Flaw]:
    """Korean always, English where the menu has it, every language on the start screens."""
    path, words = spoken.path, spoken.words
    if not words.get("ko", "").strip():
        yield error("missing-korean", path, 'has no Korean words; write ko = "..."')
    everywhere = path == ("title",) or (path[0] == "screens" and path[1] in starts)
    for language in wanted:
        if language == "ko" or not (everywhere or language == "en") or words.get(language, "").strip():
            continue
        why = "has" if language == "en" else "has on its start screens"
        says = f"has no words in '{language}', a language that the menu {why}"
        yield error("missing-translation", path, says)


def complete_languages(menu: Menu) -> tuple[Language, ...]:
    """Those of the menu's languages in which no word of its own is missing."""
    own = frozenset(id for id in menu.screens if not id.startswith("@"))
    spoken = [one.words for one in everything(Look(menu, NOTHING, own))]
    return tuple(language for language in menu.languages if all(words.get(language, "").strip() for words in spoken))


def _characters(spoken: Spoken) -> Iterator[Flaw]:
    """Words are shown as they are: no markup, nothing invisible, line ends in paragraphs only."""
    for language, text in spoken.words.items():
        path = (*spoken.path, language)
        found = _MARKUP.search(text)
        if found is not None:
            yield error("markup", path, f"holds {found[0][:20]!r}; words are shown as written, so leave markup out")
        if text.isprintable():
            continue
        odd = next((letter for letter in text if _is_odd(letter, spoken.field in _PARAGRAPHS)), "")
        if odd:
            yield error("control-character", path, f"holds the control character U+{ord(odd):04X}; delete it")


def _is_odd(letter: str, paragraphs: bool) -> bool:
    if letter == "\n":
        return not paragraphs
    return unicodedata.category(letter) in ("Cc", "Cs", "Co", "Zl", "Zp") or _INVISIBLE.match(letter) is not None


def _label(spoken: Spoken) -> Iterator[Flaw]:
    """What stands on a button must be read at a glance."""
    for language, text in spoken.words.items():
        if len(text) > LONGEST_LABEL and width(text) > LONGEST_LABEL:
            says = f"is {len(text)} characters long, too long for one big button; put the rest into 'hint'"
            yield warning("long-label", (*spoken.path, language), says)


def width(text: str) -> float:
    """In widths of a Korean letter."""
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.5 for letter in text)


def prompts(look: Look) -> Iterator[Flaw]:
    """Something to say on every screen: a recording of that name, or words with a sound."""
    for id, screen in look.screens():
        path: Path = ("screens", id)
        if not any(letter.isalnum() for letter in _heard(screen)):
            yield error("missing-prompt", path, "has nothing that can be said: give it a title or 'say' in words")
        if not screen.prompt or look.around.recordings is None:
            continue
        for language in look.menu.languages:
            if f"{screen.prompt}.{language}.wav" not in look.around.recordings:
                says = f"has no recording {screen.prompt}.{language}.wav; its words are spoken instead"
                yield warning("missing-recording", (*path, "prompt"), says)


def _heard(screen: Screen) -> str:
    spoken: Words = screen.say or screen.title
    return spoken.get("ko", "") + ("" if screen.say else screen.text.get("ko", ""))


def icons(look: Look) -> Iterator[Flaw]:
    """Pictures that are there."""
    there = look.around.icons
    if there is None:
        return
    for id, screen in look.screens():
        for place, choice in enumerate(screen.choices):
            if choice.icon and choice.icon not in there:
                says = f"names '{choice.icon}', which is no icon{nearest(choice.icon, there)}"
                yield warning("unknown-icon", ("screens", id, "choices", place, "icon"), says)


def links(look: Look) -> Iterator[Flaw]:
    """An address has a host and no password. That it is https is part of its shape."""
    for id, screen in look.screens():
        for place, link in enumerate(screen.links):
            if not _is_address(link.url):
                yield error("bad-link", ("screens", id, "links", place, "url"), "is no address that can be opened")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.username is None and url.isprintable() and '"' not in url
    except ValueError:
        return False


RULES: Final = (languages, each, prompts, icons, links)
