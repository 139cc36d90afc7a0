"""Draws what a phone shows: a view in, HTML out, for every transport alike. Pure; templates lie in ``web/``.

Jinja2 escapes everything (autoescape), and a name that a template does not know is an error.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ars.messages import LONGEST_QUERY, Status
from ars.model import LANGUAGES, Language, Menu, said
from ars.page_feed import CaptionLine
from ars.phone.files import MODULES, Files
from ars.phone.map_layout import HEIGHT, WIDTH
from ars.phone.map_picture import MapLink
from ars.view import NAMES, FieldView, OptionView, StatusView, View
from ars.visits import Found
from ars.words import group, say

NEAR_S: Final = 600
"""With less time left than this, the page says how long."""
PRESSING_S: Final = 120
"""With less than this it warns."""
_TAKEN_ALONG: Final = (
    "button.keys_",
    "captions.agent",
    "captions.newest",
    "captions.not_sent",
    "captions.sending",
    "captions.you",
    "form.sending",
    "form.time_left",
    "form.time_short",
    "page.tap_offline",
    "photo.failed",
    "photo.received",
    "photo.sending",
    "photo.too_large",
    "search.searching",
    "status.back",
    "status.lost",
)
"""What the page's script says by itself."""
_COMPLETE: Final = {"address": "street-address", "name": "name", "email": "email", "postcode": "postal-code"}


class Look(msgspec.Struct, frozen=True):
    """How the caller wants the page to look."""

    large: bool = False
    """24 px instead of 18."""
    contrast: bool = False
    """Black, white and nothing between."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a screen shows."""

    view: View
    status: StatusView
    now: dt.datetime
    base: str
    """The page's own address: '/v/TOKEN'."""
    captions: Sequence[CaptionLine] = ()
    map_links: Sequence[MapLink] = ()
    """Where map apps show the screen's place."""
    query: str = ""
    """What was searched for."""
    answers: Sequence[Found] = ()


class Renderer:
    """The templates, compiled once."""

    def __init__(self, files: Files, frame_ancestors: str) -> None:
        self._files = files
        self._env = Environment(
            loader=PackageLoader("ars", "web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._env.globals.update(
            icons={name: Markup(drawn) for name, drawn in files.icons.items()},
            files=files.addresses,
            css=Markup(files.css),
            modules=MODULES,
            own_names={name: language for language, name in NAMES.items()},
            tongue=tongue,
            autocomplete=_autocomplete,
            map_size=(WIDTH, HEIGHT),  # so that nothing moves when it arrives
        )
        style = base64.b64encode(hashlib.sha256(files.css.encode()).digest()).decode()
        self.policy: Final = (
            f"default-src 'none'; script-src 'self'; style-src 'sha256-{style}'; img-src 'self'; connect-src 'self'; "
            f"form-action 'self'; base-uri 'none'; frame-ancestors {frame_ancestors}; "
            "trusted-types minwon; require-trusted-types-for 'script'"
        )
        """The strictest content security policy under which the page works."""

    def screen(self, shown: Shown, look: Look) -> str:
        """Header, main part and footer."""
        return self._draw("screen.html", look, shown.view.language, _of(shown, self._found_of(shown)))

    def page(self, shown: Shown, look: Look) -> str:
        """The whole page."""
        content = _of(shown, self._found_of(shown))
        content |= {"centre": shown.view.centre, "refresh_s": _refresh_s(shown)}
        return self._draw("page.html", look, shown.view.language, content)

    def found(self, language: Language, query: str, answers: Sequence[Found]) -> str:
        """Answers of a search."""
        return self._draw("found.html", Look(), language, {"query": query, "answers": answers})

    def plain(
        self, menu: Menu, language: Language, look: Look, *, key: str, back: str, again: bool, start: bool
    ) -> str:
        """A page that only says something: ``gone.KEY_title`` and ``gone.KEY``, and the number to call."""
        content = {
            "title": say(language, f"gone.{key}_title"),
            "text": say(language, f"gone.{key}", phone=menu.phone),
            "back": back,
            "again": back if again else "",
            "start": start,
        }
        return self._draw("plain.html", look, language, {**content, **_centre(menu, language)})

    def entry(self, menu: Menu, language: Language, look: Look) -> str:
        """Where one begins who comes by QR code or address."""
        languages = [(code, NAMES[code]) for code in LANGUAGES if code in menu.languages]
        return self._draw("entry.html", look, language, {"languages": languages, **_centre(menu, language)})

    def _found_of(self, shown: Shown) -> str:
        return self.found(shown.view.language, shown.query, shown.answers) if shown.query else ""

    def _draw(self, template: str, look: Look, language: Language, content: dict[str, Any]) -> str:
        t = partial(say, language)
        return self._env.get_template(template).render(content, t=t, look=look, language=language)


def status_message(status: StatusView, language: Language, now: dt.datetime) -> Status:
    """The line on top as a message."""
    return Status(
        phase=status.phase,
        text=status.text,
        position=status.position,
        place=say(language, "waiting.position", position=status.position) if status.position else "",
        wait=say(language, "waiting.minutes", minutes=status.minutes) if status.minutes else "",
        left_s=max(0.0, (status.ends - now).total_seconds()) if status.ends is not None else None,
    )


def tongue(words: str, language: Language) -> Language:
    """In which language words are that should be in ``language``: what a menu lacks is said in English, or Korean.

    For screen readers, which speak by it. Told by the letters alone; names in other letters do no harm.
    """
    if any("가" <= letter <= "힣" for letter in words):
        return "ko"
    if language in ("ko", "en"):
        return language
    return language if any(letter.isalpha() and not letter.isascii() for letter in words) else "en"


def _of(shown: Shown, found: str) -> dict[str, Any]:
    view, status = shown.view, status_message(shown.status, shown.view.language, shown.now)
    left_s = status.left_s
    return {
        "v": view,
        "s": status,
        "base": shown.base,
        "place": status.place,
        "wait": status.wait,
        "left_s": left_s,
        "near": left_s is not None and left_s < NEAR_S,
        "pressing": left_s is not None and left_s < PRESSING_S,
        "minutes_left": int(-(-(left_s or 0) // 60)),
        "errors": [field for field in view.fields if field.error],
        "has_photo": any(field.kind == "photo" for field in view.fields),
        "options": partial(_options, view.language),
        "map_apps": [(say(view.language, f"map.{to.app}"), to.url) for to in shown.map_links if to.app != "geo"],
        "captions": shown.captions,
        "query": shown.query[:LONGEST_QUERY],
        "found": Markup(found),
        "words": msgspec.json.encode(group(view.language, *_TAKEN_ALONG)).decode(),
    }


def _centre(menu: Menu, language: Language) -> dict[str, str]:
    return {"centre": said(menu.title, language), "phone": menu.phone}


def _options(language: Language, field: FieldView) -> tuple[OptionView, ...]:
    if field.kind != "yes_no":
        return field.options
    return tuple(
        OptionView(value=value, label=say(language, f"button.{value}"), chosen=field.value == value)
        for value in ("yes", "no")
    )


def _autocomplete(field: FieldView) -> str:
    """What the browser may fill in by itself (WCAG 2.2, 1.3.5)."""
    if field.kind == "phone":
        return "tel"
    return next(
        (token for part, token in _COMPLETE.items() if field.id == part or field.id.endswith("_" + part)), "off"
    )


def _refresh_s(shown: Shown) -> int:
    """How soon a page without JavaScript is loaded again; 0 = never, for something may be written on it."""
    view = shown.view
    if view.fields or view.search or shown.query or (view.captions and view.phase == "talking"):
        return 0
    return {"queued": 5, "web": 5, "menu": 10, "talking": 10, "over": 0}[view.phase]
