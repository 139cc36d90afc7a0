from __future__ import annotations

import random
import time

from agent_assist.assistant import Assistant
from agent_assist.draft.record import drafted, material
from agent_assist.draft.summary import Summary
from core.events import CardUsed, Event, RecordDraft, Suggested, TranscriptFinal
from core.store.entry import Entry
from tests.agent_assist.draft.dialogues import Dialogue, dialogues


def none(_: str) -> Entry | None:
    return None


def used(call: Dialogue) -> list[Event]:
    """The call in which the agent used the right card."""
    return [*call.events, CardUsed(entry_id=call.entry_id, deed="accepted")] if call.entry_id else call.events


def share(found: list[bool]) -> float:
    return sum(found) / len(found)


def test_there_are_enough_calls() -> None:
    assert len(dialogues()) >= 25
    assert len({call.id for call in dialogues()}) == len(dialogues())


def test_drafts_say_what_was_wanted_answered_and_promised(hanbit: tuple[Entry, ...]) -> None:
    entries = {entry.id: entry for entry in hanbit}
    for label, with_cards in (("without cards", False), ("with the card used", True)):
        drafts = [
            (call, drafted(used(call) if with_cards else call.events, entries.get if with_cards else none))
            for call in dialogues()
        ]
        need = share([any(each in draft.need for each in call.need) or call.need == [] for call, draft in drafts])
        answer = share([any(each in draft.answer for each in call.answer) for call, draft in drafts if call.answer])
        follow = share(
            [
                not draft.follow_ups
                if call.follow is None
                else all(any(each in one for one in draft.follow_ups) for each in call.follow)
                for call, draft in drafts
            ]
        )
        print(f"\n{label}: need {need:.2f}, answer {answer:.2f}, follow-ups {follow:.2f} of {len(drafts)} calls")
        assert need >= 0.92
        assert answer >= 0.9
        assert follow >= 0.92
        assert not [each for call, draft in drafts for each in call.never if each in draft.need]


async def test_the_category_comes_with_the_cards_that_the_words_brought(hanbit: tuple[Entry, ...]) -> None:
    assistant = Assistant()
    assistant.reload(hanbit)
    exact = branch = 0
    calls = [call for call in dialogues() if call.category]
    for call in calls:
        draft = drafted(await _suggested(assistant, call), assistant.entry)
        exact += draft.category == call.category
        branch += draft.category.split(">")[0] == call.category.split(">")[0]
        assert draft.sure <= 0.6
    print(f"\ncategory without any card used: exact {exact}/{len(calls)}, branch {branch}/{len(calls)}")
    assert branch / len(calls) >= 0.85
    assert exact / len(calls) >= 0.7
    assistant.close()


async def _suggested(assistant: Assistant, call: Dialogue) -> list[Event]:
    conversation = assistant.conversation(call.id)
    events: list[Event] = []
    for event in call.events:
        events.append(event)
        if isinstance(event, TranscriptFinal):
            cards = await conversation.heard(event.speaker, event.utterance, event.text)
            if cards is not None:
                events.append(Suggested(suggestions=cards, utterance=event.utterance))
    return events


def test_the_used_cards_category_is_the_calls(hanbit: tuple[Entry, ...]) -> None:
    entries = {entry.id: entry for entry in hanbit}
    for call in dialogues():
        draft = drafted(used(call), entries.get)
        assert draft.category == call.category
        assert draft.cards == ((call.entry_id,) if call.entry_id else ())


def test_an_empty_call_has_an_empty_draft() -> None:
    assert drafted([], none) == RecordDraft()


def test_an_entry_that_is_gone_is_no_trouble() -> None:
    draft = drafted([CardUsed(entry_id="gone", deed="sent")], none)
    assert draft.cards == ("gone",)
    assert draft.category == ""


def test_a_sites_own_summary_takes_the_place() -> None:
    call = next(call for call in dialogues() if call.id == "water-bill")
    draft = drafted(call.events, none, Summary(need="요금 문의", answer="누수 안내"))
    assert (draft.need, draft.answer) == ("요금 문의", "누수 안내")
    assert draft.follow_ups


def test_a_summariser_is_given_the_turns_and_what_cards_tell(hanbit: tuple[Entry, ...]) -> None:
    call = next(call for call in dialogues() if call.id == "water-bill")
    turns, topics = material(used(call), {entry.id: entry for entry in hanbit}.get)
    assert len(turns) == len(call.events)
    assert "요금" in topics.asked


def test_half_a_thousand_turns_take_little_time(hanbit: tuple[Entry, ...]) -> None:
    entries = {entry.id: entry for entry in hanbit}
    chance = random.Random(5)
    pool = [event for call in dialogues() for event in call.events]
    events = [chance.choice(pool) for _ in range(500)] + [CardUsed(entry_id="1", deed="accepted")]
    began = time.perf_counter()
    draft = drafted(events, entries.get)
    assert time.perf_counter() - began < 0.25  # 12 ms alone on a quiet machine
    assert draft.need
