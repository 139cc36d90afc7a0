"""Who of the agents is free: rules only, no clock and no waiting.

Each agent stands in one state; the table below is the only thing that moves her. The dispatcher asks for the agent
who has been ready longest and tells what came of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal

import msgspec

from core.config import AgentConfig
from core.errors import IllegalStep, Refused
from core.events import AgentState, AgentStateChanged

AgentEvent = Literal[
    "go_ready",
    "go_away",
    "go_wrap_up",
    "offer",
    "join",
    "miss",
    "withdraw",
    "release",
    "rest_over",
    "pass_on",
    "recall",
]

# state x event -> state. What is missing is illegal: a wish of the agent is refused with words, anything else is a bug.
STEPS: dict[tuple[AgentState, AgentEvent], AgentState] = {
    ("away", "go_ready"): "ready",
    ("away", "go_away"): "away",
    ("away", "join"): "talking",  # adopted after a restart: she talks, whatever we thought of her
    ("ready", "go_ready"): "ready",
    ("ready", "go_away"): "away",
    ("ready", "go_wrap_up"): "wrap_up",  # there is still something to write
    ("ready", "offer"): "offered",
    ("ready", "join"): "talking",
    ("offered", "offer"): "offered",  # a callback, whose call is there now
    ("offered", "join"): "talking",
    ("offered", "miss"): "away",
    ("offered", "withdraw"): "ready",
    ("talking", "join"): "talking",  # in a call that we only listen to, and a newer one begins
    ("wrap_up", "join"): "talking",  # the exchange gives her the next without asking us
    ("talking", "release"): "wrap_up",
    ("talking", "pass_on"): "wrap_up",  # her phone is free, and her caller may still come back to her
    ("wrap_up", "recall"): "offered",  # nobody answered: her phone rings for the caller whom she passed on
    ("ready", "recall"): "offered",
    ("wrap_up", "go_ready"): "ready",
    ("wrap_up", "go_away"): "away",
    ("wrap_up", "go_wrap_up"): "wrap_up",  # more time
    ("wrap_up", "rest_over"): "ready",
}

IDLE: frozenset[AgentState] = frozenset({"away", "ready"})
_WISHES: dict[AgentState, AgentEvent] = {"ready": "go_ready", "away": "go_away", "wrap_up": "go_wrap_up"}


class Agent(msgspec.Struct, kw_only=True):
    """One agent as she stands now. The roster alone changes her state; the dispatcher notes what is to come of her."""

    id: str
    name: str
    extension: str
    uri: str
    queues: tuple[str, ...]
    """Queues that she serves, empty = all."""
    state: AgentState
    since: datetime
    call_id: str = ""
    reason: str = ""
    by: str = ""
    """The supervisor who brought her there, '' = nobody."""
    auto_answer: bool = False
    """Her phone answers by itself."""
    leaving: str = ""
    """Why she is away once her call and its wrap-up are over, '' = she will be ready."""
    leaving_by: str = ""
    """The supervisor who wants that, and may take it back; '' = her account, her telephone, her own sign-out."""
    retired: bool = False
    """Her account is disabled: she gets no more calls; the one that she has goes on."""

    def serves(self, queue: str) -> bool:
        """Whether calls of that queue are for her; '' is the queue of everybody."""
        return not self.retired and (not queue or not self.queues or queue in self.queues)


class Roster:
    """All agents of this house, in the order in which they came."""

    def __init__(self, agents: Iterable[AgentConfig], at: datetime) -> None:
        self._agents = {agent.id: _of(agent, at) for agent in agents}

    def __iter__(self) -> Iterator[Agent]:
        return iter(self._agents.values())

    def agent(self, agent_id: str) -> Agent:
        """Her record. ``Refused`` if nobody has that id."""
        try:
            return self._agents[agent_id]
        except KeyError:
            raise Refused(f"no agent '{agent_id}' is configured", code="unknown_agent") from None

    def longest_ready(self, queue: str = "") -> Agent | None:
        """Who has waited longest for a call of that queue and has a phone, or None."""
        ready = [a for a in self._agents.values() if a.state == "ready" and a.uri and a.serves(queue)]
        return min(ready, key=lambda a: a.since, default=None)

    def anyone_busy(self, queue: str = "") -> bool:
        """Whether somebody of that queue will become free without having to come back first."""
        return any(a.state not in IDLE and a.uri and a.serves(queue) for a in self._agents.values())

    def on_duty(self, queue: str = "") -> int:
        """How many answer calls of that queue, now or after the one they have."""
        return sum(a.state != "away" and bool(a.uri) and a.serves(queue) for a in self._agents.values())

    def step(
        self, agent_id: str, event: AgentEvent, at: datetime, *, call_id: str = "", reason: str = "", by: str = ""
    ) -> AgentStateChanged:
        """Move her; ``by``: the supervisor who does. ``IllegalStep``, and nothing changed, where there is no step."""
        agent = self.agent(agent_id)
        target = STEPS.get((agent.state, event))
        if target is None:
            raise IllegalStep("agent", agent.state, event)
        another_break = target == "away" and reason != agent.reason
        if target != agent.state or event == "go_wrap_up" or another_break:
            agent.since = at
        agent.state = target
        agent.call_id = call_id if target not in IDLE else ""
        agent.reason = reason
        agent.by = by
        return self.seen(agent_id)

    def wish(
        self, agent_id: str, state: AgentState, at: datetime, *, reason: str = "", by: str = ""
    ) -> AgentStateChanged:
        """The agent, or a supervisor for her (``by``), asks to be ready, away or to have (more) wrap-up time.
        ``Refused`` while a call needs her, or from a state that does not lead there."""
        event = _WISHES.get(state)
        if self.agent(agent_id).retired:
            raise Refused("this account is disabled", code="account_disabled")
        now = self.agent(agent_id).state
        if event is None or (now in ("offered", "talking") and (now, event) not in STEPS):
            raise Refused("possible once the call is over", code="busy_with_call")
        if (now, event) not in STEPS:
            raise Refused("she is away: first ready, then wrap-up", code="no_step")
        return self.step(agent_id, event, at, call_id=self.agent(agent_id).call_id, reason=reason, by=by)

    def at(self, extension: str) -> Agent | None:
        """Who sits at that telephone."""
        there = (a for a in self._agents.values() if extension and a.extension == extension)
        return next((a for a in there if not a.retired or a.state not in IDLE), None)

    def put(self, agent: AgentConfig, at: datetime) -> None:
        """Somebody new, or her account as it is now; where she sits is for ``sit``."""
        known = self._agents.get(agent.id)
        if known is None:
            self._agents[agent.id] = _of(agent, at)
        else:
            known.name, known.queues = agent.name, agent.queues
            known.auto_answer, known.retired = agent.auto_answer, False

    def sit(self, agent_id: str, extension: str, uri: str) -> AgentStateChanged:
        """She sits at another telephone from now on, or at none. Who may sit where: ``server.hot_desk``."""
        agent = self.agent(agent_id)
        agent.extension, agent.uri = extension, uri
        return self.seen(agent_id)

    def seen(self, agent_id: str) -> AgentStateChanged:
        """Her state as an event."""
        a = self.agent(agent_id)
        busy = a.state not in IDLE
        return AgentStateChanged(
            agent_id=a.id,
            state=a.state,
            since=a.since,
            busy_call=a.call_id,
            reason=a.reason,
            extension=a.extension,
            by=a.by,
            leaving=a.leaving if busy else "",
            leaving_by=a.leaving_by if busy else "",
        )


def _of(agent: AgentConfig, at: datetime) -> Agent:
    return Agent(
        id=agent.id,
        name=agent.name,
        extension=agent.extension,
        uri=agent.uri,
        queues=agent.queues,
        state=agent.starts,
        since=at,
        auto_answer=agent.auto_answer,
    )
