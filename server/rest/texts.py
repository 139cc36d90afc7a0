"""Texts over the REST API: sent by the one door (opt-outs, quiet hours, limits), once for each Idempotency-Key."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import Annotated, Final

import msgspec
from aiohttp import web
from msgspec import Meta

from channels.sending import Sending, Wish, require_sure
from core.audit import Audit, Note
from core.errors import BadInput, Refused
from core.events import TextState
from core.person_key import PersonKeys
from core.phone_numbers import normalised
from core.store.contract import Store
from core.store.messages import MessageRecord
from core.store.texting import WaitingText
from core.web.door import in_json, sent
from server.rest.door import Caller, RestRoute
from server.rest.problems import problem

_KEY: Final = re.compile(r'"?([\x21\x23-\x7e]{8,128})"?')
"""Also as the draft writes it, a string of RFC 8941."""


class TextWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text that a program wants to send."""

    to: Annotated[str, Meta(max_length=30)]
    """A mobile number, however it is written."""
    text: Annotated[str, Meta(max_length=2000)]
    """What it says; 90 bytes of EUC-KR are an SMS, 2,000 an LMS."""
    contact_id: Annotated[str, Meta(max_length=100)] = ""
    """The contact that it belongs to, '' = none."""
    sender: Annotated[str, Meta(max_length=20)] = ""
    """From which of the registered numbers, '' = the usual one."""
    sure: Annotated[tuple[str, ...], Meta(max_length=3)] = ()
    """Sent all the same: 'opted_out', 'quiet_hours', 'same_text'."""


class TextSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A text and how far it is. Neither its number nor its words."""

    text_id: str
    """Its id."""
    state: TextState
    """'waiting' and 'queued' = not yet at the gateway; 'sent', 'delivered', 'failed', 'withdrawn'."""
    reason: str
    """Why it failed, in words."""
    contact_id: str
    """The contact that it belongs to, '' = none."""
    asked: datetime
    """When it was asked for."""


class TextsApi:
    """The addresses of texts."""

    def __init__(self, sending: Sending, store: Store, audit: Audit, people: PersonKeys) -> None:
        self._sending = sending
        self._store = store
        self._audit = audit
        self._people = people

    async def send(self, request: web.Request, caller: Caller) -> web.Response:
        """Accepted, not yet sent: ask for its state, or be told by a webhook."""
        key = request.headers.get("Idempotency-Key", "")
        matched = _KEY.fullmatch(key)
        if matched is None:
            detail = "Idempotency-Key: 8~128자를 주세요 / give an Idempotency-Key of 8 to 128 visible characters"
            return problem(400, "idempotency_key", detail)
        what = await sent(request, TextWish)
        text_id = _id_of(caller.agent.id, matched[1])
        if (known := await self._known(text_id)) is not None:
            if (known.to, known.call_id) != (normalised(what.to), what.contact_id) or known.text != what.text:
                detail = "같은 Idempotency-Key로 다른 문자를 보냈습니다 / this key was used for another text"
                return problem(422, "idempotency_key_reused", detail)
            return _accepted(known)
        if what.contact_id and await self._store.contacts.record(what.contact_id) is None:
            raise Refused("그런 상담이 없습니다 / there is no such contact", code="no_record")
        await self._audit.note(
            Note(
                who=caller.agent.id,
                deed="changed",
                thing="text",
                subject=text_id,
                person=self._people.key(what.to),
                address=caller.address,
                detail=f"contact {what.contact_id}" if what.contact_id else "",
            )
        )
        wish = Wish(
            message_id=text_id,
            to=what.to,
            text=what.text,
            call_id=what.contact_id,
            by=caller.agent.id,
            sender=what.sender,
        )
        await self._sending.send(wish, sure=require_sure(what.sure))
        made = await self._known(text_id)
        if made is None:
            raise BadInput("문자를 찾을 수 없습니다 / it was taken back", code="no_message")
        return _accepted(made)

    async def state(self, request: web.Request, caller: Caller) -> TextSeen:
        """Of a text that this token sent."""
        found = await self._known(request.match_info["text_id"])
        if found is None or found.by != caller.agent.id:
            raise Refused("그런 문자가 없습니다 / there is no such text", code="not_found")
        return _seen(found)

    async def _known(self, text_id: str) -> WaitingText | MessageRecord | None:
        return self._sending.waiting.get(text_id) or await self._store.texting.message(text_id)


def text_routes(api: TextsApi) -> tuple[RestRoute, ...]:
    """The table."""
    return (
        RestRoute("POST", "texts", "texts:send", api.send, 202),
        RestRoute("GET", "texts/{text_id}", "texts:send", api.state),
    )


def _accepted(known: WaitingText | MessageRecord) -> web.Response:
    answer = in_json(202, _seen(known))
    answer.headers["Location"] = f"/api/v1/texts/{known.message_id}"
    return answer


def _seen(known: WaitingText | MessageRecord) -> TextSeen:
    return TextSeen(
        text_id=known.message_id,
        state="waiting" if isinstance(known, WaitingText) else known.state,
        reason="" if isinstance(known, WaitingText) else known.reason,
        contact_id=known.call_id,
        asked=known.at,
    )


def _id_of(who: str, key: str) -> str:
    """The same wish twice is one text."""
    return "rest-" + hashlib.sha256(f"{who}\0{key}".encode()).hexdigest()[:24]
