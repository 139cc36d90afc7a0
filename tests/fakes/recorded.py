"""A recorded call whose words are where its events say, and a site that plays it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
from aiohttp import web

from agent_assist.desk_pages import DeskPages
from core.agent import Agent
from core.audio import FRAME_S, FRAME_SAMPLES
from core.audit import Note
from core.config import RecordingConfig
from core.events import (
    AlertChanged,
    CallEnded,
    CallJoined,
    CallStarted,
    Event,
    Party,
    RecordingChanged,
    Speaker,
    TranscriptFinal,
    Word,
)
from core.home import open_home
from core.keyring import Keyring, new_key
from core.store.recordings import Recording
from core.store.sql_store import open_store
from records.recording.codec import Codec
from records.recording.spool import Entry, Quiet, Sound, SpoolWriter, new_head
from records.routes.pages import RecordsPages
from records.routes.recordings import recording_routes
from records.routes.room import ALL, records_room
from records.routes.route import RecordsRoute
from server.recording.office import OfficeRecordings
from server.recording.recordings import Recordings
from server.recording.shelf import RecordingShelf
from tests.fakes.served import OnPort
from tests.flows.spoken import spoken

CALL: Final = "call-1"
T0: Final = datetime(2026, 11, 26, 5, 3, tzinfo=UTC)
MASK: Final = "[주민등록번호 가림]"
_SLOT_BYTES: Final = FRAME_SAMPLES * 2

SAID: Final[tuple[tuple[Speaker, str], ...]] = (
    ("agent", "한빛시 민원콜센터 김하늘입니다 무엇을 도와 드릴까요"),
    ("caller", "여권을 새로 만들려고 하는데요 무엇을 가져가야 하나요"),
    ("agent", "여권 사진 한 장과 신분증을 가지고 민원여권과로 오시면 됩니다"),
    ("caller", f"제 주민번호는 {MASK} 이에요"),
    ("agent", "번호는 말씀하지 않으셔도 됩니다 수수료는 오만 삼천 원입니다"),
    ("caller", "왜 이렇게 비싸 이 도둑놈들아"),
    ("agent", "불편을 드려 죄송합니다 더 도와 드릴 일이 있을까요"),
    ("caller", "아니요 여권 사진은 어디에서 찍나요"),
)
NUMBER: Final = "팔오공삼일이 이삼사오육칠팔"


class Script(msgspec.Struct):
    """What was said, as sound on each leg and as events."""

    entries: list[Entry]
    events: list[Event]


def script(call_id: str = CALL, *, agent: str = "agent") -> Script:
    """One voice after the other, half a second between them; the number is in the sound and not in the text."""
    entries: list[Entry] = []
    events: list[Event] = [
        CallStarted(at=T0, caller=Party(number="01000002841"), called="120"),
        CallJoined(agent_id=agent, agent_name="김하늘"),
        RecordingChanged(state="started", reason="rule", recording_id="rec-1"),
    ]
    slot, counts = 100, {"caller": 0, "agent": 0, "third": 0}  # the talk begins 2 s after the call
    for speaker, sentence in SAID:
        first, begin, words, silenced = slot, slot * FRAME_S, [], ()
        tokens = sentence.replace(MASK, "@").split()
        for token in tokens:
            pcm = spoken(NUMBER if token == "@" else token, voice="f2" if speaker == "caller" else "m7")
            pcm += bytes(-len(pcm) % _SLOT_BYTES)
            start = slot * FRAME_S
            entries.append(Sound(speaker, slot, pcm))
            slot += len(pcm) // _SLOT_BYTES
            end = slot * FRAME_S
            if token == "@":
                silenced = ((start, end),)
            else:
                words.append(Word(text=token, start=round(start, 2), end=round(end, 2), confidence=0.9))
            slot += 3
        counts[speaker] += 1
        utterance = f"{speaker}-{counts[speaker]}"
        events.append(
            TranscriptFinal(
                speaker=speaker,
                utterance=utterance,
                start=begin,
                end=slot * FRAME_S,
                text=sentence,
                words=tuple(words),
                confidence=0.9,
                masked=("resident_number",) if silenced else (),
                silenced=silenced,
            )
        )
        if "도둑놈" in sentence:
            alert = AlertChanged(
                alert_id="alert-1",
                kind="abuse",
                utterance=utterance,
                start=begin,
                end=slot * FRAME_S,
                words=("도둑놈",),
            )
            events += [alert, msgspec.structs.replace(alert, state="handling", by=agent)]
        slot += 25
    entries.append(Quiet("keys", first - 20, first - 5))
    events.append(CallEnded(reason="caller_hung_up", duration_s=slot * FRAME_S))
    numbered = [
        msgspec.structs.replace(event, call_id=call_id, seq=number, at=T0) for number, event in enumerate(events, 1)
    ]
    return Script(entries, numbered)


AGENTS: Final = {
    agent.id: agent
    for agent in (
        Agent(id="agent", name="김하늘"),
        Agent(id="second", name="이바다"),
        Agent(id="editor", name="박편집", roles=("editor",)),
        Agent(id="supervisor", name="정감독", roles=("supervisor",)),
    )
}


class Notes:
    """An audit log in memory."""

    def __init__(self) -> None:
        self.kept: list[Note] = []

    async def note(self, note: Note) -> None:
        self.kept.append(note)


class PlayerSite(OnPort):
    """``async with PlayerSite(folder) as site``: the office application with one recorded call; the cookie ``who`` (or
    ``ask``'s ``by``) says who has signed in."""

    def __init__(self, folder: Path, codec: Codec = "opus") -> None:
        self._folder = folder
        self.config = RecordingConfig(start="always", codec="flac" if codec == "flac" else "opus", floor_mb=50)
        self.notes = Notes()
        self.centre = "한빛시 민원콜센터"

    async def __aenter__(self) -> PlayerSite:
        self.store = await open_store("", open_home(self._folder / "home"))
        self.keyring = Keyring([new_key()])
        self.shelf = RecordingShelf(self._folder / "recordings", self.store.recordings, self.keyring)
        self.recording = await self.record(script())
        office = OfficeRecordings(
            self.shelf,
            self.config,
            self.store,
            self.notes,
            names=lambda: {agent.id: agent.name for agent in AGENTS.values()},
        )
        app = web.Application()
        app.router.add_get("/desk/static/{path:.+}", DeskPages().static)
        terms = RecordsRoute("GET", "terms", ALL, self._terms)
        records_room(self, RecordsPages(), (terms, *recording_routes(office)))(app)
        await self.serve(app)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.unserve()
        await self.store.close()

    async def record(self, said: Script, recording_id: str = "rec-1") -> Recording:
        """As a call that was recorded and is over."""
        self.shelf.make_folders()
        await self.store.append(said.events)
        key = self.keyring.data_key(f"spool:{recording_id}")
        head = new_head(
            recording_id=recording_id,
            call_id=said.events[0].call_id,
            began=T0,
            why="rule",
            by="",
            wrapped_key=key.wrapped,
        )
        writer = SpoolWriter(self.shelf.spool / f"{recording_id}.spool", head, key.secret)
        for entry in said.entries:
            writer.put(entry)
        writer.close()

        async def tell(_call_id: str, _event: Event) -> None:
            return None

        recordings = Recordings(self.config, self.shelf, self.store, running=lambda: (), tell=tell)
        assert await recordings.finish_all() == 0
        found = await self.store.recordings.recording(recording_id)
        assert found is not None
        return found

    def who(self, request: web.Request) -> Agent | None:
        return AGENTS.get(request.headers.get("X-Agent") or request.cookies.get("who", ""))

    async def _terms(self, _request: web.Request, _agent: Agent) -> dict[str, Any]:
        """What the application asks for before its first page."""
        lists: dict[str, Any] = {name: [] for name in ("results", "categories", "departments", "districts")}
        return lists | {"people": {}, "waiting": 0, "today": "2026-11-26"}

    async def ask(
        self, method: str, path: str, content: Any = None, *, by: str = "agent", headers: dict[str, str] | None = None
    ) -> tuple[int, Any, Any]:
        """(status, content, headers) of one address of the API."""
        given = {"X-Agent": by, **(headers or {})}
        async with self.client.request(method, f"/records/api/{path}", headers=given, json=content) as answer:
            is_json = answer.content_type == "application/json"
            return answer.status, await answer.json() if is_json else await answer.read(), answer.headers
