"""The whole life of one call, from INVITE to the last suggestion. Read this file first.

    answer -> find an agent (wait, ring, next agent ...) -> talk -> somebody hangs up -> last words -> CallEnded

One call is one ``TaskGroup``: who listens to the legs, who rings agents, who thinks of suggestions all end with it, and
what breaks here breaks this call only. All that happens is said on the call's line (``server/line.py``).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Protocol

from core import metrics
from core.audio import Frame
from core.config import SipConfig
from core.events import (
    AgentMissed,
    AgentOffered,
    AlarmCleared,
    AlarmRaised,
    CallAdopted,
    CallEnded,
    CallHeld,
    CallJoined,
    CallQueued,
    CallResumed,
    CallStarted,
    EndReason,
    KeyPressed,
    Speaker,
    Suggested,
    Suggestion,
    TranscriptFinal,
    TranscriptPartial,
    now,
)
from core.log import get_logger
from server.dispatcher import Dispatcher
from server.joined_frames import Losses, from_the_join
from server.line import Line
from server.roster import Agent
from stt.contract import Heard
from telephony.contract import (
    AnySignal,
    AudioBack,
    AudioLost,
    Call,
    DialResult,
    Held,
    Key,
    LegEnded,
    PromptDone,
    Resumed,
)

log = get_logger("server.callflow")

LAST_WORDS_S = 2.0
"""After hang-up, how long the listeners may take for what was said last."""
WORDS_LIMIT = 32
"""Finals that wait for the assistant; beyond it the oldest go, counted."""
FAREWELL_S = 15.0
"""The longest closing prompt that we wait for."""


class Conversation(Protocol):
    """The assistant's memory of one call."""

    async def heard(self, speaker: Speaker, utterance: str, text: str) -> tuple[Suggestion, ...] | None:
        """The cards that now belong on the desk; None = those that are there."""


Listen = Callable[[AsyncIterator[Frame]], AsyncIterator[Heard]]


class CallFlow:
    """One call. ``run`` is its life; ``hang_up`` may be called by the desk meanwhile."""

    def __init__(
        self,
        call: Call,
        line: Line,
        dispatcher: Dispatcher,
        listen: Listen,
        conversation: Conversation,
        sip: SipConfig,
    ) -> None:
        self.call = call
        self.line = line
        self.agent_id = ""
        """Whose call it is, from the join on."""
        self._dispatcher = dispatcher
        self._listen = listen
        self._conversation = conversation
        self._sip = sip
        self._joined = asyncio.Event()
        self._joined_at = call.started
        self._over = asyncio.Event()
        self._reason: EndReason | None = None
        self._status = 0
        self._prompt_done = asyncio.Event()
        self._utterances: dict[Speaker, int] = _utterances_so_far(line)
        self._words: asyncio.Queue[TranscriptFinal | None] = asyncio.Queue(maxsize=WORDS_LIMIT)

    async def run(self) -> None:
        """From the first event to ``CallEnded``, which is said whatever happens."""
        call = self.call
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._watch(), name=f"signals {call.call_id}")
                ears = tasks.create_task(self._talk(), name=f"talk {call.call_id}")
                helper = tasks.create_task(self._help(), name=f"help {call.call_id}")
                await self._over.wait()
                await _finish(ears, LAST_WORDS_S)
                self._put_words(None)
                await _finish(helper, LAST_WORDS_S)
        except asyncio.CancelledError:
            self._ends("node_stopped")
            raise
        except Exception:
            self._ends("failed")
            raise
        finally:
            await asyncio.shield(self._close())

    async def hang_up(self, reason: EndReason = "desk_hung_up") -> None:
        """End the call from our side."""
        self._ends(reason)
        await self.call.hang_up()

    async def _watch(self) -> None:
        """Follow the legs until the caller's is over."""
        async with aclosing(self.call.signals()) as signals:  # type: ignore[type-var]
            async for signal in signals:
                await self._signal(signal)
        self._over.set()

    async def _signal(self, signal: AnySignal) -> None:
        who = signal.speaker
        match signal:
            case Key(digit=digit, method=method):
                await self.line.say(KeyPressed(speaker=who, digit=digit, method=method))
            case Held():
                await self.line.say(CallHeld(by=who))
            case Resumed():
                await self.line.say(CallResumed(by=who))
            case AudioLost():
                await self.line.say(AlarmRaised(code="no_audio", speaker=who))
            case AudioBack():
                await self.line.say(AlarmCleared(code="no_audio", speaker=who))
            case PromptDone():
                self._prompt_done.set()
            case LegEnded(status=status, by_peer=by_peer, reason=why):
                self._leg_ended(who, status, by_peer, why)

    def _leg_ended(self, who: Speaker, status: int, by_peer: bool, why: str) -> None:
        if why == "worker_lost":
            self._ends("worker_lost")
        elif why in ("no_media", "expired"):
            self._ends("no_media")
        elif by_peer and (who == "caller" or self._joined.is_set()):
            self._ends("caller_hung_up" if who == "caller" else "agent_hung_up")
        if who == "caller":
            self._status = status

    def _ends(self, reason: EndReason) -> None:
        """The first reason is the true one."""
        self._reason = self._reason or reason

    async def _talk(self) -> None:
        """Get the two together, then listen to both."""
        async with asyncio.TaskGroup() as tasks:
            await (self._adopt() if self.call.adopted_agent else self._take())
            tasks.create_task(self._hear("caller"), name=f"caller {self.call.call_id}")
            if self._joined.is_set() or await self._find_agent():
                tasks.create_task(self._hear("agent"), name=f"agent {self.call.call_id}")

    async def _take(self) -> None:
        """A new call: say so, and answer."""
        call = self.call
        await self.line.say(CallStarted(at=call.started, caller=call.caller, called=call.called, trunk=call.trunk))
        log.info("call.started", call_id=call.call_id, trunk=call.trunk)
        await call.answer()

    async def _adopt(self) -> None:
        """A node before us joined these two; they never stopped talking."""
        self.agent_id = self.call.adopted_agent
        self._joined_at = next((e.at for e in self.line.past if isinstance(e, CallJoined)), self.call.started)
        self._joined.set()
        await self._dispatcher.joined(self.agent_id, self.call.call_id)
        await self.line.say(CallAdopted(missing_s=round(self.call.silent_s, 1)))
        log.info("call.adopted", call_id=self.call.call_id, missing_s=self.call.silent_s)

    async def _find_agent(self) -> bool:
        """Ring agents until one answers. False: nobody will, or the caller is gone."""
        search = asyncio.create_task(self._ring_agents(), name=f"search {self.call.call_id}")
        over = asyncio.create_task(self._over.wait(), name=f"over {self.call.call_id}")
        try:
            await asyncio.wait({search, over}, return_when=asyncio.FIRST_COMPLETED)
            if search.done() and search.result():
                return True
        finally:
            over.cancel()
            search.cancel()
            await asyncio.gather(search, over, return_exceptions=True)
        if not self._over.is_set():
            await self._say_goodbye()
        return False

    async def _ring_agents(self) -> bool:
        """Wait for a free agent (no longer than ``max_wait_s`` in all) and ring her, until one answers."""
        await self.call.play("connecting", loop=True)
        patience = asyncio.get_running_loop().time() + self._sip.max_wait_s
        missed = False
        while not missed or self._dispatcher.anyone_to_come():
            try:
                async with asyncio.timeout_at(patience):
                    agent = await self._dispatcher.next_agent(self.call.call_id, self.call.started, self._wait)
            except TimeoutError:
                return False
            result = await self._ring(agent)
            if result in ("answered", "gone"):
                return result == "answered"
            missed = True
        return False

    async def _wait(self, position: int) -> None:
        await self.line.say(CallQueued(position=position))
        await self.call.play("waiting", loop=True)

    async def _ring(self, agent: Agent) -> DialResult:
        """Ring her phone; whatever comes of it, she does not stay 'offered'."""
        try:
            await self.line.say(AgentOffered(agent_id=agent.id, agent_name=agent.name, extension=agent.extension))
            result = await self.call.dial(agent.uri, reference=agent.id, ring_timeout_s=self._sip.ring_timeout_s)
        except BaseException:
            await asyncio.shield(self._dispatcher.withdraw(agent.id))
            raise
        if result == "answered":
            await self._join(agent)
        elif result == "gone":
            await self._dispatcher.withdraw(agent.id)
        else:
            log.warning("agent.missed", call_id=self.call.call_id, agent=agent.id, reason=result)
            await self._dispatcher.missed(agent.id, result)
            await self.line.say(AgentMissed(agent_id=agent.id, reason=result))
        return result

    async def _join(self, agent: Agent) -> None:
        self.agent_id = agent.id
        self._joined_at = now()
        self._joined.set()
        await self._dispatcher.joined(agent.id, self.call.call_id)
        await self.line.say(CallJoined(agent_id=agent.id, agent_name=agent.name, extension=agent.extension))

    async def _say_goodbye(self) -> None:
        """Nobody can take the call: say so, then end it properly."""
        self._prompt_done.clear()
        await self.call.play("closing")
        heard_out = asyncio.create_task(self._prompt_done.wait())
        over = asyncio.create_task(self._over.wait())
        await asyncio.wait({heard_out, over}, timeout=FAREWELL_S, return_when=asyncio.FIRST_COMPLETED)
        for task in (heard_out, over):
            task.cancel()
        await self.hang_up("no_agent")

    async def _hear(self, speaker: Speaker) -> None:
        """One leg's words on the line, from the join (and a moment before) to its end."""
        said_before = self._utterances[speaker]
        queue = self.call.frames(speaker)
        frames = from_the_join(queue, self._joined)
        losses = Losses(speaker, queue)
        async with aclosing(frames), aclosing(self._listen(frames)) as utterances:  # type: ignore[type-var]
            async for heard in utterances:
                number = said_before + heard.utterance
                self._utterances[speaker] = max(self._utterances[speaker], number)
                await self._say_words(speaker, f"{speaker}-{number}", heard)
                if heard.kind == "final" and (alarm := losses.look()) is not None:
                    await self.line.say(alarm)

    async def _say_words(self, speaker: Speaker, utterance: str, heard: Heard) -> None:
        if heard.kind == "partial":
            await self.line.say(
                TranscriptPartial(speaker=speaker, utterance=utterance, start=heard.start, text=heard.text)
            )
            return
        final = await self.line.say(
            TranscriptFinal(
                speaker=speaker,
                utterance=utterance,
                start=heard.start,
                end=heard.end,
                text=heard.text,
                words=heard.words,
                confidence=heard.confidence,
                masked=heard.masked,
            )
        )
        metrics.STT_LATENCY.labels(stage="final").observe(heard.lag_s)
        self._put_words(final)

    def _put_words(self, final: TranscriptFinal | None) -> None:
        if self._words.full():
            self._words.get_nowait()
            metrics.ASSIST_DROPPED.inc()
        self._words.put_nowait(final)

    async def _help(self) -> None:
        """Words to cards, in order, until the last words were heard."""
        while (final := await self._words.get()) is not None:
            with metrics.SUGGESTION_LATENCY.time():
                cards = await self._conversation.heard(final.speaker, final.utterance, final.text)
            if cards is not None:
                await self.line.say(Suggested(suggestions=cards, utterance=final.utterance))

    async def _close(self) -> None:
        """The agent is released and the call's last event said, also after a fault."""
        try:
            await self.call.hang_up()
            await self._say_end(self._reason or "failed")
        finally:
            if self.agent_id:
                await self._dispatcher.released(self.agent_id)

    async def _say_end(self, reason: EndReason) -> None:
        ended = now()
        talk_s = (ended - self._joined_at).total_seconds() if self._joined.is_set() else 0.0
        duration_s = (ended - self.call.started).total_seconds()
        await self.line.say(
            CallEnded(reason=reason, duration_s=round(duration_s, 2), talk_s=round(talk_s, 2), sip_status=self._status)
        )
        metrics.CALLS.labels(reason=reason).inc()
        log.info("call.ended", call_id=self.call.call_id, reason=reason, duration_s=round(duration_s, 1))


def _utterances_so_far(line: Line) -> dict[Speaker, int]:
    """How many utterances each side has said: an adopted call goes on counting."""
    counts: dict[Speaker, int] = {"caller": 0, "agent": 0}
    for event in line.past:
        if isinstance(event, TranscriptFinal):
            counts[event.speaker] = max(counts[event.speaker], int(event.utterance.rpartition("-")[2]))
    return counts


async def _finish(task: asyncio.Task[None], deadline_s: float) -> None:
    """Let it end by itself, but not for ever."""
    await asyncio.wait({task}, timeout=deadline_s)
    task.cancel()
