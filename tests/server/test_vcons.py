"""Contacts leave the house as vCons: rights, the note in the audit log, recordings in every form, the site's key."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web

from core.agent import Agent
from core.config import Config
from core.errors import BadInput, Refused
from core.home import Home
from core.keyring import Keyring, new_key
from core.store.audit import AuditQuery
from core.store.contacts import ContactRecord
from core.store.contract import Store
from core.store.sql_store import open_store
from core.web.door import sent
from records.record.course import course
from records.recording.sealed_file import SealedWriter
from server.recording.shelf import RecordingShelf, purpose
from server.vcons import Vcons, VconWish, signing_key_file
from tests.records.vcon.rules import require
from tests.records.vcon.test_made import a_call, recording

BOSS = Agent(id="boss", name="정감독", roles=("supervisor",))
SOUND = b"OggS" + bytes(range(256)) * 40


def vcons_of(store: Store, home: Home, *, public_url: str = "https://120.city.example") -> Vcons:
    async def history(contact_id: str) -> Any:
        return await store.events(contact_id)

    shelf = RecordingShelf(home.spool, store.recordings, RING)
    return Vcons(
        store,
        shelf,
        store.audit,
        key_file=signing_key_file(Config(), home),
        centre="한빛시 민원콜센터",
        own_recordings=True,
        public_url=lambda: public_url,
        history=history,
    )


RING = Keyring([new_key()])


def exporting(store: Store, home: Home) -> Callable[[web.Request, Agent], Awaitable[tuple[str, bytes]]]:
    """As ``server.outward_parts`` has it."""
    vcons = vcons_of(store, home)

    async def export(request: web.Request, agent: Agent) -> tuple[str, bytes]:
        file = await vcons.export(request.match_info["contact_id"], agent, await sent(request, VconWish))
        return file.name, file.body

    return export


@pytest.fixture
async def store(home: Home) -> AsyncIterator[Store]:
    """One call with its record and a recording."""
    opened: Store = await open_store("", home)
    events = a_call()
    await opened.append(events)
    await opened.contacts.draft(record_of(events))
    key = RING.data_key(purpose("rec-1"))
    home.spool.mkdir(parents=True, exist_ok=True)
    with SealedWriter(home.spool / "rec-1.mrec", key.secret, "rec-1", "audio/ogg; codecs=opus") as file:
        file.write(SOUND)
    await opened.recordings.put(
        recording(file="rec-1.mrec", audio_size=len(SOUND), wrapped_key=key.wrapped, key_id=RING.newest)
    )
    yield opened
    await opened.close()


def record_of(events: list[Any]) -> ContactRecord:
    return ContactRecord(contact_id="c1", person="p" * 32, **course(events))


async def plain(vcons: Vcons, agent: Agent = BOSS, **wish: Any) -> dict[str, Any]:
    file = await vcons.export("c1", agent, VconWish(reason="정보공개 청구", signed=False, **wish), address="10.0.0.1")
    found: dict[str, Any] = json.loads(file.body)
    require(found)
    return found


async def test_recordings_by_reference_inline_and_not_at_all(store: Store, home: Home) -> None:
    vcons = vcons_of(store, home)
    spoken = (await plain(vcons))["dialog"][0]
    assert spoken["url"] == "https://120.city.example/api/v1/recordings/rec-1/audio"
    digest = base64.urlsafe_b64encode(hashlib.sha512(SOUND).digest()).decode().rstrip("=")
    assert spoken["content_hash"] == f"sha512-{digest}"
    body = (await plain(vcons, recording="inline"))["dialog"][0]["body"]
    assert base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)) == SOUND
    assert "filename" not in (await plain(vcons, recording="none"))["dialog"][0]
    nowhere = (await plain(vcons_of(store, home, public_url="http://127.0.0.1:8090")))["dialog"][0]
    assert "url" not in nowhere and nowhere["filename"] == "rec-1.opus"


async def test_of_another_team_nothing_where_the_site_says_so(store: Store, home: Home) -> None:
    other = Agent(id="other", name="n", roles=("supervisor",), team="교통", people=("other",))
    with pytest.raises(Refused) as refused:
        await plain(vcons_of(store, home), other, recording="inline")
    assert refused.value.code == "not_yours"


async def test_noted_with_its_reason_before_it_leaves(store: Store, home: Home) -> None:
    vcons = vcons_of(store, home)
    for wrong, reason, who, code in (
        (BadInput, " ", BOSS, "no_reason"),
        (Refused, "감사", Agent(id="lee", name="n"), "not_yours"),
    ):
        with pytest.raises(wrong) as fault:
            await vcons.export("c1", who, VconWish(reason=reason))
        assert fault.value.code == code
    with pytest.raises(Refused):
        await vcons.export("nobody", BOSS, VconWish(reason="감사"))
    assert await store.audit.lines(AuditQuery()) == []
    await plain(vcons, numbers=True)
    (line,) = await store.audit.lines(AuditQuery())
    assert (line.note.deed, line.note.subject, line.note.person) == ("exported", "c1", "p" * 32)
    assert (line.note.reason, line.note.detail) == ("정보공개 청구", "vCon, recording: reference, numbers")


async def test_the_sites_key_is_made_once_and_signs(store: Store, home: Home) -> None:
    file = signing_key_file(Config(), home)
    signed = json.loads((await vcons_of(store, home).export("c1", BOSS, VconWish(reason="감사"))).body)
    assert file.stat().st_mode & 0o777 == 0o600
    pem = file.read_bytes()
    again = json.loads((await vcons_of(store, home).export("c1", BOSS, VconWish(reason="감사"))).body)
    assert file.read_bytes() == pem
    certificates = [each["signatures"][0]["header"]["x5c"] for each in (signed, again)]
    assert certificates[0] == certificates[1]


async def test_a_recording_that_cannot_be_read_is_told_in_words(store: Store, home: Home) -> None:
    (home.spool / "rec-1.mrec").write_bytes(b"something else")
    with pytest.raises(Refused) as fault:
        await plain(vcons_of(store, home), recording="inline")
    assert fault.value.code == "unreadable"
