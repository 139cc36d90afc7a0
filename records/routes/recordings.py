"""Recordings: which there are, their waveform and words, and their sound.

=====  ========================================  ====================================================================
GET    ``/records/api/recordings``               ``RecordingList``: the newest that she may hear; ``?before=`` the last
                                                 line's ``started`` to page on: noted, a page each; ``?call=ID``
                                                 those of a call
GET    ``/records/api/recordings/ID``            ``RecordingShown``: what the player shows; 404, 403
GET    ``/records/api/recordings/ID/peaks``      the waveform: a byte each of left, right, left ..., ``PER_SECOND``
POST   ``/records/api/recordings/ID/hear``       ``Hearing``: where its sound is, for her and for an hour. That she
                                                 hears it is noted before this is answered
GET    ``.../recordings/ID/audio?hearing=``      the sound, or a range of it (RFC 9110 section 14)
POST   ``/records/api/recordings/ID/download``   ``Reason`` -> the file; noted with the reason before a byte is sent
=====  ========================================  ====================================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Protocol

import msgspec
from aiohttp import web

from core.agent import Agent
from core.errors import BadInput
from core.events import Speaker
from core.store.recordings import Evidence, Silence, StartCause
from core.web.door import sent, text
from records.recording.timed_text import TimedToken
from records.routes.about import ContactAbout
from records.routes.route import AGENTS, RecordsRoute

PIECE: Final = 256 * 1024
"""Bytes that are decrypted and sent at once."""
REASON: Final = 300
"""Characters of a reason, at most."""


class RecordingLine(msgspec.Struct, frozen=True, kw_only=True):
    """One of a list."""

    recording_id: str
    """Its id."""
    call_id: str
    """Whose it is."""
    agents: Sequence[str]
    """Names of the agents who are heard."""
    started: datetime
    """When its sound begins."""
    seconds: float
    """How long it is."""
    broken: str = ""
    """Why it ended early."""
    alerts: int = 0
    """Parts that alerts were raised for."""
    about: ContactAbout | None = None
    """The contact heard, in the office's list of the newest; None = she may not read it, or it has no record."""


class RecordingList(msgspec.Struct, frozen=True, kw_only=True):
    """Those of a call, or the newest."""

    recordings: Sequence[RecordingLine]
    """That she may hear: a call's the oldest first, else the newest first."""
    hidden: int = 0
    """More that she may not hear."""
    waiting: bool = False
    """One more is being finished: ask again."""
    more: bool = False
    """There are older ones."""


class SpokenLine(msgspec.Struct, frozen=True, kw_only=True):
    """An utterance on the file's time."""

    utterance: str
    """Its id within the call."""
    speaker: Speaker
    """Who spoke."""
    start: float
    """Seconds of the file."""
    end: float
    """Seconds of the file."""
    tokens: Sequence[TimedToken]
    """[text, start, end] each."""
    aside: bool = False
    """Said while the caller was on hold."""
    corrected: bool = False
    """A person has corrected it; the original is in the record."""


class RecordingShown(msgspec.Struct, frozen=True, kw_only=True):
    """What the player shows."""

    recording_id: str
    """Its id."""
    call_id: str
    """Whose it is."""
    started: datetime
    """When its sound begins."""
    seconds: float
    """How long it is."""
    content: str
    """Media type."""
    why: StartCause
    """What started it."""
    by: str
    """Name of who did, '' = a rule."""
    broken: str
    """Why it ended early, '' = it did not."""
    unscreened: bool
    """Not all was transcribed: personal numbers may be left in it."""
    silences: Sequence[Silence]
    """Parts that are silent on purpose."""
    evidence: Sequence[Evidence]
    """Parts that alerts were raised for."""
    words: Sequence[SpokenLine]
    """What was said, in order."""
    peaks_per_second: int
    """Of the waveform."""
    sha256: str
    """Of the file as it is downloaded."""
    may_download: bool
    """She may take it with her, with a reason."""


class Hearing(msgspec.Struct, frozen=True, kw_only=True):
    """Where the sound is, for her and for an hour."""

    address: str
    """Of an <audio> element."""


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why a recording is taken out of the house."""

    reason: str
    """In her own words."""


class Sound(Protocol):
    """An opened recording."""

    content: str
    """Media type."""
    size: int
    """Bytes."""

    async def read(self, start: int, count: int) -> bytes:
        """A part. ``Refused`` ('unreadable') when the file was changed."""

    async def close(self) -> None:
        """No more is read."""


class RecordingsHouse(Protocol):
    """The house behind these addresses. ``Refused``: 'not_found', 'not_allowed'; 'unreadable' when the file was
    changed, or it or its key is gone."""

    async def of_call(self, call_id: str, agent: Agent) -> RecordingList:
        """See the module."""

    async def newest(self, agent: Agent, before: datetime | None, address: str) -> RecordingList:
        """Note it; see the module."""

    async def shown(self, recording_id: str, agent: Agent) -> RecordingShown:
        """See the module."""

    async def peaks(self, recording_id: str, agent: Agent) -> bytes:
        """See the module."""

    async def hear(self, recording_id: str, agent: Agent, address: str) -> str:
        """Note it; what ``sound`` wants to see."""

    async def sound(self, recording_id: str, agent: Agent, hearing: str) -> Sound:
        """Open it for one who hears. ``Refused`` ('not_allowed') without a hearing of hers."""

    async def download(self, recording_id: str, agent: Agent, reason: str, address: str) -> tuple[str, Sound]:
        """Note it and open it; its name as a file. ``Refused`` ('not_allowed')."""


class RecordingAnswers:
    """The addresses of recordings."""

    def __init__(self, house: RecordingsHouse) -> None:
        self._house = house

    async def found(self, request: web.Request, agent: Agent) -> RecordingList:
        if call_id := text(request, "call"):
            return await self._house.of_call(call_id, agent)
        return await self._house.newest(agent, before_of(request), request.remote or "")

    async def shown(self, request: web.Request, agent: Agent) -> RecordingShown:
        return await self._house.shown(_id(request), agent)

    async def peaks(self, request: web.Request, agent: Agent) -> web.Response:
        return web.Response(
            body=await self._house.peaks(_id(request), agent),
            content_type="application/octet-stream",
            headers={"Cache-Control": "no-store"},
        )

    async def hear(self, request: web.Request, agent: Agent) -> Hearing:
        hearing = await self._house.hear(_id(request), agent, request.remote or "")
        return Hearing(address=f"/records/api/recordings/{_id(request)}/audio?hearing={hearing}")

    async def audio(self, request: web.Request, agent: Agent) -> web.StreamResponse:
        sound = await self._house.sound(_id(request), agent, text(request, "hearing"))
        return await stream(request, sound, {})

    async def download(self, request: web.Request, agent: Agent) -> web.StreamResponse:
        why = (await sent(request, Reason)).reason.strip()
        if len(why) < 2:
            raise BadInput("내려받는 사유를 적어 주세요 / write down why it is taken out", code="no_reason")
        name, sound = await self._house.download(_id(request), agent, why[:REASON], request.remote or "")
        return await stream(request, sound, {"Content-Disposition": f'attachment; filename="{name}"'})


def recording_routes(house: RecordingsHouse) -> tuple[RecordsRoute, ...]:
    """The table."""
    answers = RecordingAnswers(house)
    return (
        RecordsRoute("GET", "recordings", AGENTS, answers.found),
        RecordsRoute("GET", "recordings/{recording_id}", AGENTS, answers.shown),
        RecordsRoute("GET", "recordings/{recording_id}/peaks", AGENTS, answers.peaks),
        RecordsRoute("POST", "recordings/{recording_id}/hear", AGENTS, answers.hear),
        RecordsRoute("GET", "recordings/{recording_id}/audio", AGENTS, answers.audio),
        RecordsRoute("POST", "recordings/{recording_id}/download", AGENTS, answers.download),
    )


async def stream(request: web.Request, sound: Sound, headers: dict[str, str]) -> web.StreamResponse:
    """All of it, or the range that was asked for. A part is read before the head is sent, so that a file that cannot
    be opened is an answer in words."""
    try:
        start, stop = _range(request, sound.size)
        first = await sound.read(start, min(PIECE, stop - start))
        ranged = "Range" in request.headers
        answer = web.StreamResponse(
            status=206 if ranged else 200,
            headers={
                "Accept-Ranges": "bytes",
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
                "Content-Type": sound.content,
                **headers,
            },
        )
        if ranged:
            answer.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{sound.size}"
        answer.content_length = stop - start
        await answer.prepare(request)
        await answer.write(first)
        at = start + len(first)
        while at < stop:
            piece = await sound.read(at, min(PIECE, stop - at))
            await answer.write(piece)
            at += len(piece)
        await answer.write_eof()
        return answer
    finally:
        await sound.close()


def _range(request: web.Request, size: int) -> tuple[int, int]:
    try:
        wanted = request.http_range
    except ValueError:
        wanted = slice(None)
    start, stop, _step = wanted.indices(size)
    if start >= stop:
        raise web.HTTPRequestRangeNotSatisfiable(headers={"Content-Range": f"bytes */{size}"})
    return start, stop


def before_of(request: web.Request) -> datetime | None:
    """The moment from which to page on; None = from the newest."""
    written = request.query.get("before", "")
    try:
        moment = datetime.fromisoformat(written) if written else None
    except ValueError as wrong:
        raise BadInput("before: 시각이어야 합니다 / before is a moment of ISO 8601") from wrong
    if moment is not None and moment.tzinfo is None:
        raise BadInput("before: 시간대가 필요합니다 / before needs its zone")
    return moment


def _id(request: web.Request) -> str:
    return request.match_info["recording_id"]
