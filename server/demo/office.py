"""The telephone of the city's departments in the demo: whoever is passed on there, or asked first, gets an answer."""

from __future__ import annotations

import asyncio
from typing import Final

from core.errors import MinwonError
from core.log import get_logger
from server.demo.voice import Voice, VoiceBox
from telephony.softphone import PhoneCall, Softphone

log = get_logger("server.demo.office")

NUMBERS: Final = "0700055[0-9]{4}"
"""The invented city's own numbers: no other is called."""
_VOICE: Final = Voice(variant="f2", pitch=45, speed=165)
_SAYS: Final = (
    "네 담당 부서입니다 무엇을 도와드릴까요",
    "네 알겠습니다 접수 번호를 확인해 보겠습니다",
    "네 처리해 드리겠습니다 더 궁금하신 점 있으세요",
)
_PAUSE_S: Final = 4.0
_LATEST_S: Final = 3600.0


async def answer(phone: Softphone, box: VoiceBox) -> None:
    """Talk to whoever calls, until cancelled."""
    async with asyncio.TaskGroup() as talks:
        while True:
            call = await phone.next_call(timeout=_LATEST_S * 24)
            talks.create_task(_talk(call, box))


async def _talk(call: PhoneCall, box: VoiceBox) -> None:
    try:
        await call.answered(timeout=_LATEST_S)
        for words in _SAYS:
            await call.say(await box.say(words, _VOICE))
            await asyncio.sleep(_PAUSE_S)
        await call.over(timeout=_LATEST_S)
    except (MinwonError, TimeoutError) as fault:  # who called has gone
        log.debug("office.call_over", why=str(fault))
