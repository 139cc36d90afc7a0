"""The whole house as the wall shows it, drawn from events alone. Pure: no clock, no bus; times are the events' own, and
what the passing of time itself changes is asked with the moment (``late``).

Every event changes one row of a few; ``touched`` tells which, so that nobody compares three hundred agents to find
the one that moved. What is kept is bounded by the house: its agents, its running calls, its open contacts; alerts that
nobody has taken note of outlive their call, at most ``MOST_LEFT``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, get_args

from msgspec.structs import replace

from agent_assist.wall import call_row
from agent_assist.wall.difference import empty
from agent_assist.wall.rows import (
    AgentRow,
    AlertRow,
    CallRow,
    FiguresRow,
    IssueRow,
    Key,
    QueueRow,
    Row,
    Sections,
    WrittenRow,
    shown_number,
)
from core.events import (
    AgentStateChanged,
    AlarmCleared,
    AlarmRaised,
    AlertChanged,
    AlertKind,
    CallEnded,
    CallStarted,
    Event,
    Grade,
    IssueChanged,
    NoteSent,
    QualityChanged,
    QueueChanged,
    SoundCause,
    Speaker,
    TranscriptFinal,
    TranscriptPartial,
    WrittenChanged,
)

LONGEST: Final = 120
"""Characters of the last words: what a row shows."""
MOST_LEFT: Final = 50
"""Alerts of calls that are over, of which nobody has taken note; beyond it the oldest goes."""
_WORST: Final[tuple[Grade, ...]] = ("none", "poor", "fair", "good")
QUEUE: Final[Key] = ("house", "queue")
FIGURES: Final[Key] = ("house", "figures")
_ALERTS: Final = frozenset(get_args(AlertKind))
"""Of what was said; the others are of the telephone."""


class Picture:
    """See the module. ``sections`` are its rows, ``touched`` the keys of those that may have changed (``fresh``)."""

    def __init__(self) -> None:
        self.sections: Sections = empty()
        self.touched: set[Key] = set()
        self._sound: dict[str, dict[Speaker, tuple[Grade, tuple[SoundCause, ...]]]] = {}
        self._final_words: dict[str, tuple[str, Speaker]] = {}
        """What a partial that is taken back gives way to."""
        self._put(QUEUE, QueueRow())
        self._put(FIGURES, FiguresRow())

    def fresh(self) -> set[Key]:
        """Keys of what may have changed since this was asked last."""
        touched, self.touched = self.touched, set()
        return touched

    # Rows by kind.

    @property
    def agents(self) -> Mapping[str, AgentRow]:
        """By sign-in name."""
        return self.sections["agents"]  # type: ignore[return-value]

    @property
    def calls(self) -> Mapping[str, CallRow]:
        """By id."""
        return self.sections["calls"]  # type: ignore[return-value]

    @property
    def alerts(self) -> Mapping[str, AlertRow]:
        """By key: '<call> <alert>'."""
        return self.sections["alerts"]  # type: ignore[return-value]

    @property
    def written(self) -> Mapping[str, WrittenRow]:
        """By id."""
        return self.sections["written"]  # type: ignore[return-value]

    @property
    def issues(self) -> Mapping[str, IssueRow]:
        """By id."""
        return self.sections["issues"]  # type: ignore[return-value]

    @property
    def queue(self) -> QueueRow:
        """Who waits."""
        return self.sections["house"]["queue"]  # type: ignore[return-value]

    @property
    def figures(self) -> FiguresRow:
        """Today's."""
        return self.sections["house"]["figures"]  # type: ignore[return-value]

    # What no event tells.

    def people(self, agents: Mapping[str, AgentRow]) -> None:
        """Who works here, with name and team: accounts come and go. What events have told of them stays."""
        for agent_id in self.agents.keys() - agents.keys():
            self._drop(("agents", agent_id))
        for agent_id, told in agents.items():
            known = self.agents.get(agent_id)
            fixed = ("name", "team", "department", "queues", "present", "unseen")
            row = told if known is None else replace(known, **{name: getattr(told, name) for name in fixed})
            self._put(("agents", agent_id), row)

    def today(self, figures: FiguresRow) -> None:
        """How the day goes, as the statistics count it."""
        self._put(FIGURES, figures)

    def troubles(self, found: Mapping[str, AlertRow]) -> None:
        """What is wrong with the node now, by key; what was and is not named any more is over. One that goes on keeps
        the moment when it began and who takes care."""
        for key in [key for key, row in self.alerts.items() if not row.call and key not in found]:
            self._drop(("alerts", key))
        for key, row in found.items():
            known = self.alerts.get(key)
            self._put(("alerts", key), row if known is None else replace(known, kind=row.kind, detail=row.detail))

    def late(self, moment: datetime) -> None:
        """Which written contacts have become an alert by that moment, and which are none any more."""
        for contact_id, row in self.written.items():
            key: Key = ("alerts", f"{contact_id} text_late")
            if row.alert_at is None or row.alert_at > moment:
                self._drop(key)
                continue
            known = self.alerts.get(key[1])
            alert = AlertRow(
                kind="text_late", at=row.alert_at, call=contact_id, agent=row.agent, agent_name=row.agent_name
            )
            if known is not None:
                alert = replace(alert, taken_by=known.taken_by, taken_at=known.taken_at)
            self._put(key, alert)

    def care(self, key: str, name: str, at: datetime | None) -> bool:
        """A supervisor takes care of an alert, or no longer (``at`` None). False: there is no such alert any more.
        One of a call that is over goes when somebody has taken note."""
        row = self.alerts.get(key)
        if row is None:
            return False
        if row.over and at is not None:
            self._drop(("alerts", key))
        else:
            self._put(("alerts", key), replace(row, taken_by=name if at else "", taken_at=at))
        return True

    # Events.

    def take(self, event: Event) -> None:
        """Draw an event into it. One of a call that is not there (any more) changes nothing."""
        draw = _DRAWN.get(type(event))
        if draw is not None:
            draw(self, event)
        elif (row := self.calls.get(event.call_id)) is not None:
            self._put(("calls", event.call_id), call_row.after(row, event))

    def _agent_state(self, event: AgentStateChanged) -> None:
        row = self.agents.get(event.agent_id)
        if row is None:
            return
        busy = event.state in ("offered", "talking", "wrap_up")
        self._put(
            ("agents", event.agent_id),
            replace(
                row,
                state=event.state,
                since=event.since,
                call=event.busy_call,
                reason=event.reason,
                by=event.by,
                leaving=event.leaving,
                leaving_by=event.leaving_by,
                extension=event.extension,
                present=row.present or busy or event.state == "ready",
            ),
        )

    def _note(self, event: NoteSent) -> None:
        row = self.agents.get(event.agent_id)
        if row is not None:
            unseen = max(0, row.unseen - 1) if event.seen else row.unseen + 1
            self._put(("agents", event.agent_id), replace(row, unseen=unseen))

    def _started(self, event: CallStarted) -> None:
        party = event.caller
        number = "" if party.anonymous else shown_number(party.number)
        if event.call_id in self.calls:  # who calls is told later
            self._call(event, called=event.called, number=number, name=party.name)
        else:
            row = CallRow(
                started=event.at,
                since=event.at,
                called=event.called,
                way=event.way,
                number=number,
                name=party.name,
            )
            self._put(("calls", event.call_id), row)

    def _quality(self, event: QualityChanged) -> None:
        legs = self._sound.setdefault(event.call_id, {})
        legs[event.speaker] = event.grade, event.causes
        if event.final:
            del legs[event.speaker]
        grade, causes = min(legs.values(), key=lambda leg: _WORST.index(leg[0]), default=(None, ()))
        self._call(event, grade=grade, causes=causes)

    def _partial(self, event: TranscriptPartial) -> None:
        words, by = (event.text, event.speaker) if event.text else self._final_words.get(event.call_id, ("", "caller"))
        self._call(event, words=_end_of(words), words_by=by)

    def _final(self, event: TranscriptFinal) -> None:
        if event.call_id in self.calls and event.text:
            self._final_words[event.call_id] = event.text, event.speaker
            self._call(event, words=_end_of(event.text), words_by=event.speaker)

    def _alert(self, event: AlertChanged) -> None:
        key = f"{event.call_id} {event.alert_id}"
        call = self.calls.get(event.call_id) or self.written.get(event.call_id)
        if call is None:
            return
        if event.state in ("dismissed", "closed"):
            self._drop(("alerts", key))
        else:
            known = self.alerts.get(key)
            row = AlertRow(
                kind=event.kind,
                at=known.at if known else event.at,
                call=event.call_id,
                agent=call.agent,
                agent_name=call.agent_name,
                speaker=event.speaker,
                words=event.words,
                state=event.state,
                steps=event.steps,
                taken_by=known.taken_by if known else "",
                taken_at=known.taken_at if known else None,
            )
            self._put(("alerts", key), row)
        self._newest_alert(event)

    def _newest_alert(self, event: Event) -> None:
        open_ones = [row.kind for row in self.alerts.values() if row.call == event.call_id and row.kind in _ALERTS]
        self._call(event, alert=open_ones[-1] if open_ones else None)

    def _alarm(self, event: AlarmRaised | AlarmCleared) -> None:
        call = self.calls.get(event.call_id)
        if call is None:
            return
        key = f"{event.call_id} {event.code} {event.speaker or ''}"
        if isinstance(event, AlarmCleared):
            self._drop(("alerts", key))
        elif key not in self.alerts:
            row = AlertRow(
                kind=event.code,
                at=event.at,
                call=event.call_id,
                agent=call.agent,
                agent_name=call.agent_name,
                speaker=event.speaker,
            )
            self._put(("alerts", key), row)
        there = (row.kind for row in self.alerts.values() if row.call == event.call_id and row.kind not in _ALERTS)
        self._call(event, alarms=tuple(dict.fromkeys(there)))

    def _ended(self, event: CallEnded) -> None:
        self._drop(("calls", event.call_id))
        self._sound.pop(event.call_id, None)
        self._final_words.pop(event.call_id, None)
        self._over(event.call_id)

    def _over(self, contact_id: str) -> None:
        """Its alerts go, but for those of which nobody has taken note."""
        for key, row in list(self.alerts.items()):
            if row.call != contact_id:
                continue
            if row.kind in _ALERTS and not row.taken_by and row.state == "raised":
                self._put(("alerts", key), replace(row, over=True))
            else:
                self._drop(("alerts", key))
        left = [key for key, row in self.alerts.items() if row.over]
        for key in left[: max(0, len(left) - MOST_LEFT)]:
            self._drop(("alerts", key))

    def _written(self, event: WrittenChanged) -> None:
        now = event.written
        key: Key = ("written", now.contact_id)
        if now.state == "closed":
            self._drop(key)
            self._over(now.contact_id)
            return
        row = WrittenRow(
            opened=now.opened,
            state=now.state,
            channel=now.channel,
            number=shown_number(now.party.number),
            owed_since=now.owed_since,
            overdue_at=event.overdue_at,
            alert_at=event.alert_at,
            undelivered=now.undelivered,
            agent=now.agent_id,
            agent_name=now.agent_name,
            queue=now.queue,
            words=now.last_text[:LONGEST],
            topic=now.topic,
        )
        self._put(key, row)

    def _issue(self, event: IssueChanged) -> None:
        key: Key = ("issues", event.issue_id)
        if event.state == "over":
            self._drop(key)
            return
        row = IssueRow(
            terms=event.terms,
            since=event.since,
            district=event.district,
            calls=event.calls,
            usual=round(event.usual, 1),
            quotes=event.quotes,
            entry=event.entry_title,
            seen_by=event.by if event.state == "seen" else "",
        )
        self._put(key, row)

    def _queue(self, event: QueueChanged) -> None:
        row = QueueRow(waiting=event.waiting, longest_since=event.longest_since, expect_s=event.expect_s)
        self._put(QUEUE, row)

    # Rows.

    def _call(self, event: Event, **changed: Any) -> None:
        row = self.calls.get(event.call_id)
        if row is not None:
            self._put(("calls", event.call_id), replace(row, **changed))

    def _put(self, key: Key, row: Row) -> None:
        section, row_id = key
        if self.sections[section].get(row_id) != row:
            self.sections[section][row_id] = row
            self.touched.add(key)

    def _drop(self, key: Key) -> None:
        section, row_id = key
        if self.sections[section].pop(row_id, None) is not None:
            self.touched.add(key)


def _end_of(words: str) -> str:
    """The end of what was said: the newest words count."""
    return words if len(words) <= LONGEST else "…" + words[1 - LONGEST :]


_DRAWN: Final[Mapping[type[Event], Callable[[Picture, Any], None]]] = {
    AgentStateChanged: Picture._agent_state,
    AlarmCleared: Picture._alarm,
    AlarmRaised: Picture._alarm,
    AlertChanged: Picture._alert,
    CallEnded: Picture._ended,
    CallStarted: Picture._started,
    IssueChanged: Picture._issue,
    NoteSent: Picture._note,
    QualityChanged: Picture._quality,
    QueueChanged: Picture._queue,
    TranscriptFinal: Picture._final,
    TranscriptPartial: Picture._partial,
    WrittenChanged: Picture._written,
}
DRAWN: Final[frozenset[type[Event]]] = frozenset(_DRAWN) | call_row.DRAWN
"""Events that show on the wall; all others need not be read."""
