"""What a page sends as a form: all of it without JavaScript, and with it where no socket is let through.

Answered with 303 back to the page, or with messages for the page's script (``Accept: application/json``).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Final

import msgspec
from aiohttp import BodyPartReader, MultipartReader, hdrs, web
from aiohttp.http_exceptions import HttpProcessingError
from msgspec.structs import replace

from ars.messages import LONGEST_FORM, Extend, PageMessage, Search, Submit, Tap, ToPage, Write
from ars.messages import Photo as PhotoMessage
from ars.messages import Refused as RefusedMessage
from ars.phone.answers import Answers, wants_json
from ars.phone.body import read_form
from ars.phone.door import Door, Guest, Shut, look_of
from ars.phone.talk import Talk
from ars.photos import Photos
from ars.visit import Visit
from ars.words import say
from core.errors import BadInput, EnvironmentFault, Refused
from core.events import PhotoReceived
from core.pictures.shelf import Photo
from core.web.rate import Buckets

RATE: Final = 5.0
"""Posts a second of one visit in the long run."""
BURST: Final = 20.0
"""And at once."""
MOST_FIELDS: Final = 100
PARTS_S: Final = 600.0
"""The longest that a form with its pictures may take."""
_BLOCK: Final = 64 * 1024

Form = dict[str, str]


class Posts:
    """One for the node."""

    def __init__(self, talk: Talk, door: Door, answers: Answers, photos: Photos) -> None:
        self._talk = talk
        self._door = door
        self._answers = answers
        self._photos = photos
        self._buckets = Buckets(RATE, BURST)

    async def tap(self, request: web.Request) -> web.StreamResponse:
        """POST /v/TOKEN/tap: ``_number``, ``_choice``."""
        return await self._do(request, lambda form: Tap(number=_number(form), choice=form.get("_choice", "")))

    async def write(self, request: web.Request) -> web.StreamResponse:
        """POST /v/TOKEN/write: ``_text``, ``_mark``."""
        return await self._do(request, lambda form: Write(text=form.get("_text", ""), mark=form.get("_mark", "")))

    async def extend(self, request: web.Request) -> web.StreamResponse:
        """POST /v/TOKEN/extend."""
        return await self._do(request, lambda _form: Extend())

    async def search(self, request: web.Request) -> web.StreamResponse:
        """POST /v/TOKEN/search, by the page's script alone: ``q``."""
        return await self._do(request, lambda form: Search(query=form.get("q", "")))

    async def form(self, request: web.Request) -> web.StreamResponse:
        """POST /v/TOKEN/form: ``_number`` and the fields; without JavaScript pictures are in it, too."""
        guest = self._enter(request)
        errors: dict[str, str] = {}
        if request.content_type == "multipart/form-data":
            try:
                async with asyncio.timeout(PARTS_S):
                    form, errors = await self._parts(request, guest)
            except TimeoutError as slow:
                raise Shut("not_sent") from slow
        else:
            form = await _form(request)
        if errors:
            return self._again(request, guest, form, errors)
        values = {name: value for name, value in form.items() if not name.startswith("_")}
        return await self._act(request, guest, lambda: Submit(number=_number(form), values=values))

    async def photo(self, request: web.Request) -> web.StreamResponse:
        """POST /v/TOKEN/photo?field=&place=1: the file itself is the body, as it comes."""
        guest = self._enter(request)
        field = request.query.get("field", "")[:40]
        chunks = request.content.iter_chunked(_BLOCK)
        try:
            photo = await self._receive(chunks, guest, request.content_type, consent=request.query.get("place") == "1")
        except (BadInput, Refused, EnvironmentFault) as fault:
            text = photo_fault(guest.visit, fault.code)
            return self._answers.messages(request, [RefusedMessage(why=fault.code, text=text)], status=422)
        return self._answers.messages(request, [PhotoMessage(field=field, photo_id=photo.photo_id)])

    def _enter(self, request: web.Request) -> Guest:
        guest = self._door.enter(request)
        if not self._buckets.take(guest.visit.visit_id, asyncio.get_running_loop().time()):
            self._talk.refused(guest.visit, "too_fast", "page.too_fast")
            raise Shut("too_many", wait_s=1)
        return guest

    async def _do(self, request: web.Request, message: Callable[[Form], PageMessage]) -> web.StreamResponse:
        guest = self._enter(request)
        form = await _form(request)
        return await self._act(request, guest, lambda: message(form))

    async def _act(self, request: web.Request, guest: Guest, message: Callable[[], PageMessage]) -> web.StreamResponse:
        visit = guest.visit
        answers: list[ToPage]
        try:
            # Through the wire's own check: the limits of ``ars.messages`` hold for posts, too.
            wanted = msgspec.convert(msgspec.to_builtins(message()), PageMessage)
        except msgspec.ValidationError:
            answers = [self._talk.refused(visit, "message", "page.misunderstood")]
        else:
            answers = await self._talk.act(visit, guest.base, wanted)
        if not wants_json(request):
            return self._answers.other(request, guest.base)
        if not answers:
            answers = [self._talk.screen(visit, guest.base), self._talk.status(visit)]
        return self._answers.messages(request, answers)

    def _again(self, request: web.Request, guest: Guest, form: Form, errors: Mapping[str, str]) -> web.Response:
        """The form once more, as it was filled in, with what is wrong with its pictures."""
        shown = self._talk.shown(guest.visit, guest.base)
        fields = tuple(
            replace(field, error=errors.get(field.id, ""), value="" if field.secret else form.get(field.id, ""))
            for field in shown.view.fields
        )
        shown = replace(shown, view=replace(shown.view, fields=fields))
        return self._answers.page(request, self._talk.renderer.page(shown, look_of(request)), status=422)

    async def _parts(self, request: web.Request, guest: Guest) -> tuple[Form, dict[str, str]]:
        """The parts of a form with pictures, read as they come: values, and what is wrong with pictures by field."""
        form: Form = {}
        photos: Form = {}
        errors: dict[str, str] = {}
        size = 0
        try:
            async for part in _bounded(await request.multipart()):
                if part.name is None:
                    continue
                if part.name.startswith("_photo_"):
                    if part.filename:
                        await self._photo_part(part, guest, form, photos, errors)
                    continue
                chunk = await part.read_chunk(LONGEST_FORM + 1 - size)
                while chunk:
                    size += len(chunk)
                    if size > LONGEST_FORM or len(form) >= MOST_FIELDS:
                        raise Shut("too_large")
                    form[part.name] = form.get(part.name, "") + chunk.decode("utf-8", "replace")
                    chunk = await part.read_chunk(max(1, LONGEST_FORM + 1 - size))
                form.setdefault(part.name, "")
        except (ValueError, AssertionError, LookupError, RuntimeError, HttpProcessingError) as broken:
            # What aiohttp says of a broken body.
            raise Shut("not_sent") from broken
        return {**form, **photos}, errors

    async def _photo_part(
        self, part: BodyPartReader, guest: Guest, form: Form, photos: Form, errors: dict[str, str]
    ) -> None:
        assert part.name is not None
        field = part.name.removeprefix("_photo_")
        declared = part.headers.get(hdrs.CONTENT_TYPE, "")
        try:
            photo = await self._receive(_chunks(part), guest, declared, consent=form.get(f"_place_{field}") == "yes")
            photos[field] = photo.photo_id
        except (BadInput, Refused, EnvironmentFault) as fault:
            errors[field] = photo_fault(guest.visit, fault.code)

    async def _receive(self, stream: AsyncIterator[bytes], guest: Guest, declared: str, *, consent: bool) -> Photo:
        visit = self._door.visit(guest)
        photo = await self._photos.receive(
            stream,
            visit_id=visit.visit_id,
            now=self._talk.now(),
            declared=declared,
            place_consent=consent,
            in_call=visit.call is not None,
        )
        visit = self._door.visit(guest)  # the page may have got its call meanwhile, or its end
        if visit.call is not None:
            self._photos.called([photo.photo_id])
        elif self._talk.visits.get(visit.visit_id) is None:
            await self._photos.uncalled([photo.photo_id])
            raise Shut("expired")
        visit.photo(
            PhotoReceived(
                visit_id=visit.visit_id,
                photo_id=photo.photo_id,
                width=photo.width,
                height=photo.height,
                size=photo.size,
                latitude=photo.latitude,
                longitude=photo.longitude,
            )
        )
        return photo


def photo_fault(visit: Visit, code: str) -> str:
    """Why a photo was not taken, in the caller's words."""
    try:
        return say(visit.state.language, code.replace("photo_", "photo.", 1), count=5)
    except KeyError:
        return say(visit.state.language, "photo.failed")


async def _form(request: web.Request) -> Form:
    return await read_form(request, longest=LONGEST_FORM, fields=MOST_FIELDS)


async def _bounded(parts: MultipartReader) -> AsyncIterator[BodyPartReader]:
    """The parts of a form, no more than a form can have, and none with parts inside."""
    count = 0
    async for part in parts:
        count += 1
        if count > MOST_FIELDS or not isinstance(part, BodyPartReader):
            raise Shut("not_sent")
        yield part


async def _chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    while chunk := await part.read_chunk(_BLOCK):
        yield chunk


def _number(form: Mapping[str, str]) -> int:
    text = form.get("_number", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
