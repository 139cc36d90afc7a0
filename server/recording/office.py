"""Recordings in the office application: ``records.routes.recordings.RecordingsHouse`` over the shelf and the store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from core.agent import Agent
from core.audit import Audit, Deed, Note
from core.config import RecordingConfig
from core.errors import BadInput, EnvironmentFault, KeyFault, Refused
from core.events import RecordingChanged, TranscriptFinal, now, standing
from core.log import get_logger
from core.store.contract import Store
from core.store.recordings import Recording
from records.record.rights import may_read
from records.recording.codec import SUFFIX_OF
from records.recording.peaks import PER_SECOND
from records.recording.rights import may_hear
from records.recording.sealed_file import SealedReader
from records.recording.timed_text import TimedToken, timed
from records.routes.about import ContactAbout, about
from records.routes.recordings import RecordingLine, RecordingList, RecordingShown, SpokenLine
from server.recording.hearings import Hearings
from server.recording.shelf import RecordingShelf

log = get_logger("server.recording.office")

PAGE: Final = 50
PAGES: Final = 40
"""Pages that are looked through for recordings that she may hear."""
FINISHED_WITHIN: Final = timedelta(minutes=10)
"""A recording that is not there after this time does not come any more soon."""
_WORDS: Final = {
    "key": "암호화 열쇠가 없어 녹음을 열 수 없습니다: 담당자에게 알려 주세요 / no key opens it: tell an engineer",
    "sealed": "녹음 파일이 바뀌었거나 잘려서 열 수 없습니다: 담당자에게 알려 주세요 / it was changed: tell an engineer",
    "environment": "녹음 파일을 읽을 수 없습니다: 담당자에게 알려 주세요 / it cannot be read: tell an engineer",
}


@contextmanager
def in_words() -> Iterator[None]:
    """What is wrong with a file, for those who wanted to hear it; the engineer reads it in the log."""
    try:
        yield
    except (KeyFault, EnvironmentFault, BadInput) as fault:
        log.error("recording.unreadable", code=fault.code, why=str(fault))
        raise Refused(_WORDS[fault.code if fault.code in _WORDS else "environment"], code="unreadable") from fault


class OpenSound:
    """See ``records.routes.recordings.Sound``."""

    def __init__(self, recording: Recording, reader: SealedReader) -> None:
        self.content = recording.content
        self.size = recording.audio_size
        self._reader = reader

    async def read(self, start: int, count: int) -> bytes:
        """See ``Sound``."""
        with in_words():
            return await asyncio.to_thread(self._reader.read, start, min(count, self.size - start))

    async def close(self) -> None:
        """See ``Sound``."""
        await asyncio.to_thread(self._reader.close)


class OfficeRecordings:
    """One per node."""

    def __init__(
        self,
        shelf: RecordingShelf,
        config: RecordingConfig,
        store: Store,
        audit: Audit,
        *,
        names: Callable[[], Mapping[str, str]],
    ) -> None:
        self._shelf = shelf
        self._config = config
        self._store = store
        self._audit = audit
        self._names = names
        self._hearings = Hearings()

    async def of_call(self, call_id: str, agent: Agent) -> RecordingList:
        """See ``RecordingsHouse``."""
        found = await self._shelf.store.of_call(call_id)
        mine = [recording for recording in found if self._may(agent, recording)]
        told = [event for event in await self._store.events(call_id) if isinstance(event, RecordingChanged)]
        begun = {event.recording_id for event in told if event.state == "started"}
        done = {event.recording_id for event in told if event.state == "kept"} | {one.recording_id for one in found}
        return RecordingList(
            recordings=[self._line(recording) for recording in mine],
            hidden=len(found) - len(mine),
            waiting=bool(begun - done) and now() - told[-1].at < FINISHED_WITHIN,
        )

    async def newest(self, agent: Agent, before: datetime | None, address: str) -> RecordingList:
        """See ``RecordingsHouse``."""
        mine: list[Recording] = []
        for _ in range(PAGES):
            found = await self._shelf.store.newest(before=before, limit=PAGE)
            mine += [recording for recording in found if self._may(agent, recording)]
            if len(found) < PAGE or len(mine) > PAGE:
                break
            before = found[-1].started
        await self._audit.note(Note(who=agent.id, deed="saw", thing="recording", detail="list", address=address))
        records = await self._store.contacts.records([one.call_id for one in mine[:PAGE]])
        known = {call_id: about(record) for call_id, record in records.items() if may_read(agent, record)}
        lines = [self._line(one, known.get(one.call_id)) for one in mine[:PAGE]]
        return RecordingList(recordings=lines, more=len(mine) > PAGE)

    async def shown(self, recording_id: str, agent: Agent) -> RecordingShown:
        """See ``RecordingsHouse``."""
        recording = await self._one(recording_id, agent)
        await self._note("saw", recording, agent)
        return RecordingShown(
            recording_id=recording.recording_id,
            call_id=recording.call_id,
            started=recording.started,
            seconds=recording.seconds,
            content=recording.content,
            why=recording.why,
            by=self._names().get(recording.by, recording.by),
            broken=recording.broken,
            unscreened=recording.unscreened,
            silences=recording.silences,
            evidence=recording.evidence,
            words=await self._words(recording),
            peaks_per_second=PER_SECOND,
            sha256=recording.sha256,
            may_download=agent.may("supervisor"),
        )

    async def peaks(self, recording_id: str, agent: Agent) -> bytes:
        """See ``RecordingsHouse``."""
        recording = await self._one(recording_id, agent)
        with in_words():
            return await asyncio.to_thread(self._shelf.peaks, recording)

    async def hear(self, recording_id: str, agent: Agent, address: str) -> str:
        """See ``RecordingsHouse``."""
        recording = await self._one(recording_id, agent)
        await self._note("heard", recording, agent, address)
        return self._hearings.begin(agent.id, recording_id)

    async def sound(self, recording_id: str, agent: Agent, hearing: str) -> OpenSound:
        """See ``RecordingsHouse``."""
        recording = await self._one(recording_id, agent)
        if not self._hearings.known(hearing, agent.id, recording_id):
            raise Refused("다시 재생을 눌러 주세요 / press play again", code="not_allowed")
        return await self._open(recording)

    async def download(self, recording_id: str, agent: Agent, reason: str, address: str) -> tuple[str, OpenSound]:
        """See ``RecordingsHouse``."""
        recording = await self._one(recording_id, agent)
        if not agent.may("supervisor"):
            raise Refused("책임자만 내려받을 수 있습니다 / only supervisors download recordings", code="not_allowed")
        sound = await self._open(recording)
        try:
            await self._note("exported", recording, agent, address, reason)
        except BaseException:
            await sound.close()
            raise
        return f"{recording.started:%Y%m%d-%H%M%S}-{recording_id}{SUFFIX_OF[recording.content]}", sound

    async def _open(self, recording: Recording) -> OpenSound:
        with in_words():
            return OpenSound(recording, await asyncio.to_thread(self._shelf.open, recording))

    def _line(self, recording: Recording, of: ContactAbout | None = None) -> RecordingLine:
        names = self._names()
        return RecordingLine(
            recording_id=recording.recording_id,
            call_id=recording.call_id,
            agents=[names.get(agent, agent) for agent in recording.agents],
            started=recording.started,
            seconds=recording.seconds,
            broken=recording.broken,
            alerts=len(recording.evidence),
            about=of,
        )

    async def _one(self, recording_id: str, agent: Agent) -> Recording:
        recording = await self._shelf.one(recording_id)
        if not self._may(agent, recording):
            raise Refused("이 녹음을 들을 권한이 없습니다 / you may not hear this recording", code="not_allowed")
        return recording

    async def _note(self, deed: Deed, recording: Recording, agent: Agent, address: str = "", reason: str = "") -> None:
        """With the key of the citizen, as far as the call has its record."""
        record = await self._store.contacts.record(recording.call_id)
        await self._audit.note(
            Note(
                who=agent.id,
                deed=deed,
                thing="recording",
                subject=recording.recording_id,
                person=record.person if record is not None else "",
                address=address,
                reason=reason,
                detail=recording.call_id,
            )
        )

    def _may(self, agent: Agent, recording: Recording) -> bool:
        return may_hear(agent, recording, own=self._config.own)

    async def _words(self, recording: Recording) -> list[SpokenLine]:
        """What was said within the file, as people have corrected it."""
        corrected = {
            correction.utterance: correction.text
            for correction in await self._store.contacts.corrections(contact_id=recording.call_id)
        }
        offset, lines = recording.offset_s, []
        for event in standing(await self._store.events(recording.call_id)):
            if not isinstance(event, TranscriptFinal) or event.typed:
                continue
            if event.end <= offset or event.start >= offset + recording.seconds:
                continue
            text = corrected.get(event.utterance, event.text)
            tokens = timed(text, event.words, event.start, event.end)
            lines.append(
                SpokenLine(
                    utterance=event.utterance,
                    speaker=event.speaker,
                    start=round(event.start - offset, 3),
                    end=round(event.end - offset, 3),
                    tokens=[
                        TimedToken(token.text, round(token.start - offset, 3), round(token.end - offset, 3))
                        for token in tokens
                    ],
                    aside=event.aside,
                    corrected=event.utterance in corrected,
                )
            )
        return sorted(lines, key=lambda line: line.start)
