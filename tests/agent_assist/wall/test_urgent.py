"""What does not wait for the next second."""

from __future__ import annotations

from agent_assist.wall.picture import DRAWN
from agent_assist.wall.urgent import AT_ONCE, is_urgent
from core.events import AlertChanged, QueueChanged, TranscriptPartial


def test_alerts_are_words_are_not() -> None:
    assert is_urgent(AlertChanged(alert_id="a", kind="emergency"))
    assert not is_urgent(TranscriptPartial(speaker="caller", utterance="u", start=0, text="네"))
    assert not is_urgent(QueueChanged(waiting=3))


def test_what_is_urgent_is_drawn() -> None:
    assert set(AT_ONCE) <= DRAWN
