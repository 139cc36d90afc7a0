"""What one desk is told, in order, with nothing doubled or missing: subscribe, history, then live.

No sockets here: a ``Feed`` is an async iterator of JSON messages, as described in ``desk.py``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import cast

import msgspec

from agent_assist.alert_sight import sees_alerts
from agent_assist.alerts.alert_states import OPEN
from agent_assist.desk_house import DeskHouse
from agent_assist.desk_messages import Hello, History
from agent_assist.written_sight import seen
from core.agent import Agent
from core.bus.contract import Overflow, Subscription
from core.events import (
    AgentStateChanged,
    AlertChanged,
    AnyEvent,
    Event,
    IssueChanged,
    NoteSent,
    QueueChanged,
    RecordsToConfirm,
    WrittenChanged,
    now,
    to_json,
)

LIMIT = 512
"""Events that may wait for a slow browser: about half a minute of lively talk. Beyond it the socket is closed."""

_encode = msgspec.json.Encoder().encode


class Watch:
    """Which events belong on one agent's desk: hers, the queue's, notes to her, how written contacts stand (the feed
    tells her of each what she may see), and those of the call that she is busy with. A supervisor's also has what the
    issue radar sees and the alerts of those whom she oversees (``agent_assist.alert_sight``).

    Asked by the bus for every event as it is published, so the call is followed from the very event that gives it to
    her: nothing of it can slip through between.
    """

    def __init__(
        self, agent_id: str, *, supervises: bool = False, sees_alerts_of: Callable[[str], bool] = lambda _contact: True
    ) -> None:
        """``sees_alerts_of``: of a contact, asked at a supervisor's desk alone."""
        self.agent_id = agent_id
        self.supervises = supervises
        self.call_id = ""
        self._sees_alerts_of = sees_alerts_of
        self._told: set[tuple[str, str]] = set()
        """Open alerts of others that she was told of: how they end is told too, whoever has the contact by then."""

    def __call__(self, event: Event) -> bool:
        """True if the desk must see it."""
        if isinstance(event, AgentStateChanged):
            if event.agent_id != self.agent_id:
                return False
            self.call_id = event.busy_call
            return True
        if isinstance(event, NoteSent | RecordsToConfirm):
            return event.agent_id == self.agent_id
        if isinstance(event, IssueChanged) and self.supervises:
            return True
        if isinstance(event, AlertChanged) and self.supervises and self._is_told(event):
            return True
        if isinstance(event, QueueChanged | WrittenChanged):
            return True
        return event.call_id != "" and event.call_id == self.call_id

    def _is_told(self, alert: AlertChanged) -> bool:
        key = alert.call_id, alert.alert_id
        told = key in self._told or self._sees_alerts_of(alert.call_id)
        if told and alert.state in OPEN:
            self._told.add(key)
        else:
            self._told.discard(key)
        return told


class Feed:
    """The messages for one browser. ``messages`` may be iterated once."""

    def __init__(self, house: DeskHouse, agent: Agent, *, call_id: str, after: int) -> None:
        """``call_id`` and ``after``: what the browser already has ('' and 0 if nothing)."""
        self._house = house
        self._agent = agent
        self._has = (call_id, after)
        self._call_id = ""
        self._last = 0
        self._subscription: Subscription | None = None

    @property
    def lagged(self) -> bool:
        """The browser was too slow and messages ended for that."""
        return self._subscription is not None and self._subscription.lagged

    def close(self) -> None:
        """The browser is gone: end ``messages``."""
        if self._subscription is not None:
            self._subscription.close()

    async def messages(self) -> AsyncIterator[bytes]:
        """Hello, history, then events until the bus closes or the browser lags."""
        watch = Watch(
            self._agent.id,
            supervises=self._agent.may("supervisor"),
            sees_alerts_of=lambda contact_id: sees_alerts(self._agent, self._house.holder(contact_id)),
        )
        async with self._house.bus.subscribe(
            name="desk", limit=LIMIT, overflow=Overflow.CLOSE, only=watch
        ) as subscription:
            self._subscription = subscription
            state = self._house.state_of(self._agent.id)
            watch.call_id = self._call_id = state.busy_call
            yield self._hello(state)
            if state.busy_call:
                yield await self._history(self._has[1] if self._has[0] == state.busy_call else 0)
            async for event in subscription:
                if isinstance(event, AgentStateChanged):
                    yield to_json(event)
                    if event.busy_call != self._call_id:
                        self._call_id = event.busy_call
                        if event.busy_call:
                            yield await self._history(0)
                elif isinstance(event, WrittenChanged):
                    yield to_json(seen(self._agent, event))
                elif self._is_new(event):
                    yield to_json(event)

    def _is_new(self, event: Event) -> bool:
        """Whether history has not told it already. Partials always pass: the next ones are complete by themselves."""
        if not event.LASTING:
            return True
        if event.call_id != self._call_id:
            return isinstance(event, AlertChanged)  # a supervisor's; the newest state counts, whatever came before it
        if event.seq <= self._last:
            return False
        self._last = event.seq
        return True

    def _hello(self, state: AgentStateChanged) -> bytes:
        return _encode(
            Hello(
                agent=self._agent,
                centre=self._house.centre,
                wrap_up_s=self._house.wrap_up_s,
                now=now(),
                state=state,
                queue=self._house.queue(),
                hot_desk=self._house.hot_desk,
                languages=self._house.languages(),
                away_reasons=self._house.away_reasons,
                recording=self._house.recording_rule,
                notes=self._house.notes(self._agent.id),
            )
        )

    async def _history(self, after: int) -> bytes:
        events = await self._house.history(self._call_id, after)
        self._last = max((event.seq for event in events), default=after)
        return _encode(History(call_id=self._call_id, after=after, events=cast("list[AnyEvent]", events)))
