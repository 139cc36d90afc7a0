"""What is still to be done when the call is over: what the agent promised, what was booked, what went wrong. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from agent_assist.draft.cues import PROMISES, WRITTEN
from agent_assist.draft.numbers import without_numbers
from agent_assist.draft.sentences import Sentence, Turn, sentences
from core.events import CallbackBooked, CallbackState, Event, MessageSent, TranscriptFinal

FOLLOW_UPS_LIMIT: Final = 8
"""The first ones stay; what the house itself knows comes before them."""
_LENGTH_LIMIT: Final = 160
_ALIKE: Final = 0.6
_CALLBACKS: Final[dict[CallbackState, str]] = {
    "booked": "콜백이 예약되어 있습니다.",
    "calling": "콜백을 거는 중입니다.",
    "failed": "콜백이 연결되지 않았습니다. 다시 전화해야 합니다.",
}
_FAILED: Final = "문자 메시지가 가지 않았습니다. 다시 보내야 합니다."


def follow_ups(events: Iterable[Event]) -> tuple[str, ...]:
    """A sentence each."""
    known = list(events)
    booked: dict[str, CallbackState] = {}
    messages: dict[str, MessageSent] = {}
    written_until = -1
    promised: list[tuple[int, Sentence]] = []
    for at, event in enumerate(known):
        if isinstance(event, CallbackBooked):
            booked[event.callback_id] = event.state
        elif isinstance(event, MessageSent):
            messages[event.message_id] = event
            if event.state != "failed" and event.by:
                written_until = at
        elif isinstance(event, TranscriptFinal) and event.speaker == "agent":
            turn = Turn(speaker="agent", text=event.text, utterance=event.utterance)
            promised += [(at, each) for each in sentences([turn]) if PROMISES.search(each.letters)]
    house = [_CALLBACKS[state] for state in booked.values() if state in _CALLBACKS]
    if any(message.state == "failed" for message in messages.values()):
        house.append(_FAILED)
    open_ = [each for at, each in promised if not (at < written_until and WRITTEN.search(each.letters))]
    return tuple(dict.fromkeys((*house, *_different(open_))))[:FOLLOW_UPS_LIMIT]


def _different(promised: Iterable[Sentence]) -> list[str]:
    """Each promise once, in its last wording."""
    kept: list[Sentence] = []
    for each in promised:
        kept = [other for other in kept if _likeness(each, other) < _ALIKE]
        kept.append(each)
    return [without_numbers(each.text)[:_LENGTH_LIMIT] for each in kept]


def _likeness(one: Sentence, other: Sentence) -> float:
    if one.letters == other.letters:
        return 1.0
    both = len(one.pieces | other.pieces)
    return len(one.pieces & other.pieces) / both if both else 0.0
