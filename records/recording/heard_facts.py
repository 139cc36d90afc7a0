"""What a call's events say about its recording: what must be silent, what is evidence, who is heard. Pure."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from core.events import AlarmRaised, AlertChanged, CallAdopted, CallJoined, Event, LanguageChanged, TranscriptFinal
from core.store.recordings import Silence


class HeardFacts(msgspec.Struct, frozen=True, kw_only=True):
    """In seconds since the call began."""

    silences: tuple[Silence, ...]
    """Personal numbers: of every final that ever was, also of those that another language's model has corrected."""
    alerts: tuple[AlertChanged, ...]
    """Each once, as it was raised; those that were dismissed are none."""
    agents: tuple[str, ...]
    """Whoever the caller talked with, each once, in order."""
    unscreened: bool
    """Somebody spoke and nobody transcribed it: there is no telling what numbers were said."""


def heard_facts(events: Iterable[Event]) -> HeardFacts:
    """From all lasting events of one call."""
    silences: list[Silence] = []
    alerts: dict[str, AlertChanged] = {}
    agents: list[str] = []
    unscreened = False
    for event in events:
        match event:
            case TranscriptFinal(typed=False):
                silences += [Silence(start=start, end=end, why="number") for start, end in event.silenced]
            case AlertChanged(state="dismissed"):
                alerts.pop(event.alert_id, None)
            case AlertChanged():
                alerts.setdefault(event.alert_id, event)
            case CallJoined(agent_id=agent_id) if agent_id:
                agents.append(agent_id)
            case AlarmRaised(code="no_words" | "audio_dropped") | LanguageChanged(heard=False) | CallAdopted():
                unscreened = True
    return HeardFacts(
        silences=tuple(silences),
        alerts=tuple(alerts.values()),
        agents=tuple(dict.fromkeys(agents)),
        unscreened=unscreened,
    )
