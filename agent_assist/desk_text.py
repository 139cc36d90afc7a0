"""An entry of the consultation database as a text message. Pure."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from core.store.entry import Entry, Reference

_MAPS: Final = ("map.kakao.com", "place.map.kakao.com", "kko.to", "map.naver.com", "naver.me", "maps.app.goo.gl")
_MAP_WORDS: Final = ("지도", "약도", "오시는 길", "찾아오시는")


def text_of(entry: Entry) -> str:
    """The entry's own text-message version, else its title and steps. Department, who answers today, telephone, web
    address and map stand below unless the text names them already."""
    text = entry.message.strip() or "\n".join((entry.title, *(f"- {step}" for step in entry.procedure)))
    digits = re.sub(r"\D", "", entry.phone)
    lines = [text]
    if not (digits and digits in re.sub(r"\D", "", text)):
        lines.append(_new(text, entry.department, person_of(entry), entry.phone))
    lines += [_new(text, url) for url in (link_of(entry), map_of(entry))]
    return "\n".join(line for line in lines if line)


def person_of(entry: Entry) -> str:
    """Who answers today: the deputy while the person in charge is absent."""
    return entry.deputy if entry.person_absent and entry.deputy else entry.person


def link_of(entry: Entry) -> str:
    """The entry's first web address that is no map, '' if none."""
    return next((link.url for link in entry.links if not _is_map(link)), "")


def map_of(entry: Entry) -> str:
    """The entry's first link to a map, '' if none."""
    return next((link.url for link in entry.links if _is_map(link)), "")


def _is_map(link: Reference) -> bool:
    return urlsplit(link.url).hostname in _MAPS or any(word in link.title for word in _MAP_WORDS)


def _new(text: str, *parts: str) -> str:
    """Those that the text does not name yet, on one line."""
    return " ".join(part for part in parts if part and part not in text)
