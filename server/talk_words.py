"""What is said in a call, on its line: each leg's words from the join on, and what the caller types.

While the caller is on hold, what the others say is an aside: it stands in the transcript, and neither the caller's
captions nor the assistant get it. A third party's words never move the assistant: it helps the agent with her caller.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing

from core import metrics
from core.audio import Frame, FrameQueue
from core.events import Speaker, TranscriptFinal, TranscriptPartial
from server.joined_frames import Losses, from_the_join
from server.languages import CallLanguage
from server.line import Line
from stt.contract import Heard
from stt.masking import Mask

Listen = Callable[[AsyncIterator[Frame], CallLanguage], AsyncIterator[Heard]]
Said = TranscriptPartial | TranscriptFinal


class Words:
    """For one call. ``hear`` is a task for each leg."""

    def __init__(
        self,
        line: Line,
        listen: Listen,
        language: CallLanguage,
        joined: asyncio.Event,
        put: Callable[[Said], None],
        on_hold: Callable[[float], bool],
    ) -> None:
        """``put`` is told everything that was said, ``on_hold`` tells whether the caller heard music in
        that second."""
        self._line = line
        self._listen = listen
        self._language = language
        self._joined = joined
        self._put = put
        self._on_hold = on_hold
        self._utterances = _utterances_so_far(line)
        self._typed = sum(isinstance(event, TranscriptFinal) and event.typed for event in line.past)
        self._typed_mask = Mask()

    async def hear(self, speaker: Speaker, queue: FrameQueue, ear: Callable[[Frame], None] | None = None) -> None:
        """One leg's words, from the join (and a moment before) to the leg's end. ``ear`` is given every frame."""
        said_before = self._utterances[speaker]
        frames = from_the_join(queue, self._joined, ear)
        losses = Losses(speaker, queue)
        async with aclosing(frames), aclosing(self._listen(frames, self._language)) as utterances:  # type: ignore[type-var]
            async for heard in utterances:
                number = said_before + heard.utterance
                self._utterances[speaker] = max(self._utterances[speaker], number)
                await self._say(speaker, f"{speaker}-{number}", heard)
                if heard.kind == "final" and (alarm := losses.look()) is not None:
                    await self._line.say(alarm)

    async def typed(self, text: str, at_s: float) -> TranscriptFinal:
        """The caller typed something to the agent: words like others, masked like others."""
        masked = self._typed_mask.final(text)
        self._typed += 1
        final = await self._line.say(
            TranscriptFinal(
                speaker="caller",
                utterance=f"typed-{self._typed}",
                start=at_s,
                end=at_s,
                text=masked.text,
                confidence=1.0,
                masked=masked.kinds,
                typed=True,
            )
        )
        self._put(final)
        return final

    async def _say(self, speaker: Speaker, utterance: str, heard: Heard) -> None:
        aside = speaker != "caller" and self._on_hold(heard.start)
        if heard.kind == "partial":
            partial = TranscriptPartial(
                speaker=speaker,
                utterance=utterance,
                start=heard.start,
                text=heard.text,
                aside=aside,
                language=heard.language,
            )
            await self._line.say(partial)
            self._put(partial)
            return
        final = await self._line.say(
            TranscriptFinal(
                speaker=speaker,
                utterance=utterance,
                start=heard.start,
                end=heard.end,
                text=heard.text,
                words=heard.words,
                confidence=heard.confidence,
                masked=heard.masked,
                silenced=heard.silenced,
                aside=aside,
                language=heard.language,
            )
        )
        metrics.STT_LATENCY.labels(stage="final").observe(heard.lag_s)
        self._put(final)


def _utterances_so_far(line: Line) -> dict[Speaker, int]:
    """How many utterances each side has said: an adopted call goes on counting."""
    counts: dict[Speaker, int] = {"caller": 0, "agent": 0, "third": 0}
    for event in line.past:
        if isinstance(event, TranscriptFinal) and not event.typed:
            counts[event.speaker] = max(counts[event.speaker], int(event.utterance.rpartition("-")[2]))
    return counts
