"""Written contacts as turns of talk."""

from datetime import UTC, datetime, timedelta

from agent_assist.draft.written import as_spoken
from core.events import ContactOpened, MessageSent, Party, TextReceived, TextState, TranscriptFinal

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)


def _sent(message_id: str, by: str, state: TextState = "queued") -> MessageSent:
    at = AT + timedelta(seconds=60)
    return MessageSent(at=at, message_id=message_id, to="01012345678", text=f"답 {message_id}", by=by, state=state)


def test_what_both_wrote_is_said_once_each() -> None:
    opened = ContactOpened(at=AT, channel="text", party=Party(number="01012345678"), to="0700055120")
    asked = TextReceived(at=AT + timedelta(seconds=2), text_id="t1", text="여권은 어디서 만드나요")
    line = [
        opened,
        asked,
        _sent("m1", ""),
        _sent("m2", "rule:night"),
        _sent("m3", "agent-1", "waiting"),
        _sent("m3", "agent-1"),
        _sent("m3", "agent-1", "delivered"),
        _sent("m4", "agent-1", "withdrawn"),
    ]

    first, *rest = as_spoken(line)

    said = [turn for turn in rest if isinstance(turn, TranscriptFinal)]
    assert first is opened
    assert len(rest) == len(said)
    assert [(turn.speaker, turn.utterance, turn.text, turn.start) for turn in said] == [
        ("caller", "t1", "여권은 어디서 만드나요", 2.0),
        ("agent", "m3", "답 m3", 60.0),
    ]
