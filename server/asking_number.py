"""A caller is asked for a mobile number in the middle of the talk: keyed or said, read back by voice and on the desk.

The rules are ``channels.number_asking``; here are the call's keys, words and voice around them. Without a voice on this
machine the agent says the sentences herself; the desk shows all of it in any case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ars.model import Language
from ars.voice import digits
from ars.words import say
from channels.number_asking import Asking, Event, Say, step
from core.contacts.phones import phones
from core.errors import MinwonError
from core.events import NumberAsked, TranscriptFinal
from core.log import get_logger
from core.numerals import phone
from core.phone_numbers import is_mobile, normalised
from server.announcing import Announcing
from server.line import Line

log = get_logger("server.asking_number")

_KEYS: Final[Mapping[Say, str]] = {
    "ask": "voice.mobile_ask",
    "wrong": "voice.mobile_wrong",
    "given_up": "voice.mobile_given_up",
    "read_back": "voice.mobile_read_back",
    "thanks": "voice.mobile_thanks",
}


class AskingNumber:
    """For one call."""

    def __init__(
        self,
        line: Line,
        announcing: Announcing,
        *,
        language: Callable[[], Language] = lambda: "ko",
        confirmed: Callable[[str], None] = lambda _number: None,
    ) -> None:
        """``language``: what the caller is spoken to in. ``confirmed`` gets the number that the caller stands by."""
        self._line = line
        self._announcing = announcing
        self._language = language
        self._confirmed = confirmed
        self.asking = Asking()
        """How far it is."""

    @property
    def takes_keys(self) -> bool:
        """Whether the caller's keys are this number's: then nobody else is told of them."""
        return self.asking.takes_keys

    async def do(self, event: Event, value: str = "") -> None:
        """The agent asks, types a number, confirms, asks again or gives it up. ``IllegalStep`` for what cannot be."""
        await self._step(event, value)

    async def key(self, key: str) -> None:
        """The caller pressed a key while ``takes_keys``."""
        await self._step("key", key)

    async def heard(self, final: TranscriptFinal) -> None:
        """The caller said something: a mobile number, perhaps."""
        if self.asking.phase != "asking" or final.speaker != "caller":
            return
        said = [number for found in phones(final.text) if is_mobile(number := normalised(found.value))]
        if said:
            await self._step("number", said[-1])  # the last one counts: 'no, wait, it is ...'

    async def _step(self, event: Event, value: str) -> None:
        self.asking, words = step(self.asking, event, value)
        shown = self.asking
        if shown.phase == "confirmed":
            self._confirmed(shown.number)
        await self._line.say(
            NumberAsked(state=shown.phase, number=shown.number, keyed=len(shown.digits), given_up=words == "given_up")
        )
        await self._say(words)

    async def _say(self, words: Say) -> None:
        if not words:
            return
        language = self._language()
        written = phone(self.asking.number) or self.asking.number
        text = say(language, _KEYS[words], number=digits(written))
        try:
            await self._announcing.say(text, language)
        except MinwonError as fault:
            log.warning("number.not_announced", call_id=self._line.call_id, code=fault.code)
