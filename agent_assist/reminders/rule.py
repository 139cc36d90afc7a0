"""A rule: what has to be said within so many seconds, or what is to be done once something was said."""

from __future__ import annotations

from typing import Literal

import msgspec

from core.events import Speaker

When = Literal["from_join", "after_phrase"]


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule of a city. :mod:`agent_assist.reminders.rules` reads and checks them."""

    id: str
    """Its own id: small Latin letters, digits, '_' and '-'."""
    title: str
    """What it is about, for the administrator."""
    speaker: Speaker = "agent"
    """Who must say it, or has said it."""
    phrases: tuple[str, ...]
    """One of these is enough; see :mod:`agent_assist.reminders.phrases`."""
    negate: bool = True
    """True: the agent is reminded when it was *not* said in time. False: she is when it *was* said in time."""
    when: When = "from_join"
    """From when on time counts: from caller and agent hearing each other, or from another phrase."""
    after_speaker: Speaker = "caller"
    """Whose phrase opens the time, with 'after_phrase'."""
    after: tuple[str, ...] = ()
    """One of these opens the time, with 'after_phrase'."""
    within_s: float
    """Seconds; 0 with ``negate``: it must have been said before. 0 without: whenever it is said."""
    earlier: bool = False
    """With 'after_phrase' and ``negate``: having said it earlier in the call is as good."""
    text: str = ""
    """What the agent is reminded of, in Korean."""
    text_en: str = ""
    """The same in English; '' = the Korean one."""
    entry_id: str = ""
    """The entry whose card is shown, '' = none."""

    def words(self, language: str = "ko") -> str:
        """The reminder in that language; the title where only a card is shown."""
        return (self.text_en if language == "en" else "") or self.text or self.title
