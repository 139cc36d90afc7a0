"""Contacts leave the house as vCons: rights first, then the note in the audit log, then the file.

file = await vcons.export(contact_id, agent, VconWish(reason="정보공개 청구 2026-118"), address=...)
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec
from msgspec import Meta

from core.agent import Agent
from core.audit import Audit, Note
from core.config import Config
from core.errors import BadInput, Refused
from core.events import Event, now
from core.home import Home
from core.site_key import site_key
from core.store.contacts import ContactRecord
from core.store.contract import Store
from core.store.recordings import Recording
from records.record.rights import may_read
from records.recording import codec
from records.recording.rights import may_hear
from records.vcon.dialogs import Sound
from records.vcon.made import as_json, vcon
from server.recording.office import in_words
from server.recording.shelf import RecordingShelf

if TYPE_CHECKING:
    from records.vcon.signing import SigningKey

INLINE_BYTES: Final = 64 << 20
"""Of sound that one file takes; longer ones are given by reference."""
_PIECE: Final = 1 << 20
_SUFFIX: Final = {content: codec.SUFFIX[name] for name, content in codec.CONTENT.items()}
Inclusion = Literal["none", "reference", "inline"]


class VconWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to stand in the file, and why it leaves the house."""

    reason: Annotated[str, Meta(max_length=300)]
    """In her own words."""
    recording: Inclusion = "reference"
    """Recordings: not at all, by https address and hash, or in the file itself."""
    numbers: bool = False
    """Whether the citizen's telephone number stands in it."""
    signed: bool = True
    """Signed by the site's key (JWS), or as it is."""


class VconFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file ready to be sent."""

    name: str
    body: bytes


class Vcons:
    """One for the node, and for commands."""

    def __init__(
        self,
        store: Store,
        shelf: RecordingShelf,
        audit: Audit,
        *,
        key_file: Path,
        centre: str,
        own_recordings: bool,
        public_url: Callable[[], str],
        history: Callable[[str], Awaitable[Sequence[Event]]],
        clock: Callable[[], datetime] = now,
    ) -> None:
        """``key_file``: made at first use, if its folder is our own. ``history``: all that lasts of a contact."""
        self._store = store
        self._shelf = shelf
        self._audit = audit
        self._key_file = key_file
        self._centre = centre
        self._own_recordings = own_recordings
        self._public_url = public_url
        self._history = history
        self._clock = clock
        self._key: SigningKey | None = None

    async def export(self, contact_id: str, agent: Agent, wish: VconWish, *, address: str = "") -> VconFile:
        """Raises ``Refused`` ('no_record', 'not_yours', 'too_large', 'unreadable'), ``BadInput`` ('no_reason'), and
        ``EnvironmentFault`` ('vcon_key')."""
        reason = wish.reason.strip()
        if len(reason) < 2:
            raise BadInput("내보내는 사유를 적어 주세요 / write down why it leaves the house", code="no_reason")
        record = await self._store.contacts.record(contact_id)
        if record is None:
            raise Refused("그런 상담 기록이 없습니다 / there is no such record", code="no_record")
        if not may_read(agent, record):
            raise Refused("이 상담 기록을 볼 권한이 없습니다 / this record is not yours", code="not_yours")
        key = await self._signing_key() if wish.signed else None
        await self._note(record, agent, wish, reason, address)
        one = vcon(
            await self._history(contact_id),
            record,
            corrected={
                each.utterance: each.text for each in await self._store.contacts.corrections(contact_id=contact_id)
            },
            sounds=await self._sounds(contact_id, agent, wish.recording),
            centre=self._centre,
            numbers=wish.numbers,
            made=self._clock(),
        )
        body = as_json(one)
        if key is not None:
            body = msgspec.json.encode(await asyncio.to_thread(key.signed, body, one.uuid))
        return VconFile(name=f"{contact_id}.vcon", body=body)

    async def _note(self, record: ContactRecord, agent: Agent, wish: VconWish, reason: str, address: str) -> None:
        detail = f"vCon, recording: {wish.recording}{', numbers' if wish.numbers else ''}"
        await self._audit.note(
            Note(
                who=agent.id,
                deed="exported",
                thing="contact",
                subject=record.contact_id,
                person=record.person,
                address=address,
                reason=reason,
                detail=detail,
            )
        )

    async def _sounds(self, contact_id: str, agent: Agent, how: Inclusion) -> list[Sound]:
        if how == "none":
            return []
        found = [
            one
            for one in await self._store.recordings.of_call(contact_id)
            if may_hear(agent, one, own=self._own_recordings)
        ]
        if how == "inline" and sum(one.audio_size for one in found) > INLINE_BYTES:
            raise Refused(
                f"녹음이 {INLINE_BYTES >> 20} MB보다 큽니다: 주소로 넣으세요 / too large to be inline: by reference",
                code="too_large",
            )
        return [await self._sound(one, how) for one in found]

    async def _sound(self, one: Recording, how: Inclusion) -> Sound:
        filename = f"{one.recording_id}{_SUFFIX.get(one.content, '')}"
        if how == "inline":
            with in_words():
                body = await asyncio.to_thread(self._shelf.read, one, 0, one.audio_size)
            return Sound(recording=one, filename=filename, body=body)
        base = self._public_url()
        if not base.startswith("https://"):
            return Sound(recording=one, filename=filename)  # the draft knows https alone: section 2.4.1
        with in_words():
            digest = await asyncio.to_thread(self._digest, one)
        url = f"{base}/api/v1/recordings/{one.recording_id}/audio"
        return Sound(recording=one, filename=filename, url=url, content_hash=digest)

    def _digest(self, one: Recording) -> str:
        digest, at = hashlib.sha512(), 0
        with self._shelf.open(one) as reader:
            while at < one.audio_size:
                piece = reader.read(at, min(_PIECE, one.audio_size - at))
                digest.update(piece)
                at += len(piece)
        return "sha512-" + base64.urlsafe_b64encode(digest.digest()).decode().rstrip("=")

    async def _signing_key(self) -> SigningKey:
        if self._key is None:
            self._key = await asyncio.to_thread(open_signing_key, self._key_file, self._centre, self._clock())
        return self._key


def signing_key_file(config: Config, home: Home) -> Path:
    """Where it lies."""
    named = config.outward.vcon_key_file
    return Path(named).expanduser() if named else home.keys / "vcon.pem"


def open_signing_key(file: Path, name: str, at: datetime) -> SigningKey:
    """The key in that file, which is made at first use, readable by us alone. ``EnvironmentFault`` ('vcon_key')."""
    from records.vcon.signing import SigningKey, new_signing_key  # its library takes a while to load

    return SigningKey(site_key(file, "vcon_key", lambda: new_signing_key(name, at)))
