"""How forms are filled: whole from the page, field by field from the telephone's keys. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from ars import forms
from ars.effects import Hush, Refresh, Step, TryCode
from ars.model import CODE
from ars.moving import do_all, followed, go, missed, read, show
from ars.state import Sent, State, Stop, way_to, without
from core.events import ScreenCause

KEPT_FORMS: Final = 3
"""Forms filled in before the call that wait for it, the newest; of one form the last."""


def submitted(state: State, values: Mapping[str, str], now: dt.datetime) -> Step:
    """The page's form, whole. What is not accepted stays in the form, with the reasons beside it."""
    accepted, errors = forms.check_all(state.screen, values, now.date(), own=state.has_number)
    if errors:
        return replace(state, values=accepted, errors=errors, notice="check_form"), (Refresh(),)
    quiet = (Hush(),) if state.can_speak else ()
    after, effects = _done(replace(state, values=accepted), "touch", now)
    if after.number != state.number:
        after = replace(after, moved=now)
    return after, (*quiet, *effects)


def keyed(state: State, digit: str, now: dt.datetime) -> Step:
    """A key for the form's present field."""
    so_far = state.keyed + digit
    if forms.is_whole(state.screen.fields[state.field], so_far):
        return accepted(state, so_far, now)
    return replace(state, keyed=so_far, misses=0), (Refresh(),)


def accepted(state: State, digits: str, now: dt.datetime) -> Step:
    """The present field is complete; '' leaves it out."""
    field = state.screen.fields[state.field]
    value, error = forms.from_keys(field, digits, now.date(), own=state.has_number) if digits else ("", "")
    if error:
        return missed(replace(state, keyed=""), "no_match", now)
    after = replace(state, keyed="", misses=0, values=(*without(state.values, field.id), (field.id, value)))
    following = forms.keyed_after(state.screen, state.field)
    if following >= 0:
        after = replace(after, field=following)
        return after, (Refresh(), *read(after))
    return _done(after, "key", now)


def wants_figures(state: State) -> bool:
    """Whether 0 is a figure here: a number is being keyed."""
    return state.field >= 0 and state.screen.fields[state.field].kind in ("digits", "phone", "date")


def _done(state: State, cause: ScreenCause, now: dt.datetime) -> Step:
    stop, screen, values = state.here, state.screen, state.values
    if state.phase == "web" and not stop.id.startswith("@"):
        return _kept(state, Sent(stop, screen, values), cause)
    done = (Sent(stop, screen, values),)
    after = replace(state, notice="form_sent", misses=0, field=-1, keyed="")
    after, effects = do_all(after, screen.on_submit, values, cause, now)
    if after.number != state.number:
        return after, (*done, *effects)
    if any(isinstance(effect, TryCode) for effect in effects):
        again = replace(after, notice="", values=(), number=state.number + 1)
        return replace(again, field=forms.first_keyed(again.screen)), (*done, *effects)
    if screen.then:
        after, more = go(after, screen.then, cause, now)
    elif len(after.trail) > 1:
        after, more = show(after, after.trail[:-1], cause)
    else:
        after, more = show(after, after.trail, cause)
    return after, (*done, *followed(effects, more))


def _kept(state: State, form: Sent, cause: ScreenCause) -> Step:
    """Before the call nobody would get the form: it waits, and the page says how to call."""
    kept = (*(earlier for earlier in state.kept if earlier.stop.id != form.stop.id), form)
    waiting = replace(state, kept=kept[-KEPT_FORMS:], notice="form_kept", misses=0)
    return show(waiting, way_to(state.trail[:-1] or state.trail, Stop(id=CODE)), cause)
