"""How a call sounds: a grade and its reasons for each leg, and the alarm when nothing comes from one.

What the packets tell comes as ``LegSound`` every 2 s, what the frames tell from an ear on each leg. A leg is silent
when no packets come (``telephony/rtp_watch.py``), or when they have held nothing since it began, though the other
talks: a microphone that is off, a headset that is not plugged in, a gateway that hears the wrong side; or somebody who
listens on a quiet line, so first there is a sign, and the alarm when an answer is overdue. Either way the alarm is
'no_audio', with the side, and the call goes on: nobody is ever cut off for being silent.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

from core import metrics
from core.audio import Frame
from core.events import AlarmCleared, AlarmRaised, Event, QualityChanged, Speaker
from server.leg_ear import DEAD, OVERDUE, SPOKEN, LegEar
from server.line import Line
from telephony.contract import AnySignal, AudioBack, AudioLost, HandedOver, LegEnded, LegSound
from telephony.grading import Grader
from telephony.leg_quality import Heard, Quality

LIMIT: Final = 64
"""Events that wait to be said; the oldest goes and is counted. A leg has one every few seconds at most."""
_FLOWS: Final = 60
"""Packets in 2 s of a stream that flows. One that pauses (silence suppression) says nothing about the microphone."""
_OTHER: Final[dict[Speaker, Speaker]] = {"caller": "agent", "agent": "caller", "third": "agent"}


class _Leg:
    """One leg while it lives."""

    def __init__(self, speaker: Speaker, second: Callable[[LegEar], None]) -> None:
        self.speaker: Speaker = speaker
        self.ear = LegEar(second)
        self.grader = Grader()
        self.lost = False
        self.unheard = False
        self.dead = False
        self.flows = False

    @property
    def heard(self) -> Heard:
        return Heard(
            one_way=self.lost,
            unheard=self.unheard and not self.lost,
            silent=self.dead and not self.lost,
            clipped=self.ear.clipped,
            echo=self.ear.echo,
        )

    @property
    def measured(self) -> bool:
        """Whether anything can be said about it."""
        return bool(self.grader.newest.packets or self.ear.seconds)


class CallSound:
    """One call's. ``run`` is a task of the call; what ``told`` and the ears find is said there."""

    def __init__(self, line: Line, *, has_rtp: bool = True) -> None:
        """``has_rtp``: False for a call whose legs never tell a ``LegSound``."""
        self._line = line
        self._has_rtp = has_rtp
        self._legs: dict[Speaker, _Leg] = {}
        self._alarmed = _alarms(line)
        self._news: deque[Event] = deque(maxlen=LIMIT)
        self._wake = asyncio.Event()

    def ear(self, speaker: Speaker) -> Callable[[Frame], None]:
        """A new leg of that side begins: who is to be given its frames."""
        if speaker in self._legs and self._legs[speaker].ear.seconds:
            self._finish(speaker)
        return self._leg(speaker).ear.put

    def told(self, signal: AnySignal) -> None:
        """What happened on the legs; what is not about sound is passed over."""
        match signal:
            case LegSound(speaker=speaker):
                self._look(self._leg(speaker), signal)
            case AudioLost(speaker=speaker):
                self._leg(speaker).lost = True
                self._at_once(speaker)
            case AudioBack(speaker=speaker):
                self._leg(speaker).lost = False
                self._at_once(speaker)
            case LegEnded(speaker=speaker):
                self._finish(speaker)
            case HandedOver():
                self._finish("third")
            case _:
                pass

    async def run(self) -> None:
        """Say what is new, until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self._say()

    async def over(self) -> None:
        """The call is over: the figures of each leg's whole life."""
        for speaker in list(self._legs):
            self._finish(speaker)
        await self._say()

    async def _say(self) -> None:
        while self._news:
            await self._line.say(self._news.popleft())

    def _leg(self, speaker: Speaker) -> _Leg:
        if speaker not in self._legs:
            self._legs[speaker] = _Leg(speaker, lambda ear: self._second(speaker, ear))
        return self._legs[speaker]

    def _look(self, leg: _Leg, sound: LegSound) -> None:
        before = leg.grader.newest
        leg.flows = sound.packets - before.packets >= _FLOWS
        _count(leg.speaker, before, sound)
        self._tell(leg, leg.grader.look(sound, leg.heard))
        if leg.flows and leg.speaker in self._alarmed:
            self._at_once(leg.speaker)  # raised by a node before us, over before we came

    def _second(self, speaker: Speaker, ear: LegEar) -> None:
        """An ear has heard another second."""
        leg, other = self._legs.get(speaker), self._legs.get(_OTHER[speaker])
        if leg is None or leg.ear is not ear:
            return
        if other is not None:
            ear.compare(other.ear)
            self._listen(leg, other)
        if (leg.dead or leg.unheard) and ear.alive:
            leg.dead = leg.unheard = False
            self._at_once(speaker)
        if not self._has_rtp and ear.seconds % 2 == 0:
            self._tell(leg, leg.grader.look(None, leg.heard))

    def _listen(self, leg: _Leg, other: _Leg) -> None:
        """Is there a living microphone at the other end of this leg? A sign first, the alarm when it must be heard."""
        ear = leg.ear
        if leg.dead or ear.dead < DEAD or not (leg.flows or not self._has_rtp):
            return
        leg.dead = other.ear.spoken(0, ear.heard_to) >= OVERDUE
        unheard = leg.dead or other.ear.spoken(ear.heard_to - DEAD - SPOKEN, ear.heard_to) >= SPOKEN
        if leg.dead or (unheard and not leg.unheard):
            leg.unheard = True
            self._at_once(leg.speaker)

    def _at_once(self, speaker: Speaker) -> None:
        leg = self._legs[speaker]
        silent = leg.lost or leg.dead
        if silent and speaker not in self._alarmed:
            self._alarmed.add(speaker)
            metrics.ONE_WAY_AUDIO.labels(leg=speaker).inc()
            self._put(AlarmRaised(code="no_audio", speaker=speaker))
        elif not silent and speaker in self._alarmed:
            self._alarmed.discard(speaker)
            self._put(AlarmCleared(code="no_audio", speaker=speaker))
        self._tell(leg, leg.grader.at_once(leg.heard))

    def _finish(self, speaker: Speaker) -> None:
        leg = self._legs.pop(speaker, None)
        if leg is None or not leg.measured:
            return
        if speaker in self._alarmed:
            self._alarmed.discard(speaker)
            self._put(AlarmCleared(code="no_audio", speaker=speaker))
        life = leg.grader.whole(leg.heard)
        if life.mos:
            metrics.LEG_MOS.labels(leg=speaker).observe(life.mos)
            metrics.RTP_LOSS_RATIO.labels(leg=speaker).observe(life.loss)
            metrics.RTP_JITTER.labels(leg=speaker).observe(life.jitter_ms / 1000)
        self._tell(leg, life, final=True)

    def _tell(self, leg: _Leg, quality: Quality | None, *, final: bool = False) -> None:
        if quality is not None:
            self._put(
                QualityChanged(
                    speaker=leg.speaker,
                    grade=quality.grade,
                    mos=quality.mos,
                    loss=quality.loss,
                    jitter_ms=quality.jitter_ms,
                    delay_ms=quality.delay_ms,
                    causes=quality.causes,
                    final=final,
                )
            )

    def _put(self, event: Event) -> None:
        if len(self._news) == LIMIT:
            metrics.SOUND_DROPPED.inc()
        self._news.append(event)
        self._wake.set()


def _count(speaker: Speaker, before: LegSound, now: LegSound) -> None:
    """Packets of the last two seconds, for Prometheus; none of the time before a node adopted the call."""
    if not before.packets and now.packets > 2 * _FLOWS:
        return
    for what, more in (
        ("received", now.packets - before.packets),
        ("lost", now.lost - before.lost - (now.late - before.late)),
        ("late", now.late - before.late),
        ("reordered", now.reordered - before.reordered),
        ("doubled", now.doubled - before.doubled),
    ):
        if more > 0:
            metrics.RTP_PACKETS.labels(leg=speaker, what=what).inc(more)


def _alarms(line: Line) -> set[Speaker]:
    """Sides whose alarm a node before us has raised and not cleared."""
    open_alarms: set[Speaker] = set()
    for event in line.past:
        if isinstance(event, AlarmRaised | AlarmCleared) and event.code == "no_audio" and event.speaker is not None:
            (open_alarms.add if isinstance(event, AlarmRaised) else open_alarms.discard)(event.speaker)
    return open_alarms
