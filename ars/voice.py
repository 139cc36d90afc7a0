"""The voice twin: what the caller hears on a screen. Pure; the same menu and the same words as the page.

A speech is a list of pieces, each of which ``ars.prompts`` finds among the city's recordings or has spoken once: so the
choices of a screen, the hours and the notices are rendered once and not for every combination of them.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

import msgspec

from ars import forms
from ars.model import JOIN, KEYED, WAIT, Field, Language, Words, offered, said
from ars.state import State, Stop
from ars.view import Around, whole_minutes
from ars.way import keys_to
from ars.words import say

GOODBYE: Final = "goodbye"
"""The notice that ends a call."""


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence or two that are always said together."""

    text: str
    language: Language
    name: str = ""
    """The city's recording for it, if there is one: NAME.LANGUAGE.wav."""


Speech = tuple[Piece, ...]
HOW_TO_JOIN = "how_to_join"
"""The notice for a caller who gets no link. It is said after the screen, for most want the menu and no page."""


def speech(state: State, around: Around, now: dt.datetime, *, notice: str = "", words: Words | None = None) -> Speech:
    """All that is said on reaching the screen, or on hearing it again."""
    if notice == HOW_TO_JOIN:
        return (*speech(state, around, now, words=words), *_how_to_join(state, now))
    language = state.language
    pieces = [_piece(said(words, language), language)] if words else []
    if notice and not words:
        pieces.append(_piece(say(language, f"notice.{notice}"), language))
    if notice == GOODBYE:  # the call ends with it, so nothing is offered any more
        return tuple(pieces)
    screen = state.screen
    if state.here.id == WAIT and around.position:
        return (*pieces, *place_in_queue(state, around))
    if state.field > _first_keyed(state):  # in the middle of a form: only what is wanted next
        return (*pieces, *_ask(state, screen.fields[state.field]))
    if fee := said(screen.fee, language):
        pieces.append(_piece(fee, language))
    body = said(screen.say, language) or " ".join(
        (_sentence(said(screen.title, language)), said(screen.text, language))
    )
    pieces.append(Piece(text=_spoken(body), language=language, name=screen.prompt or state.here.id))
    if state.field >= 0:
        return (*pieces, *_ask(state, screen.fields[state.field]))
    if screen.fields:
        pieces.append(_piece(say(language, "voice.form_by_page" if _by_page_only(state) else "voice.keys"), language))
        return tuple(pieces)
    if screen.contact:
        contact = state.menu.contacts[screen.contact]
        pieces.append(
            _piece(
                say(language, "voice.contact", name=said(contact.name, language), phone=digits(contact.phone)), language
            )
        )
    pieces += [
        _piece(say(language, "voice.choice", label=said(choice.label, language), digit=choice.digit), language)
        for choice in offered(state.menu, screen, now)
    ]
    if state.phase == "menu":
        pieces.append(_piece(say(language, "voice.keys"), language))
    return tuple(pieces)


def place_in_queue(state: State, around: Around) -> Speech:
    """The place, and how long it will take, for one who waits."""
    language = state.language
    minutes = whole_minutes(around.expect_s)
    key = "voice.position" if minutes else "voice.position_unknown"
    return (_piece(say(language, key, position=around.position, minutes=minutes), language),)


def callback_offer(state: State) -> Speech:
    """For one who has waited for a while: be called instead."""
    return (_piece(say(state.language, "voice.callback_offer"), state.language),)


def all_pieces(state: State, now: dt.datetime) -> tuple[Piece, ...]:
    """What is said on every screen of the menu in the state's language, to be rendered ahead."""
    found: dict[Piece, None] = {}
    for screen_id, screen in state.menu.screens.items():
        there = msgspec.structs.replace(state, trail=(Stop(id=screen_id),), field=-1)
        found |= dict.fromkeys(speech(there, Around(), now))
        for field in screen.fields:
            if field.kind in KEYED:
                found |= dict.fromkeys(_ask(there, field))
    return tuple(found) + callback_offer(state)


def digits(phone: str) -> str:
    """A telephone number as it is read out, figure by figure: '070 0055 1100' said in groups."""
    return ", ".join(" ".join(group) for group in phone.split("-"))


def _how_to_join(state: State, now: dt.datetime) -> Speech:
    keys = keys_to(state.menu, JOIN, now)
    return (_piece(say(state.language, "voice.how_to_join", keys=", ".join(keys)), state.language),) if keys else ()


def _ask(state: State, field: Field) -> Speech:
    language = state.language
    pieces = [_piece(_sentence(said(field.label, language)), language)]
    match field.kind:
        case "choice":
            pieces += [
                _piece(say(language, "voice.choice", label=said(option.label, language), digit=place), language)
                for place, option in enumerate(field.options, 1)
            ]
        case "digits":
            key = "voice.digits" if field.shortest == field.longest else "voice.digits_up_to"
            pieces.append(_piece(say(language, key, count=field.longest), language))
        case "phone" if field.own_number and state.has_number:
            pieces.append(_piece(say(language, "voice.own_phone"), language))
        case kind:
            pieces.append(_piece(say(language, f"voice.{kind}"), language))
    if forms.may_be_silent(field):
        pieces.append(_piece(say(language, "voice.optional"), language))
    return tuple(pieces)


def _first_keyed(state: State) -> int:
    """The first field that keys fill, -1 if none does."""
    return next((place for place, field in enumerate(state.screen.fields) if field.kind in KEYED), -1)


def _by_page_only(state: State) -> bool:
    return any(field.required and field.kind not in KEYED for field in state.screen.fields)


def _piece(text: str, language: Language) -> Piece:
    return Piece(text=_spoken(text), language=language)


def _sentence(text: str) -> str:
    """With a full stop, where it does not end already."""
    return text if text.endswith((".", "?", "!", "。", "？", "！")) else f"{text}."


def _spoken(text: str) -> str:
    """For the ear: blanks and line ends are one blank, a middle dot is a pause."""
    return " ".join(text.replace("·", ", ").split())
