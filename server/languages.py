"""In what language a call is heard: by the number that was called, by the caller's menu, by the agent, who has the last
word. Its legs' ears follow at once (``stt/listener.py``).

What a node can hear is its main model's language and those of ``[[languages]]``. With none of these all calls are heard
in the main one, whatever the menu speaks, and nobody is asked anything. A call whose language has no model goes on
without words, and its desk says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from agent_assist.desk_language import Spoken
from core.config import LanguageConfig
from core.errors import Refused
from core.events import LanguageBy, LanguageChanged
from core.log import get_logger
from server.line import Line
from stt.decode_pool import DecodePool
from stt.listener import Turn
from stt.pools import Pools

log = get_logger("server.languages")

NO_LANGUAGE: Final = "no_language"
"""``Refused``: nobody has configured that one."""


class Languages:
    """One for the node."""

    def __init__(self, pools: Pools, configured: Sequence[LanguageConfig] = ()) -> None:
        self._pools = pools
        self._codes = tuple(dict.fromkeys((pools.language, *(other.language for other in configured))))
        self._lines = {number: other.language for other in configured for number in other.lines}

    @property
    def main(self) -> str:
        """The language of ``stt.model``."""
        return self._pools.language

    @property
    def several(self) -> bool:
        """Whether there is anything to choose."""
        return len(self._codes) > 1

    def offered(self) -> tuple[Spoken, ...]:
        """What an agent may choose, the main one first; none where there is nothing to choose."""
        return tuple(Spoken(language=code, heard=self.pool(code) is not None) for code in self._codes if self.several)

    def named(self, language: str) -> str:
        """The configured language that is meant ('en' means 'en-US' where only that is there); '' = none."""
        primary = language.partition("-")[0]
        alike = (code for code in self._codes if code.partition("-")[0] == primary)
        return language if language in self._codes else next(alike, "")

    def of_number(self, called: str) -> str:
        """The language of a called number."""
        return self._lines.get(called, self.main)

    def pool(self, language: str) -> DecodePool | None:
        """Who hears it; None = there is no model."""
        return self._pools.get(language)


class CallLanguage:
    """One for each call. All changes are said on the call's line; a node that takes the call over finds them there."""

    def __init__(self, line: Line, languages: Languages | None, called: str = "") -> None:
        """``called``: the number that a caller dialled, '' of calls that we make. Without ``languages`` nothing ever
        changes, and nothing is heard."""
        self._line = line
        self._languages = languages
        self._told = next((event for event in reversed(line.past) if isinstance(event, LanguageChanged)), None)
        self._by: LanguageBy = self._told.by if self._told is not None else "line"
        self.language = self._first(called)
        self._ears: set[Turn] = set()

    @property
    def pool(self) -> DecodePool | None:
        """Who hears the call now."""
        return self._languages.pool(self.language) if self._languages is not None else None

    @property
    def may_change(self) -> bool:
        """Whether there is another language."""
        return self._languages is not None and self._languages.several

    @contextmanager
    def follow(self, turn: Turn) -> Iterator[None]:
        """See ``stt.listener.Follow``."""
        self._ears.add(turn)
        try:
            yield
        finally:
            self._ears.discard(turn)

    async def begin(self) -> None:
        """The call is on its line: say what it is heard in, where that is not what everybody expects."""
        if self._languages is None:
            return
        told = self._told
        expected = (told.language, told.heard) if told is not None else (self._languages.main, True)
        if (self.language, self._is_heard) != expected:
            await self._say()

    async def menu(self, language: str) -> None:
        """The caller's menu speaks that language from now on: she does, too, unless the agent knows better."""
        if self._by != "agent" and self._languages is not None and self._languages.several:
            await self._change(self._languages.named(language) or language, "menu")

    async def choose(self, language: str) -> None:
        """The agent heard what the caller speaks. ``Refused`` for a language that is not configured."""
        named = self._languages.named(language) if self._languages is not None and self._languages.several else ""
        if not named:
            raise Refused(f"no language '{language}' is configured: see [[languages]]", code=NO_LANGUAGE)
        await self._change(named, "agent")

    @property
    def _is_heard(self) -> bool:
        return self.pool is not None

    def _first(self, called: str) -> str:
        if self._languages is None:
            return ""
        if self._told is not None and self._languages.several:
            return self._told.language
        return self._languages.of_number(called)

    async def _change(self, language: str, by: LanguageBy) -> None:
        self._by = by
        if language == self.language:
            return
        self.language = language
        for turn in list(self._ears):
            turn(self.pool)
        log.info("call.language", call_id=self._line.call_id, language=language, by=by, heard=self._is_heard)
        await self._say()

    async def _say(self) -> None:
        pool = self.pool
        model = pool.model.name if pool is not None else ""
        self._told = await self._line.say(
            LanguageChanged(language=self.language, heard=pool is not None, by=self._by, model=model)
        )
