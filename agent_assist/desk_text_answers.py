"""The desk's answers about text messages.

Each deed is logged with who and which call; never with what was written, nor to which number.
"""

from __future__ import annotations

import re
from typing import Any, Final, TypeVar

from aiohttp import web

from agent_assist.desk_house import DeskHouse
from agent_assist.desk_json import before, body, limit
from agent_assist.desk_texts import NumberWish, TextAgain, TextToLook, TextToSend
from core.agent import Agent
from core.errors import BadInput
from core.log import get_logger

log = get_logger("agent_assist.desk")

PAGE: Final = 50
LONGEST_TEXT: Final = 4000
"""Characters; the carriers' own limit is lower and told by ``text_look``."""
Keyed = TypeVar("Keyed", TextToSend, TextAgain)
_KEY: Final = re.compile(r"[0-9A-Za-z-]{16,64}")


class TextAnswers:
    """See the module; the addresses are in ``desk.py``."""

    def __init__(self, house: DeskHouse) -> None:
        self._house = house

    async def look(self, request: web.Request, _agent: Agent) -> Any:
        what = await body(request, TextToLook, '{"text": "..."}')
        return self._house.text_look(_not_endless(what.text), _not_endless(what.subject))

    async def offer(self, request: web.Request, agent: Agent) -> Any:
        return await self._house.text_offer(_call(request), agent.id, request.query.get("entry", ""))

    async def send(self, request: web.Request, agent: Agent) -> Any:
        what = await body(request, TextToSend, '{"text": "...", "key": "16 letters and digits"}')
        _not_endless(what.text)
        taken = await self._house.send_text(_call(request), agent.id, _with_key(what))
        log.info("desk.text_sent", agent=agent.id, call_id=_call(request), message_id=taken.message_id)
        return taken

    async def take_back(self, request: web.Request, agent: Agent) -> None:
        await self._house.take_back(request.match_info["message_id"], agent.id)
        log.info("desk.text_taken_back", agent=agent.id, message_id=request.match_info["message_id"])

    async def again(self, request: web.Request, agent: Agent) -> Any:
        what = await body(request, TextAgain, '{"key": "16 letters and digits"}')
        message_id = request.match_info["message_id"]
        taken = await self._house.text_again(message_id, agent.id, _with_key(what))
        log.info("desk.text_again", agent=agent.id, failed=message_id, message_id=taken.message_id)
        return taken

    async def ask_number(self, request: web.Request, agent: Agent) -> None:
        wish = await body(request, NumberWish, '{"do": "ask"|"number"|"yes"|"again"|"cancel", "number": "..."}')
        await self._house.ask_number(_call(request), agent.id, wish)
        log.info("desk.number_asked", agent=agent.id, call_id=_call(request), deed=wish.do)

    async def outbox(self, request: web.Request, agent: Agent) -> Any:
        return await self._house.outbox(
            limit=limit(request, PAGE),
            before=before(request),
            agent_id=agent.id,
            mine=request.query.get("mine") == "1",
        )


def _call(request: web.Request) -> str:
    return request.match_info["call_id"]


def _not_endless(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise BadInput(f"a text has at most {LONGEST_TEXT} characters here", code="message_too_long")
    return text


def _with_key(what: Keyed) -> Keyed:
    if not _KEY.fullmatch(what.key):
        raise BadInput("a text needs a key of 16 to 64 letters and digits", code="bad_key")
    return what
