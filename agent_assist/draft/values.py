"""The values of a call, each once; what was corrected is gone. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from agent_assist.draft.cues import CORRECTIONS
from agent_assist.hangul import squeezed
from core.events import Event, HeardValue, TranscriptFinal, ValuesHeard

VALUES_LIMIT: Final = 50
"""The newest stay."""


def heard_values(events: Iterable[Event]) -> tuple[HeardValue, ...]:
    """All values in the order in which they were said first. One said after 'no, ...' takes the place of the one of
    its kind before it."""
    known = list(events)
    texts = {event.utterance: event.text for event in known if isinstance(event, TranscriptFinal)}
    kept: list[HeardValue] = []
    for event in known:
        if isinstance(event, ValuesHeard):
            _take(event, texts, kept)
    return tuple(kept[-VALUES_LIMIT:])


def _take(event: ValuesHeard, texts: Mapping[str, str], kept: list[HeardValue]) -> None:
    text = texts.get(event.utterance, "")
    since = 0
    for value in event.values:
        corrects = CORRECTIONS.search(squeezed(text[since : value.start])) is not None
        since = value.end
        last = next((at for at in reversed(range(len(kept))) if kept[at].kind == value.kind), None)
        same = next((at for at, other in enumerate(kept) if _key(other) == _key(value)), None)
        if same is not None:
            if corrects and last is not None and last != same:
                del kept[last]
        elif corrects and last is not None:
            kept[last] = value
        else:
            kept.append(value)


def _key(value: HeardValue) -> tuple[str, str]:
    return value.kind, value.value
