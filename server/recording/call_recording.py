"""One call's recording while the call runs: when it begins, pauses and ends, and what the desk is told of it.

Its methods never raise and never wait: what happens is said on the call's line by ``run``, a task of the call. Time is
the legs' audio time.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

from core import metrics
from core.audio import FRAME_S, FrameQueue
from core.config import RecordingConfig
from core.errors import MinwonError, Refused
from core.events import AgentOffered, AlarmCleared, AlarmRaised, Event, RecordingChanged, RecordingState, Speaker
from core.log import get_logger
from core.store.recordings import SilenceCause, StartCause
from records.recording.consent import Rule, Stage, Step, after, possible, rule_for
from records.recording.spool import Entry, Quiet, SpoolHead, new_head
from server.line import Line
from server.recording.tap import Mode, Tap
from server.recording.writer import Spool
from telephony.contract import Call

log = get_logger("server.recording")

NEWS: Final = 64
"""Events that wait to be said; the oldest goes. A call has a handful."""
KEY_BEFORE_S: Final = 0.8
"""A key's tone lies so far before the moment in which we hear of it (a press is told at its end)."""
KEY_AFTER_S: Final = 0.4


class Spools(Protocol):
    """The node's: ``server.recording.recordings.Recordings``."""

    config: RecordingConfig

    def why_not(self) -> str:
        """'' when a recording may begin now; else 'disk_fault', 'no_key', 'disk_full', 'quota'."""

    def open(self, head: SpoolHead, key: bytes, broke: Callable[[str], None]) -> Spool:
        """A new spool."""

    def wrap_key(self, recording_id: str) -> tuple[bytes, bytes]:
        """A new data key: secret and wrapped. ``KeyFault``."""

    def closed(self, spool: Spool) -> None:
        """It is complete: finish it when the call is over."""


class NoSpools:
    """Where nothing is ever recorded."""

    config = RecordingConfig()

    def why_not(self) -> str:
        """See ``Spools``."""
        raise AssertionError("the rule forbids it")

    def open(self, head: SpoolHead, key: bytes, broke: Callable[[str], None]) -> Spool:
        """See ``Spools``."""
        raise AssertionError("the rule forbids it")

    def wrap_key(self, recording_id: str) -> tuple[bytes, bytes]:
        """See ``Spools``."""
        raise AssertionError("the rule forbids it")

    def closed(self, spool: Spool) -> None:
        """See ``Spools``."""
        raise AssertionError("the rule forbids it")


class CallRecording:
    """For one call."""

    def __init__(self, call: Call, line: Line, spools: Spools) -> None:
        self._call = call
        self._line = line
        self._spools = spools
        self.rule: Rule = self._rule("")
        """What holds for this call; its queue is known when an agent is offered."""
        self._taps: dict[Speaker, Tap] = {}
        self._stage = Stage.IDLE
        self._spool: Spool | None = None
        self._recording_id = ""
        self._joined = False
        self._desk_hold = False
        self._phones: set[Speaker] = set()
        """Phones that hold."""
        self._quiet_from: dict[SilenceCause, float] = {}
        self._now_s = 0.0
        self._consent = False
        self._alarmed = False
        self._news: deque[Event] = deque(maxlen=NEWS)
        self._wake = asyncio.Event()
        self._over = False

    @property
    def call_id(self) -> str:
        """Whose it is."""
        return self._line.call_id

    @property
    def notice(self) -> bool:
        """Whether callers are told of it."""
        return self._spools.config.notice and self._call.way == "bridge"

    # What the call flow tells.

    async def run(self) -> None:
        """Say what happens, until ``over`` has been said."""
        while not (self._over and not self._news):
            self._wake.clear()
            while self._news:
                await self._line.say(self._news.popleft())
            if not self._over:
                await self._wake.wait()

    def tap(self, speaker: Speaker, frames: FrameQueue) -> None:
        """A new leg of that side."""
        if self.rule == "never":
            return
        tap = Tap(speaker, self._put, self._fault, self._mode(speaker))
        self._taps[speaker] = tap
        frames.tap(tap.take, tap.ended)

    def consents(self) -> None:
        """The caller has agreed."""
        self._consent = True

    def joined(self) -> None:
        """Caller and agent hear each other, or caller and the next one."""
        if self._joined:
            return
        self._joined = True
        offered = next((event for event in reversed(self._line.past) if isinstance(event, AgentOffered)), None)
        self.rule = self._rule(offered.queue if offered is not None else "")
        if self.rule == "always":
            self._start("rule", "", with_lead=True)
        elif self.rule == "consent" and self._consent:
            self._start("consent", "", with_lead=True)
        else:
            self._set_modes()

    def adopted(self) -> None:
        """A node before us had this call: what it recorded goes on in another file."""
        self._joined = True
        last = next((event for event in reversed(self._line.past) if isinstance(event, RecordingChanged)), None)
        if self.rule != "never" and last is not None and last.state in ("started", "resumed", "paused"):
            self._start("rule", last.by)
            if last.state == "paused":
                self._step("pause", last.by)

    def on_hold(self, on: bool) -> None:
        """The caller hears music, or no longer, by the desk's key or for a third party."""
        self._desk_hold = on
        self._mark_hold()

    def phone_holds(self, who: Speaker, on: bool) -> None:
        """A phone's own hold key."""
        (self._phones.add if on else self._phones.discard)(who)
        self._mark_hold()

    def key(self) -> None:
        """Somebody pressed a key: its tones can be read back, so they are silent."""
        if self._spool is not None and self._stage is Stage.RECORDING:
            now = self._time()
            self._put(Quiet("keys", _slot(max(0.0, now - KEY_BEFORE_S)), _slot(now + KEY_AFTER_S) + 1))

    def over(self) -> None:
        """The call has ended. Idempotent."""
        if not self._over:
            if possible(self._stage, "stop"):
                self._step("stop", "")
            for tap in self._taps.values():
                tap.set_mode("drop")
            self._over = True
            self._wake.set()

    # What people wish.

    @property
    def stage(self) -> Stage:
        """How far it is."""
        return self._stage

    def wish(self, step: Step, by: str, *, supervisor: bool = False) -> None:
        """``Refused``: 'never_recorded' (the rule), 'no_pause' (the configuration), 'no_step' (not possible now),
        'not_recorded' (it cannot be, the desk has the alarm)."""
        if self.rule == "never":
            raise Refused("calls like this one are not recorded", code="never_recorded")
        if step in ("pause", "resume") and not (self._spools.config.pause or supervisor):
            raise Refused("recordings are not paused here", code="no_pause")
        if not self._joined or self._over or not possible(self._stage, step):
            raise Refused("not possible now", code="no_step")
        if step == "stop" and self.rule == "always" and not supervisor:
            raise Refused("the rule records this call to its end", code="no_step")
        if step == "start":
            self._start("supervisor" if supervisor else "agent", by)
            if self._stage is not Stage.RECORDING:
                raise Refused("it cannot be recorded now", code="not_recorded")
        else:
            self._step(step, by)

    # How it goes on.

    def _rule(self, queue: str) -> Rule:
        called = "" if self._call.outgoing else self._call.called
        return rule_for(self._spools.config, called=called, queue=queue, way=self._call.way)

    def _start(self, why: StartCause, by: str, *, with_lead: bool = False) -> None:
        self._recording_id = "rec-" + secrets.token_hex(8)
        reason = self._spools.why_not()
        if not reason:
            try:
                secret, wrapped = self._spools.wrap_key(self._recording_id)
            except MinwonError as fault:
                log.error("recording.no_key", call_id=self._line.call_id, why=str(fault))
                reason = "no_key"
        if reason:
            self._failed(reason)
            return
        head = new_head(
            recording_id=self._recording_id,
            call_id=self._line.call_id,
            began=self._call.started,
            why=why,
            by=by,
            wrapped_key=wrapped,
        )
        self._spool = self._spools.open(head, secret, self._failed)
        self._quiet_from.clear()
        self._stage = after(self._stage, "start")
        self._say("started", why, by)
        if self._alarmed:
            self._alarmed = False
            self._put_news(AlarmCleared(code="not_recorded"))
        self._set_modes(with_lead=with_lead)
        self._mark_hold()
        metrics.RECORDINGS_RUNNING.inc()

    def _step(self, step: Step, by: str, reason: str = "") -> None:
        before, self._stage = self._stage, after(self._stage, step)
        self._set_modes()
        if step == "pause":
            self._quiet_from["paused"] = self._time()
        if before is Stage.PAUSED:
            self._quiet_ends("paused")
        if self._stage is Stage.OVER:
            self._quiet_ends("hold")
            self._close()
        states: dict[Step, RecordingState] = {"pause": "paused", "resume": "resumed", "stop": "stopped"}
        self._say(states.get(step, "failed"), reason, by)

    def _failed(self, reason: str) -> None:
        """It ends, or cannot begin; the call goes on."""
        metrics.RECORDINGS_FAILED.labels(reason=reason).inc()
        log.error("recording.failed", call_id=self._line.call_id, recording=self._recording_id, reason=reason)
        if possible(self._stage, "fail"):
            self._step("fail", "", reason)
        else:
            self._say("failed", reason, "")
        self._alarmed = True
        self._put_news(AlarmRaised(code="not_recorded"))

    def _fault(self, fault: Exception) -> None:
        log.error("recording.fault", call_id=self._line.call_id, error=type(fault).__name__, exc_info=fault)
        if possible(self._stage, "fail"):
            self._failed("fault")

    def _close(self) -> None:
        spool, self._spool = self._spool, None
        if spool is not None:
            spool.close()
            self._spools.closed(spool)
            metrics.RECORDINGS_RUNNING.dec()

    # What is kept of the legs.

    def _mode(self, speaker: Speaker) -> Mode:
        if self._stage is Stage.RECORDING:
            if self._phones:
                return "drop"
            if self._desk_hold:
                return "keep" if self._spools.config.asides and speaker != "caller" else "drop"
            return "keep"
        return "drop" if self._joined else "lead"

    def _set_modes(self, *, with_lead: bool = False) -> None:
        for speaker, tap in list(self._taps.items()):
            self._now_s = max(self._now_s, tap.set_mode(self._mode(speaker), with_lead=with_lead))

    def _time(self) -> float:
        """Where the call is, audio time."""
        self._now_s = max(self._now_s, *(tap.where() for tap in self._taps.values()), 0.0)
        return self._now_s

    def _mark_hold(self) -> None:
        self._set_modes()
        on = bool(self._desk_hold or self._phones)
        if on and "hold" not in self._quiet_from and self._spool is not None:
            self._quiet_from["hold"] = self._now_s
        elif not on:
            self._quiet_ends("hold")

    def _quiet_ends(self, why: SilenceCause) -> None:
        """Note what was quiet; where asides are kept, a hold was not."""
        start = self._quiet_from.pop(why, None)
        kept = why == "hold" and self._spools.config.asides and not self._phones
        if start is not None and not kept:
            self._put(Quiet(why, _slot(start), _slot(self._time())))

    def _put(self, entry: Entry) -> None:
        if self._spool is not None:
            self._spool.put(entry)

    # What is said.

    def _say(self, state: RecordingState, reason: str, by: str) -> None:
        self._put_news(RecordingChanged(state=state, reason=reason, by=by, recording_id=self._recording_id))

    def _put_news(self, event: Event) -> None:
        self._news.append(event)
        self._wake.set()


def _slot(seconds: float) -> int:
    return round(seconds / FRAME_S)
