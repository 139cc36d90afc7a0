"""What the caller's page and the node say to each other: typed messages, JSON, ``{"type": NAME, ...}``. Pure.

By WebSocket they go both ways. Server-sent events carry the node's; the page's own come as form posts then, and a post
of the page's script is answered with one of these messages, too. A page without JavaScript needs none of them.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from ars.model import Language
from ars.page_feed import Gone as GoneReason

LONGEST_MESSAGE: Final = 8 * 1024
"""Bytes of one message of the page; a longer one closes the socket (1009) and is counted."""
LONGEST_FORM: Final = 64 * 1024
"""Bytes of a form's post, without pictures."""
LONGEST_WRITTEN: Final = 300
"""Characters that a caller writes to the agent at once."""
LONGEST_QUERY: Final = 100
"""Characters of a search."""

Number = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Mark = Annotated[str, Meta(max_length=40)]
"""The page's own name for something that it sent: comes back with the answer."""


class Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=True):
    """What all messages have. Never sent itself."""


class FromPage(Message, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the page says."""


class Tap(FromPage, frozen=True, kw_only=True):
    """A button was pressed, by finger or by a key of the keyboard."""

    number: Number
    """Of the screen that it stood on: for an older one nothing happens, and the newest screen is sent."""
    choice: Annotated[str, Meta(min_length=1, max_length=20)]
    """A digit, 0 # *, or a screen of ours: '@captions', '@language', '@search', '@talk', '@wait'."""


class Submit(FromPage, frozen=True, kw_only=True):
    """The form, whole."""

    number: Number
    """Of the screen that it stood on."""
    values: Annotated[
        dict[Annotated[str, Meta(max_length=40)], Annotated[str, Meta(max_length=4000)]], Meta(max_length=60)
    ]
    """By field; of a photo its id."""


class Write(FromPage, frozen=True, kw_only=True):
    """The caller writes to the agent (captioned call)."""

    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_WRITTEN)]
    """What the agent reads."""
    mark: Mark = ""
    """Comes back in ``Written``."""


class Extend(FromPage, frozen=True, kw_only=True):
    """More time, please."""


class Seen(FromPage, frozen=True, kw_only=True):
    """The page has drawn a screen: measures what a phone and its network take."""

    number: Number
    """Of the screen."""


class Search(FromPage, frozen=True, kw_only=True):
    """Look something up in the consultation database."""

    query: Annotated[str, Meta(max_length=LONGEST_QUERY)]
    """As typed."""


PageMessage = Tap | Submit | Write | Extend | Seen | Search


class ToPage(Message, frozen=True, kw_only=True):
    """What the node says."""


class Screen(ToPage, frozen=True, kw_only=True):
    """Show this. With the number that is shown already: the same screen, other values or another notice."""

    number: int
    """Goes back with every tap; grows with each change."""
    id: str
    """The screen's id in the menu; those of ours begin with '@'."""
    title: str
    """Its heading."""
    language: Language
    """Of all words in it."""
    phase: Literal["web", "menu", "queued", "talking", "over"]
    """What is going on with the call."""
    html: str
    """Header, main part and footer, ready to be put into the page; everything in it is escaped."""


class Status(ToPage, frozen=True, kw_only=True):
    """The line on top, and the figures that change by themselves."""

    phase: Literal["web", "menu", "queued", "talking", "over"]
    """What is going on with the call."""
    text: str
    """In words."""
    position: int = 0
    """Place in the queue, 1 = next; 0 = nobody knows."""
    place: str = ""
    """The place in words, '3번째'; '' = nobody knows."""
    wait: str = ""
    """The expected wait in words, '2분쯤'; '' = nobody can say."""
    left_s: float | None = None
    """Seconds until form or page are over; None = as long as the call."""


class Caption(ToPage, frozen=True, kw_only=True):
    """Words of the call, as far as they are known."""

    utterance: str
    """A later line of the same utterance replaces it; empty text takes it back."""
    speaker: Literal["caller", "agent"]
    """Who speaks."""
    text: str
    """All words so far."""
    final: bool = True
    """Whether it will stand."""


class Captions(ToPage, frozen=True, kw_only=True):
    """All words so far: replaces what the page holds."""

    lines: tuple[Caption, ...]
    """Oldest first."""


class Written(ToPage, frozen=True, kw_only=True):
    """What the caller wrote is on its way to the agent; its line follows as a caption."""

    mark: str
    """The page's own mark."""


class Found(ToPage, frozen=True, kw_only=True):
    """Answers to a search."""

    query: str
    """What was looked for."""
    count: int
    """How many."""
    html: str
    """The answers, ready to be put into the page."""


class Photo(ToPage, frozen=True, kw_only=True):
    """A picture was taken in (the answer to its upload)."""

    field: str
    """The form's field."""
    photo_id: str
    """The field's value."""


class Refused(ToPage, frozen=True, kw_only=True):
    """Something of the page's was not accepted; nothing has changed."""

    why: str
    """For machines: 'message', 'too_fast', 'too_large', 'stale', 'not_talking', 'photo_broken' ..."""
    text: str
    """In words."""
    mark: str = ""
    """Of what was refused, if it had one."""


class Gone(ToPage, frozen=True, kw_only=True):
    """Nothing more comes. 'node': the node goes down, come back; else load the page again, it tells the rest."""

    reason: GoneReason
    """Why."""


class Still(ToPage, frozen=True, kw_only=True):
    """A sign of life, for the page's '?'."""


NodeMessage = Screen | Status | Caption | Captions | Written | Found | Photo | Refused | Gone | Still

ASK: Final = "?"
"""The page asks for a sign of life: a frame of this alone."""

encode: Final = msgspec.json.Encoder().encode
decode: Final = msgspec.json.Decoder(PageMessage).decode
