"""Events without words, texts, person: nothing of what was planted stays, all that figures need does."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from core.events import (
    AlertChanged,
    CallbackBooked,
    CallStarted,
    ContactOpened,
    Event,
    FormSent,
    FormValue,
    HeardValue,
    MessageSent,
    Party,
    PhotoReceived,
    RecordDraft,
    RecordDrafted,
    Suggested,
    Suggestion,
    SupervisionChanged,
    TextReceived,
    TranscriptFinal,
    ValuesHeard,
    Word,
    from_json,
    to_json,
)
from core.store.blanked import WITH_PERSON, WITH_TEXTS, WITH_WORDS, Blank, without_person, without_texts, without_words

PLANT = "XyzzyPlanted"
NUMBER = "01012345678"
HOLDING = {without_words: WITH_WORDS, without_texts: WITH_TEXTS, without_person: WITH_PERSON}
AT = datetime(2026, 3, 2, tzinfo=UTC)
VALUE = HeardValue(kind="phone", value=PLANT, spoken=PLANT, start=0, end=1)
CARD = Suggestion(id="7", title="대형폐기물", score=0.8, words=(PLANT,), category="생활>폐기물")
DRAFT = RecordDraft(category="생활>폐기물", sure=0.8, need=PLANT, answer=PLANT, values=(VALUE,), follow_ups=(PLANT,))
EVENTS: tuple[tuple[Blank, Event], ...] = (
    (without_words, TranscriptFinal(speaker="caller", utterance="u", start=0, end=1, text=PLANT,
                                    words=(Word(text=PLANT, start=0, end=1, confidence=1),))),
    (without_words, Suggested(suggestions=(CARD,))),
    (without_words, ValuesHeard(speaker="caller", utterance="u", values=(VALUE,))),
    (without_words, RecordDrafted(draft=DRAFT)),
    (without_words, AlertChanged(alert_id="a", kind="abuse", words=(PLANT,), reason=PLANT)),
    (without_words, SupervisionChanged(supervisor_id="s", mode=None, reason=PLANT)),
    (without_words, FormSent(visit_id="v", screen="s", title="신고",
                             values=(FormValue(field="f", label="위치", value=PLANT),))),
    (without_texts, TextReceived(text_id="t", text=PLANT, photos=(PLANT,))),
    (without_texts, MessageSent(message_id="m", to=PLANT, text=PLANT)),
    (without_person, CallStarted(caller=Party(number=PLANT, name=PLANT))),
    (without_person, ContactOpened(channel="text", party=Party(number=PLANT, name=PLANT))),
    (without_person, MessageSent(message_id="m", to=PLANT, text="안내")),
    (without_person, CallbackBooked(callback_id="b", number=PLANT)),
    (without_person, PhotoReceived(visit_id="v", photo_id="p", width=1, height=1, size=1, latitude=37.5)),
)  # fmt: skip


@pytest.mark.parametrize(("blank", "event"), EVENTS, ids=lambda each: type(each).__name__)
def test_nothing_of_it_stays_and_the_event_is_still_one(blank: Blank, event: Event) -> None:
    assert isinstance(event, HOLDING[blank])
    known = msgspec.structs.replace(event, call_id="c1", seq=3, at=AT)
    left = blank(known)
    assert PLANT not in to_json(left).decode()
    assert "37.5" not in to_json(left).decode()
    assert (type(left), left.call_id, left.seq, left.at) == (type(event), "c1", 3, AT)
    assert from_json(to_json(left)) == left
    assert blank(left) == left
    assert to_json(known) != to_json(left)


def test_what_figures_are_counted_from_stays() -> None:
    drafted = without_words(RecordDrafted(draft=DRAFT))
    assert isinstance(drafted, RecordDrafted)
    assert (drafted.draft.category, drafted.draft.sure) == ("생활>폐기물", 0.8)
    cards = without_words(Suggested(suggestions=(CARD,)))
    assert isinstance(cards, Suggested)
    assert (cards.suggestions[0].id, cards.suggestions[0].category) == ("7", "생활>폐기물")
    anonymous = without_person(CallStarted(caller=Party(number=NUMBER, anonymous=True)))
    assert isinstance(anonymous, CallStarted)
    assert anonymous.caller == Party(anonymous=True)
