"""One contact's facts, from its events alone: what it adds to which figure.

What a figure means stands in ``measures`` and docs/statistics.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

import msgspec

from core.events import Event
from core.store.statistics import MOST_MS, MOST_WORDS, ContactFacts, day_number
from records.statistics.tally import NOT_SENT, SPOKEN, Tally

_NO_CONTACT: Final = frozenset({"merged", "spam"})
_SATISFIED: Final = 4


def no_words(_text: str) -> Sequence[str]:
    """Where nobody knows Korean."""
    return ()


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What facts depend on besides the events. Whoever changes one recomputes (``minwon statistics recompute``)."""

    zone: tzinfo
    """Of the city: days and hours begin in it."""
    target_s: float
    """A call is answered in time within so many seconds."""
    written_target_s: float
    """A written contact is."""
    short_s: float
    """Who hangs up within so many seconds of waiting has not waited: a slip, a wrong number."""
    key: Callable[[str], str]
    """Telephone number to person key."""
    words: Callable[[str], Sequence[str]] = no_words
    """What a text is about: bare words, the most telling first."""


def facts(tally: Tally, rules: Rules) -> ContactFacts:
    """As far as it has gone. ``again`` is not known here: it takes other contacts."""
    started = (tally.started or tally.first or datetime.fromtimestamp(0, UTC)).astimezone(UTC)
    day, slot = local(started, rules.zone)
    department, category, district = _about(tally)
    person = rules.key(tally.number) if tally.number else ""
    answered = _answered(tally)
    handled = answered
    reached = tally.callback and answered
    counts = _outcome(tally, rules, answered)
    settled = handled and bool(person and category)
    suggested = handled and bool(tally.cards)
    texts = sum(state not in NOT_SENT for state in tally.texts.values())
    return ContactFacts(
        contact_id=tally.contact_id,
        started=started,
        day=day,
        slot=slot,
        person=person,
        words=tuple(dict.fromkeys(rules.words(_text(tally))))[:MOST_WORDS],
        channel=tally.channel,
        queue=tally.queue,
        language=tally.language or "ko",
        department=department,
        category=category,
        district=district,
        agent=tally.agent,
        menus=int(tally.menu and not tally.callback),
        pages=int(tally.page and not tally.callback),
        handled=int(handled),
        talk_ms=_ms(tally.writing if tally.channel != "call" else tally.talk) if handled else 0,
        hold_ms=_ms(tally.hold) if handled else 0,
        wrap_ms=_ms(timedelta(seconds=tally.wrap_s)) if handled else 0,
        held=int(handled and tally.holds > 0),
        transfers=len(tally.transfers),
        transferred=int(bool(tally.transfers)),
        missed=tally.missed,
        texts=texts,
        texted=int(texts > 0),
        texts_failed=sum(state == "failed" for state in tally.texts.values()),
        suggested=int(suggested),
        used=int(suggested and any(card in tally.cards for card in tally.used)),
        rated=int(tally.rating > 0),
        rating_sum=tally.rating,
        satisfied=int(tally.rating >= _SATISFIED),
        recorded=int(handled and tally.kept is not None),
        unasked=int(handled and tally.kept is not None and tally.kept.unasked),
        callbacks=int(tally.booked),
        calls_back=int(tally.callback),
        reached=int(reached),
        alerts=int(any(state != "dismissed" for state in tally.alerts.values())),
        settled=int(settled),
        **counts,
    )


def _answered(tally: Tally) -> bool:
    """Of a call that we only listen to, the exchange may not have told who answered."""
    return tally.joined is not None or (tally.observed and tally.talk_s > 0)


def _outcome(tally: Tally, rules: Rules, answered: bool) -> dict[str, int]:
    """Which of the ways a contact can go; each counts once. Nothing of a callback: the citizen came before."""
    if tally.callback or (tally.channel != "call" and tally.end in _NO_CONTACT):
        return {}
    if answered:
        return {"contacts": 1, "offered": 1, "answered": 1, **_wait(tally, rules)}
    if tally.department_joined:
        return {"contacts": 1, "forwarded": 1}
    if tally.end == "no_answer_needed" or tally.entered is None:
        served = tally.served or len(tally.screens) > 1
        return {"contacts": 1, "contained" if served else "dropped": 1}
    if not tally.over:
        return {"contacts": 1, "offered": 1}
    return {"contacts": 1, "offered": 1, **_given_up(tally, rules)}


def _wait(tally: Tally, rules: Rules) -> dict[str, int]:
    """Of an answered one. Where the exchange has the queue, nobody here knows how long it was."""
    if tally.observed or tally.entered is None or tally.joined is None:
        return {}
    wait = _ms(tally.joined - tally.entered)
    in_time = wait <= 1000 * _target_s(tally, rules)
    return {"waited": 1, "wait_ms": wait, "level_base": 1, "level_in": int(in_time)}


def _given_up(tally: Tally, rules: Rules) -> dict[str, int]:
    """Of one that nobody answered."""
    assert tally.entered is not None
    waited = _ms((tally.decided or tally.entered) - tally.entered)
    if tally.booked:
        return {"booked": 1}
    if tally.end != "caller_hung_up":
        return {"unserved": 1, "level_base": 1}
    if waited <= 1000 * rules.short_s:
        return {"short_abandoned": 1}
    return {"abandoned": 1, "abandon_ms": waited, "level_base": 1}


def _target_s(tally: Tally, rules: Rules) -> float:
    return rules.target_s if tally.channel == "call" else rules.written_target_s


def _about(tally: Tally) -> tuple[str, str, str]:
    """Department, category, district."""
    if (kept := tally.kept) is not None:
        return kept.department, kept.category, kept.district
    draft = tally.drafted.draft if tally.drafted is not None else None
    cards = [*(draft.cards if draft is not None else ()), *reversed(tally.used)]
    category, department = next((tally.cards[card] for card in cards if card in tally.cards), ("", ""))
    return department, (draft.category if draft is not None else "") or category, ""


def _text(tally: Tally) -> str:
    """What the person wanted."""
    if tally.drafted is not None and tally.drafted.draft.need:
        return tally.drafted.draft.need
    return " ".join(tally.said)[:SPOKEN]


def facts_of(events: Iterable[Event], rules: Rules) -> ContactFacts | None:
    """Facts of a whole line, None when the contact is not over, or began somewhere else."""
    tally = Tally()
    for event in events:
        tally.take(event)
    return facts(tally, rules) if tally.over else None


def local(moment: datetime, zone: tzinfo) -> tuple[int, int]:
    """The local day, 20261127, and the slot: twice the hour, and one more in an hour that comes a second time."""
    there = moment.astimezone(zone)
    return day_number(there), 2 * there.hour + there.fold


def _ms(time: timedelta) -> int:
    """Whole milliseconds, none below zero: a clock that was set back took no time away."""
    return min(MOST_MS, max(0, round(time.total_seconds() * 1000)))
