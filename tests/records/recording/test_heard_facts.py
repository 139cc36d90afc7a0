"""What a call's events say about its recording."""

from __future__ import annotations

from core.events import AlarmRaised, AlertChanged, CallJoined, LanguageChanged, TranscriptFinal
from core.store.recordings import Silence
from records.recording.heard_facts import heard_facts


def final(utterance: str, *silenced: tuple[float, float], typed: bool = False) -> TranscriptFinal:
    return TranscriptFinal(
        speaker="caller", utterance=utterance, start=0, end=9, text="x", silenced=silenced, typed=typed
    )


def test_numbers_of_all_finals_also_of_those_that_were_corrected() -> None:
    facts = heard_facts([final("caller-1", (1, 2)), final("caller-1"), final("typed-1", (5, 6), typed=True)])
    assert facts.silences == (Silence(start=1, end=2, why="number"),)
    assert not facts.unscreened


def test_alerts_as_they_were_raised_without_the_dismissed() -> None:
    raised = AlertChanged(alert_id="alert-1", kind="abuse", start=3, end=4)
    other = AlertChanged(alert_id="alert-2", kind="threat", start=5, end=6)
    handled = AlertChanged(alert_id="alert-1", kind="abuse", start=3, end=4, state="handling")
    dismissed = AlertChanged(alert_id="alert-2", kind="threat", state="dismissed")
    assert heard_facts([raised, other, handled, dismissed]).alerts == (raised,)


def test_who_is_heard_once_each() -> None:
    events = [CallJoined(agent_id=agent) for agent in ("kim", "", "lee", "kim")]
    assert heard_facts(events).agents == ("kim", "lee")


def test_what_nobody_transcribed_is_told() -> None:
    for event in (
        AlarmRaised(code="no_words"),
        AlarmRaised(code="audio_dropped", speaker="caller"),
        LanguageChanged(language="vi", heard=False, by="agent"),
    ):
        assert heard_facts([event]).unscreened
    assert not heard_facts([AlarmRaised(code="no_audio")]).unscreened
