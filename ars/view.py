"""What a visit shows just now, ready for whoever draws it: the caller's page, the desk's preview, a test. Pure.

Words are chosen here, so a template has nothing to decide. Whatever came from people (form values, cards) is plain
text; escaping is the template's.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Final

import msgspec

from ars.model import (
    BOOKED,
    CAPTIONS,
    CODE,
    JOIN,
    LANGUAGES,
    WAIT,
    Contact,
    Field,
    FieldKind,
    Language,
    Menu,
    offered,
    said,
)
from ars.state import Phase, State
from ars.way import dialled, keys_to
from ars.words import say

NAMES: Final[dict[Language, str]] = {
    "ko": "한국어",
    "en": "English",
    "zh": "中文",
    "ja": "日本語",
    "vi": "Tiếng Việt",
    "mn": "Монгол",
}
"""Each language in its own words, in the order of ``LANGUAGES``."""

_MISSING: Final[dict[FieldKind, str]] = {"choice": "choice", "yes_no": "choice", "consent": "consent"}
"""What is said when nothing was chosen: nobody writes into these."""


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What the screen needs to know of the call around it; changes without moving the caller."""

    position: int = 0
    """Place in the queue, 1 = next; 0 = nobody knows."""
    expect_s: float = 0.0
    """How long it will take; 0 = nobody can say."""
    agent: str = ""
    """Who talks with the caller, as callers may hear it."""
    code: str = ""
    """Six digits that bring the page to a call; '' when there is a call."""
    ends: dt.datetime | None = None
    """When page or form is over, if that is near enough to be told."""
    contact: str = ""
    """The department that is being called, '' if none."""


class ChoiceView(msgspec.Struct, frozen=True, kw_only=True):
    """A big button."""

    choice: str
    """What its tap sends: its key."""
    label: str
    hint: str = ""
    icon: str = ""


class OptionView(msgspec.Struct, frozen=True, kw_only=True):
    """One answer of a choice field."""

    value: str
    label: str
    chosen: bool = False


class FieldView(msgspec.Struct, frozen=True, kw_only=True):
    """A field of the form."""

    id: str
    kind: FieldKind
    label: str
    hint: str = ""
    value: str = ""
    """As filled in so far; of a secret field only dots."""
    error: str = ""
    """Why it was not accepted, in words."""
    required: bool = True
    own_number: bool = False
    """Left empty it means the number that calls, which we know."""
    longest: int = 200
    secret: bool = False
    options: tuple[OptionView, ...] = ()
    keyed_now: bool = False
    """The next keys on the telephone fill this field."""


class ContactView(msgspec.Struct, frozen=True, kw_only=True):
    """A telephone number to tap."""

    id: str
    name: str
    phone: str
    hours: str = ""


class PlaceView(msgspec.Struct, frozen=True, kw_only=True):
    """A place to go to."""

    id: str
    name: str
    address: str
    note: str
    latitude: float
    longitude: float


class LinkView(msgspec.Struct, frozen=True, kw_only=True):
    """A page elsewhere."""

    label: str
    url: str


class View(msgspec.Struct, frozen=True, kw_only=True):
    """One screen in one language."""

    number: int
    """Of the screen: a tap sends it back."""
    id: str
    title: str
    language: Language
    phase: Phase
    centre: str
    centre_phone: str
    paragraphs: tuple[str, ...] = ()
    fee: str = ""
    notice: str = ""
    """What just happened, in words."""
    choices: tuple[ChoiceView, ...] = ()
    fields: tuple[FieldView, ...] = ()
    submit: str = ""
    minutes: int = 0
    contact: ContactView | None = None
    place: PlaceView | None = None
    links: tuple[LinkView, ...] = ()
    search: bool = False
    captions: bool = False
    """This screen is the captioned call."""
    waiting: bool = False
    """This screen tells the place in the queue."""
    code: str = ""
    """Six digits to key in on the telephone, in two groups: '041 387'."""
    dial: str = ""
    """The centre's number as a ``tel:`` link that keys the code in by itself; '' where there is no code."""
    can_back: bool = False
    languages: tuple[tuple[Language, str], ...] = ()
    """To switch to, each with its own name."""


class StatusView(msgspec.Struct, frozen=True, kw_only=True):
    """The line on top: what is going on with the call. Changes by itself, without moving the screen."""

    phase: Phase
    text: str
    position: int = 0
    minutes: int = 0
    """Expected wait, rounded up; 0 = nobody can say."""
    ends: dt.datetime | None = None


def view(state: State, around: Around, now: dt.datetime) -> View:
    """The screen that the visit is on."""
    menu, screen, language = state.menu, state.screen, state.language
    return View(
        number=state.number,
        id=state.here.id,
        title=said(screen.title, language),
        language=language,
        phase=state.phase,
        centre=said(menu.title, language),
        centre_phone=menu.phone,
        paragraphs=_paragraphs(said(screen.text, language)),
        fee=said(screen.fee, language),
        notice=said(state.said, language) or (say(language, f"notice.{state.notice}") if state.notice else ""),
        choices=tuple(
            ChoiceView(
                choice=choice.digit,
                label=said(choice.label, language),
                hint=said(choice.hint, language),
                icon=choice.icon,
            )
            for choice in offered(menu, screen, now)
        ),
        fields=tuple(_field(state, place, field) for place, field in enumerate(screen.fields)),
        submit=said(screen.submit, language) or (say(language, "button.send") if screen.fields else ""),
        minutes=screen.minutes,
        contact=_contact(state),
        place=place_view(menu, screen.place, language) if screen.place else None,
        links=tuple(LinkView(label=said(link.label, language), url=link.url) for link in screen.links),
        search=screen.search,
        captions=state.here.id == CAPTIONS,
        waiting=state.here.id in (WAIT, BOOKED),
        code=f"{around.code[:3]} {around.code[3:]}" if state.here.id == CODE and around.code else "",
        dial=_dial(state, around, now),
        can_back=len(state.trail) > 1,
        languages=tuple((code, NAMES[code]) for code in LANGUAGES if code in menu.languages),
    )


def status(state: State, around: Around) -> StatusView:
    """The line on top."""
    minutes = whole_minutes(around.expect_s)
    key = _status_key(state, around, minutes)
    text = say(
        state.language,
        f"status.{key}",
        position=around.position,
        minutes=minutes,
        agent=around.agent,
        contact=around.contact,
    )
    return StatusView(phase=state.phase, text=text, position=around.position, minutes=minutes, ends=around.ends)


def whole_minutes(seconds: float) -> int:
    """As a wait is told: rounded up, 0 = nobody can say."""
    return math.ceil(seconds / 60) if seconds > 0 else 0


def _status_key(state: State, around: Around, minutes: int) -> str:
    """Which sentence says what is going on, as far as it is known."""
    match state.phase:
        case "queued" if state.here.id == BOOKED:
            return "booked"
        case "queued" if around.contact:
            return "contact"
        case "queued" if around.position:
            return "queued" if minutes else "queued_position"
        case "queued":
            return "queued_unknown"
        case "talking" if not around.agent:
            return "talking_unnamed"
        case phase:
            return phase


def contact_view(menu: Menu, contact_id: str, language: Language) -> ContactView:
    """A contact in one language."""
    return _as_view(contact_id, menu.contacts[contact_id], language)


def place_view(menu: Menu, place_id: str, language: Language) -> PlaceView:
    """A place in one language."""
    place = menu.places[place_id]
    return PlaceView(
        id=place_id,
        name=said(place.name, language),
        address=said(place.address, language),
        note=said(place.note, language),
        latitude=place.latitude,
        longitude=place.longitude,
    )


def _contact(state: State) -> ContactView | None:
    if state.here.contact is not None:
        return _as_view(state.here.id, state.here.contact, state.language)
    named = state.screen.contact
    return contact_view(state.menu, named, state.language) if named else None


def _as_view(contact_id: str, contact: Contact, language: Language) -> ContactView:
    name, hours = said(contact.name, language), said(contact.hours, language)
    return ContactView(id=contact_id, name=name, phone=contact.phone, hours=hours)


def _dial(state: State, around: Around, now: dt.datetime) -> str:
    if state.here.id != CODE or not around.code:
        return ""
    keys = keys_to(state.menu, JOIN, now)
    return dialled(state.menu.phone, f"{keys},{around.code}") if keys else ""


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("\n\n") if part.strip())


def _field(state: State, place: int, field: Field) -> FieldView:
    language = state.language
    value = dict(state.values).get(field.id, "")
    now_keyed = place == state.field
    if now_keyed and state.keyed:
        value = state.keyed
    error = dict(state.errors).get(field.id, "")
    if error == "required":
        error = _MISSING.get(field.kind, error)
    return FieldView(
        id=field.id,
        kind=field.kind,
        label=said(field.label, language),
        hint=said(field.hint, language),
        value="•" * len(value) if field.secret else value,
        error=say(language, f"error.{error}", shortest=field.shortest, longest=field.longest) if error else "",
        required=field.required and not (field.own_number and state.has_number),
        own_number=field.own_number and state.has_number,
        longest=field.longest,
        secret=field.secret,
        options=tuple(
            OptionView(value=option.value, label=said(option.label, language), chosen=option.value == value)
            for option in field.options
        ),
        keyed_now=now_keyed and state.can_speak,
    )
