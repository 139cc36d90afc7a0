"""What is told of a visit, as events and as text messages. Pure."""

from __future__ import annotations

import re
from typing import Final

from ars.model import said
from ars.state import Sent, State, Values
from core.events import FormSent, FormValue, RatingGiven, ScreenCause, ScreenShown, VisitChanged, VisitState, VisitWay

_NAMED: Final = re.compile(r"\{(\w+)\}")
_SCORES: Final = frozenset("12345")
LINK: Final = "link"
"""Name of the message that brings the link."""


def shown(state: State, cause: ScreenCause) -> ScreenShown:
    """The caller is on another screen."""
    titles = [said((stop.pushed or state.menu.screens[stop.id]).title, "ko") for stop in state.trail]
    return ScreenShown(
        visit_id=state.visit_id, screen=state.here.id, title=titles[-1], path=tuple(titles[:-1]), cause=cause
    )


def sent(visit_id: str, form: Sent) -> FormSent:
    """A form as the desk reads it: answers by their labels, secret fields without their value."""
    given = dict(form.values)
    values = []
    for field in form.screen.fields:
        value = "" if field.secret else given.get(field.id, "")
        label = next((said(o.label, "ko") for o in field.options if o.value == value), value)
        hidden = field.secret and bool(given.get(field.id))
        values.append(FormValue(field=field.id, label=said(field.label, "ko"), value=label, hidden=hidden))
    title = said(form.screen.title, "ko")
    return FormSent(visit_id=visit_id, screen=form.stop.id, title=title, values=tuple(values))


def rated(state: State, form: Sent) -> RatingGiven | None:
    """The score on the screen that asks how satisfied the caller was: its first field, when that is one of 1 .. 5."""
    if form.stop.id != state.menu.satisfaction or not form.screen.fields:
        return None
    score = dict(form.values).get(form.screen.fields[0].id, "")
    return RatingGiven(score=int(score), way="menu") if score in _SCORES else None


def changed(state: State, what: VisitState, way: VisitWay) -> VisitChanged:
    """Something became of the visit itself."""
    menu = f"{state.menu.id}@{state.menu.version}"
    return VisitChanged(visit_id=state.visit_id, state=what, way=way, menu=menu, language=state.language)


def brings_link(state: State, message: str) -> bool:
    """Whether the message has a place for the link of the page."""
    return "{link}" in _text_of(state, message)


def filled_in(state: State, message: str, values: Values, link: str) -> str:
    """The message's words. What a caller wrote is filled in as it is, braces and all."""
    centre = said(state.menu.title, state.language)
    known = {**dict(values), "centre": centre, "phone": state.menu.phone, "link": link}
    return _NAMED.sub(lambda named: known.get(named[1], named[0]), _text_of(state, message))


def _text_of(state: State, message: str) -> str:
    messages = state.menu.messages
    return said(messages[message].text, state.language) if message in messages else "{centre} {link}"
