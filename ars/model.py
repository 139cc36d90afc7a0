"""A menu as data: what one menu file says, in frozen structs. Pure: nothing is read, nothing is decided here.

``ars.menu_files`` reads a TOML file into a :class:`Menu` and checks it, ``ars.menu`` moves a visit through it.
Words are by language: ``{ko = "여권", en = "Passport"}``; Korean is always there, English falls back to Korean, every
other language to English.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from core.city import Hours

Language = Literal["ko", "en", "zh", "ja", "vi", "mn"]
LANGUAGES: Final[tuple[Language, ...]] = ("ko", "en", "zh", "ja", "vi", "mn")
"""In the order in which they are offered: Seoul 120's own list."""
Words = dict[Language, str]
Id = Annotated[str, Meta(pattern=r"^@?[a-z0-9][a-z0-9_-]{0,63}$")]
Digit = Literal["1", "2", "3", "4", "5", "6", "7", "8", "9"]
"""Keys that a menu may give away. 0 = a person, # = back, * = again belong to everybody (KCC's ARS guideline, 2009)."""
AGENT: Final = "0"
BACK: Final = "#"
AGAIN: Final = "*"

WAIT: Final = "@wait"
TALK: Final = "@talk"
CAPTIONS: Final = "@captions"
CALLBACK: Final = "@callback"
BOOKED: Final = "@booked"
SEARCH: Final = "@search"
CODE: Final = "@code"
JOIN: Final = "@join"
CLOSED: Final = "@closed"
OVER: Final = "@over"
LANGUAGE: Final = "@language"
OURS: Final = (WAIT, TALK, CAPTIONS, CALLBACK, BOOKED, SEARCH, CODE, JOIN, CLOSED, OVER, LANGUAGE)
"""Screens that every menu has (``builtin.toml``); a menu file may write its own under the same id."""


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file."""


# Effects, written in the file as { do = "send", message = "waste" }.


class Say(Table, frozen=True, kw_only=True, tag_field="do", tag="say"):
    """Say a sentence, to ear and page."""

    text: Words


class Transfer(Table, frozen=True, kw_only=True, tag_field="do", tag="transfer"):
    """Connect the caller: with an agent of a queue, or with the number of a contact."""

    queue: str = ""
    """Agents who serve it ('' = the menu's own queue)."""
    contact: str = ""
    """A contact's id: that number is called instead."""


class Send(Table, frozen=True, kw_only=True, tag_field="do", tag="send"):
    """Send a text message to the caller's mobile."""

    message: str
    """Id of a message of the menu."""


class SendLink(Table, frozen=True, kw_only=True, tag_field="do", tag="send_link"):
    """Send the link of the caller's own page."""


class BookCallback(Table, frozen=True, kw_only=True, tag_field="do", tag="book_callback"):
    """Keep the caller's place and call back. The number is the form's field 'number', else the caller's own."""


class JoinPage(Table, frozen=True, kw_only=True, tag_field="do", tag="join_page"):
    """The form's field 'code' is the six digits of a page that was opened first: bring it to this call."""


class Speak(Table, frozen=True, kw_only=True, tag_field="do", tag="speak"):
    """Change the language."""

    language: Language


class Finish(Table, frozen=True, kw_only=True, tag_field="do", tag="finish"):
    """Say goodbye and end the call."""


Do = Say | Transfer | Send | SendLink | BookCallback | JoinPage | Speak | Finish


class Choice(Table, frozen=True, kw_only=True):
    """One thing to press, by finger or by key."""

    digit: Digit
    """Its key."""
    label: Words
    """What stands on it and is read out."""
    hint: Words = {}
    """A smaller line below it, on the page alone."""
    icon: str = ""
    """Name of a picture in ``web/icons``; never without words."""
    go: str = ""
    """The screen that follows, '' = stay."""
    do: tuple[Do, ...] = ()
    """What happens, before the screen is shown."""
    when: str = ""
    """Only while this schedule is open."""
    unless: str = ""
    """Only while this schedule is closed."""
    uses: Annotated[int, Meta(ge=0)] | None = None
    """How often it was used in a month, to check 'most used first'."""


class Option(Table, frozen=True, kw_only=True):
    """One answer of a choice field; its key is its place, from 1."""

    value: Annotated[str, Meta(pattern=r"^[a-z0-9_-]{1,40}$")]
    label: Words


FieldKind = Literal["text", "long", "digits", "date", "phone", "choice", "yes_no", "consent", "photo"]
KEYED: Final = frozenset({"digits", "date", "phone", "choice", "yes_no", "consent"})
"""Kinds that a telephone's keys can give. A date is keyed as month and day: 1126."""


class Field(Table, frozen=True, kw_only=True):
    """One field of a form."""

    id: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    label: Words
    """What it is, beside the field and read out."""
    kind: FieldKind = "text"
    hint: Words = {}
    """An example or a reason, below the label."""
    required: bool = True
    longest: Annotated[int, Meta(ge=1, le=2000)] = 200
    """Characters; digits for 'digits'."""
    shortest: Annotated[int, Meta(ge=0, le=2000)] = 0
    """Characters; digits for 'digits'."""
    options: tuple[Option, ...] = ()
    """Answers of a 'choice', at most nine."""
    secret: bool = False
    """Never logged, stored or shown on the desk; keys pressed for it are no events."""
    own_number: bool = False
    """A 'phone' that, left empty, means the number that calls; by key: 1."""


class Link(Table, frozen=True, kw_only=True):
    """A page elsewhere, opened by a tap only."""

    label: Words
    url: Annotated[str, Meta(pattern=r"^https://[^\s]+$")]


class Screen(Table, frozen=True, kw_only=True):
    """One screen, on the page and in the ear: a form if it has fields, else words and choices."""

    title: Words
    text: Words = {}
    """Paragraphs (a blank line between them) for the page, read out too unless ``say`` is there."""
    say: Words = {}
    """What is read out instead of title and text; the choices follow in any case."""
    prompt: str = ""
    """Name of the city's own recording, prompts/NAME.LANGUAGE.wav; choices are in it then. '' = the screen's id."""
    choices: tuple[Choice, ...] = ()
    fields: tuple[Field, ...] = ()
    submit: Words = {}
    """The form's button."""
    then: str = ""
    """The screen after the form was sent."""
    on_submit: tuple[Do, ...] = ()
    """What happens when the form was sent, before ``then`` is shown."""
    on_show: tuple[Do, ...] = ()
    """What happens when the screen is reached (not when it is shown again by back)."""
    contact: str = ""
    """A contact's id: tap to call, tap to save."""
    place: str = ""
    """A place's id: map and address."""
    links: tuple[Link, ...] = ()
    paid: bool = False
    """Something here costs money: ``fee`` must say how much, before anything else."""
    fee: Words = {}
    """What it costs; said first and shown on top."""
    search: bool = False
    """The consultation database can be searched here."""
    minutes: Annotated[int, Meta(ge=0, le=120)] = 0
    """A form must be sent within so long (the page warns and can extend it); 0 = as long as the visit lives."""


class Contact(Table, frozen=True, kw_only=True):
    """A department's telephone."""

    name: Words
    phone: Annotated[str, Meta(pattern=r"^[0-9][0-9-]{2,14}$")]
    hours: Words = {}
    """When somebody answers, in words."""
    place: str = ""
    """Where it is: a place's id."""


class Place(Table, frozen=True, kw_only=True):
    """Where to go. The map is drawn by us from ``streets``; positions in it are metres east and north of the place."""

    name: Words
    address: Words
    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    """WGS 84, for the link to map apps."""
    note: Words = {}
    """Bus lines, entrance, parking."""
    streets: tuple[Street, ...] = ()
    landmarks: tuple[Landmark, ...] = ()


class Street(Table, frozen=True, kw_only=True):
    """A street on the drawn map."""

    name: Words
    points: tuple[tuple[float, float], ...]
    wide: bool = False


class Landmark(Table, frozen=True, kw_only=True):
    """Something that people know, on the drawn map."""

    name: Words
    at: tuple[float, float]


class Text(Table, frozen=True, kw_only=True):
    """A text message. ``{centre}``, ``{link}``, ``{phone}`` and the fields of the form just sent are filled in."""

    text: Words


class Schedule(Table, frozen=True, kw_only=True):
    """When something is open; closed on the menu's holidays unless it says otherwise."""

    hours: Annotated[tuple[Hours, ...], Meta(min_length=1)]
    on_holidays: bool = False
    name: Words = {}
    """In words for the caller: '평일 9시부터 18시까지'."""


class Holiday(Table, frozen=True, kw_only=True):
    """A day on which schedules are closed."""

    date: dt.date
    name: Words


class Start(Table, frozen=True, kw_only=True):
    """Where a visit begins: the first one whose schedule is open."""

    screen: str
    when: str = ""
    """A schedule's id, '' = always."""


class Wait(Table, frozen=True, kw_only=True):
    """While no agent is free."""

    callback: bool = True
    """Offer to call back."""
    callback_after_s: Annotated[int, Meta(ge=0, le=600)] = 30
    """Offered by the voice after so long; the guideline wants it for waits beyond 30 s."""
    announce_s: Annotated[int, Meta(ge=10, le=600)] = 45
    """The voice tells the place in the queue so often."""


class Menu(Table, frozen=True, kw_only=True):
    """A whole menu. Sections that other parts of it name are dictionaries by id."""

    id: Id
    title: Words
    """The call centre's name, on top of every page."""
    phone: Annotated[str, Meta(pattern=r"^[0-9][0-9-]{2,14}$")]
    """The number to dial for a person, shown where all else fails."""
    start: Annotated[tuple[Start, ...], Meta(min_length=1)]
    languages: tuple[Language, ...] = ("ko", "en")
    queue: str = ""
    """Agents whom 0 reaches, '' = all."""
    agents: str = ""
    """The schedule in which agents answer, '' = always."""
    screens: dict[str, Screen]
    schedules: dict[str, Schedule] = {}
    holidays: tuple[Holiday, ...] = ()
    contacts: dict[str, Contact] = {}
    places: dict[str, Place] = {}
    messages: dict[str, Text] = {}
    """'link' is the one that brings the link."""
    wait: Wait = Wait()
    satisfaction: str = ""
    """A screen asked for at the end of a talk, '' = none."""
    pushable: tuple[str, ...] = ()
    """Screens that agents may put into the caller's hand, as offered on the desk."""
    no_input_s: Annotated[float, Meta(ge=2, le=60)] = 8.0
    """Silence after a prompt until it is said again."""
    tries: Annotated[int, Meta(ge=1, le=9)] = 3
    """After so many silences or wrong keys in a row a person is called."""
    version: str = ""
    """First twelve digits of the file's SHA-256; filled in by the loader, never written by hand."""


def said(words: Words, language: Language) -> str:
    """The words in that language, or in the next best one."""
    return words.get(language) or words.get("en" if language != "ko" else "ko") or words.get("ko", "")


def is_open(menu: Menu, schedule: str, now: dt.datetime) -> bool:
    """Whether a schedule is open at ``now`` (local time, with or without a zone); '' is always open."""
    if not schedule:
        return True
    table = menu.schedules[schedule]
    if not table.on_holidays and any(holiday.date == now.date() for holiday in menu.holidays):
        return False
    return any(hours.include(now) for hours in table.hours)


def offered(menu: Menu, screen: Screen, now: dt.datetime) -> tuple[Choice, ...]:
    """The choices of a screen that are there now."""
    return tuple(
        choice
        for choice in screen.choices
        if (not choice.when or is_open(menu, choice.when, now))
        and (not choice.unless or not is_open(menu, choice.unless, now))
        and all(do.language in menu.languages for do in choice.do if isinstance(do, Speak))
    )
