"""One person's data by her telephone number: found, put into a file for her, deleted. Each is noted first, with its
reason and how it was made sure that it is she."""

from __future__ import annotations

import asyncio
import os
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from core.audit import Deed, Note
from core.errors import BadInput, MinwonError
from core.events import Event, now
from core.log import get_logger
from core.person_key import PersonKeys
from core.phone_numbers import normalised
from core.pictures.shelf import Pictures
from core.store.contract import Store
from core.store.recordings import Recording
from core.store.rights import PersonFound
from records.recording.codec import SUFFIX_OF
from records.recording.sealed_file import SealedPart
from records.rights import person_page
from records.rights.asked import Asked, Deleted, require_reason
from records.rights.person_page import PersonContact, PersonData
from server.recording.shelf import RecordingShelf
from server.rights.held_pictures import photo_ids

log = get_logger("server.rights.person")

_PIECE: Final = 1 << 20
Told = Callable[[int, int], None]
"""So many contacts of so many are done."""


class People:
    """One per node."""

    def __init__(
        self,
        store: Store,
        people: PersonKeys,
        shelf: RecordingShelf,
        pictures: Pictures,
        *,
        centre: str,
        zone: tzinfo,
        results: Mapping[str, str],
        clock: Callable[[], datetime] = now,
    ) -> None:
        """``results``: dispositions in Korean, by code."""
        self._store = store
        self._people = people
        self._shelf = shelf
        self._pictures = pictures
        self._centre = centre
        self._zone = zone
        self._results = results
        self._clock = clock

    async def find(self, asked: Asked) -> PersonFound:
        """What there is. ``BadInput`` when it is no number."""
        number = _number(asked.number)
        await self._note(asked, "searched")
        return await self._found(number)

    async def export(self, asked: Asked, file: Path, told: Told = lambda _done, _of: None) -> int:
        """All of it into a new ZIP; how many contacts. What is deleted meanwhile is told in the file.

        ``BadInput``: no number, no reason, no identity check."""
        number = _number(asked.number)
        require_reason(asked)
        await self._note(asked, "exported")
        found = await self._found(number)
        part = file.with_name(f"{file.name}.part")
        try:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
                contacts = []
                for done, line in enumerate(found.contacts, 1):
                    contacts.append(await self._contact(line, archive))
                    told(done, len(found.contacts))
                data = PersonData(
                    number=number,
                    made=self._clock(),
                    centre=self._centre,
                    contacts=contacts,
                    texts=await self._store.rights.texts_to(number),
                    callbacks=await self._store.rights.callbacks_to(number),
                    opted_out=found.opted_out,
                )
                await asyncio.to_thread(self._write_pages, data, archive)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
        return len(contacts)

    async def delete(self, asked: Asked, told: Told = lambda _done, _of: None) -> Deleted:
        """Everything but what is held. It may be broken off and asked again: the rest goes then.

        ``BadInput``: no number, no reason, no identity check."""
        number = _number(asked.number)
        require_reason(asked)
        await self._note(asked, "deleted")
        before = await self._found(number)
        gone, recordings, pictures = [], 0, 0
        for done, line in enumerate(before.contacts, 1):
            photos = photo_ids(await self._store.events(line))
            went = await self._store.rights.forget_person([line], key=self._people.key, today=self._today())
            if went:
                gone.append(line)
                recordings += await self._drop_recordings(line)
                for photo in photos:
                    await self._pictures.delete(photo)
                pictures += len(photos)
                await self._store.webhooks.forget([line])
            told(done, len(before.contacts))
            await asyncio.sleep(0)  # calls go first
        stay = tuple(line for line in before.contacts if line not in gone)
        others = await self._store.rights.forget_number(number, before.person, keeping=stay)
        if not stay:
            await self._store.statistics.forget_person(before.person)
        await self._store.rights.tidy()
        log.info("person.deleted", contacts=len(gone), held=len(stay), by=asked.by)
        return Deleted(
            contacts=len(gone),
            recordings=recordings,
            pictures=pictures,
            others=others,
            held=stay,
            held_by=before.held_by,
            opted_out=before.opted_out,
        )

    async def _found(self, number: str) -> PersonFound:
        return await self._store.rights.person(number, self._people.key, self._today())

    def _today(self) -> date:
        return self._clock().astimezone(self._zone).date()

    async def _note(self, asked: Asked, deed: Deed) -> None:
        await self._store.audit.note(
            Note(
                who=asked.by,
                deed=deed,
                thing="person",
                person=self._people.key(asked.number),
                address=asked.address,
                reason=asked.reason,
                detail=asked.identity,
            )
        )

    async def _contact(self, line: str, archive: zipfile.ZipFile) -> PersonContact:
        events: Sequence[Event] = await self._store.events(line)
        audio, pictures, missing = [], [], []
        for recording in await self._shelf.store.of_call(line):
            name = f"audio/{recording.recording_id}{SUFFIX_OF[recording.content]}"
            try:
                await asyncio.to_thread(self._write_sound, recording, archive, name)
                audio.append(name)
            except MinwonError as fault:
                log.error("person.recording_left_out", recording=recording.recording_id, why=str(fault))
                missing.append(f"녹음 {recording.recording_id}을(를) 열 수 없습니다")
        for photo in photo_ids(list(events)):
            path, name = self._pictures.path(photo), f"pictures/{photo}.jpg"
            try:
                if path is not None:
                    archive.writestr(name, await asyncio.to_thread(path.read_bytes))
                    pictures.append(name)
            except OSError:
                missing.append(f"사진 {photo}은(는) 보유 기간이 지나 삭제되었습니다")
        return PersonContact(
            contact_id=line,
            began=events[0].at if events else None,
            events=events,
            record=await self._store.contacts.record(line),
            audio=tuple(audio),
            pictures=tuple(pictures),
            missing=tuple(missing),
        )

    def _write_pages(self, data: PersonData, archive: zipfile.ZipFile) -> None:
        """In a thread."""
        archive.writestr("data.json", msgspec.json.format(msgspec.json.encode(data), indent=1))
        archive.writestr("index.html", person_page.page(data, self._zone, self._results))

    def _write_sound(self, recording: Recording, archive: zipfile.ZipFile, name: str) -> None:
        """In a thread. The first piece is read before the file is begun: one that can't be opened leaves no trace."""
        with self._shelf.open(recording) as reader:
            sound = SealedPart(reader, recording.audio_size)
            piece = sound.read(_PIECE)
            with archive.open(name, "w") as target:
                while piece:
                    target.write(piece)
                    piece = sound.read(_PIECE)

    async def _drop_recordings(self, line: str) -> int:
        unless_held = partial(self._store.rights.drop_recording, key=self._people.key, today=self._today())
        found = await self._shelf.store.of_call(line)
        return sum([await self._shelf.delete(each.recording_id, unless_held) for each in found])


def _number(written: str) -> str:
    number = normalised(written)
    if not number:
        raise BadInput("전화번호가 아닙니다 / this is no telephone number", code="not_a_number")
    return number
