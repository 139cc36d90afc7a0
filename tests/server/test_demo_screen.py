"""What a person and what a script get to see."""

from __future__ import annotations

import io
import os
from typing import Any

import msgspec
import pytest

from core.events import (
    CallEnded,
    CallJoined,
    CallStarted,
    Event,
    MessageSent,
    Party,
    ScreenShown,
    Suggested,
    Suggestion,
    TranscriptFinal,
    TranscriptPartial,
    from_json,
)
from server.demo.screen import Terminal, Where
from server.json_lines import JsonLines

WASTE = Suggestion(id="59", title="대형폐기물 배출", score=0.9, department="자원순환과", phone="070-0012-0059")
SOFA = Suggestion(id="60", title="소파 수수료", score=0.8)

CALL: list[Event] = [
    CallStarted(call_id="a", seq=1, caller=Party(number="01001230001")),
    CallJoined(call_id="a", seq=2, agent_id="haneul", agent_name="김하늘"),
    TranscriptPartial(call_id="a", seq=3, speaker="caller", utterance="caller-1", start=1.0, text="소파를"),
    TranscriptFinal(
        call_id="a", seq=4, speaker="caller", utterance="caller-1", start=1.0, end=2.0, text="소파를 버려요"
    ),
    Suggested(call_id="a", seq=5, suggestions=(WASTE,)),
    Suggested(call_id="a", seq=6, suggestions=(SOFA, WASTE)),
    CallEnded(call_id="a", seq=7, reason="caller_hung_up", duration_s=12.4),
]

WHERE = Where(
    desk="http://127.0.0.1:1/",
    sip=("127.0.0.1:5060",),
    stage="http://127.0.0.1:1/demo",
    phone="http://127.0.0.1:1/v/",
)


async def test_json_is_ready_then_every_event() -> None:
    out = io.BytesIO()
    screen = JsonLines(out)
    with screen.step("준비", "preparing"):
        pass
    with screen.performance(WHERE, "haneul", "secret"):
        for event in CALL:
            await screen.show(event)
    first, *rest = out.getvalue().splitlines()
    ready: dict[str, Any] = msgspec.json.decode(first)
    assert ready == {
        "type": "Ready",
        "desk": "http://127.0.0.1:1/",
        "sip": ["127.0.0.1:5060"],
        "phone": "http://127.0.0.1:1/v/",
        "stage": "http://127.0.0.1:1/demo",
    }
    assert [from_json(line) for line in rest] == CALL


async def test_a_person_sees_address_words_and_new_cards() -> None:
    out = io.StringIO()
    screen = Terminal(out)
    with screen.step("준비", "preparing"):
        pass
    with screen.performance(WHERE, "haneul", "four words"):
        for event in CALL:
            await screen.show(event)
    text = out.getvalue()
    assert "✓ 준비" in text
    assert "http://127.0.0.1:1/" in text and "haneul / four words" in text
    assert "시민  소파를 버려요" in text and "김하늘 상담사" in text and "끝 12초" in text
    assert text.count("대형폐기물 배출 · 자원순환과 070-0012-0059") == 1, "a card that stays is not told twice"
    assert text.count("소파 수수료") == 1
    assert len([line for line in text.splitlines() if "#1" in line]) == 6, "partials make no line"
    assert text.index("소파를 버려요") < text.index("대형폐기물") < text.index("소파 수수료") < text.index("끝 12초")


async def test_what_the_caller_does_on_the_page_is_told() -> None:
    out = io.StringIO()
    screen = Terminal(out)
    with screen.performance(WHERE, "haneul", "four words"):
        await screen.show(ScreenShown(call_id="a", visit_id="v", screen="waste", title="대형폐기물", cause="touch"))
        await screen.show(MessageSent(call_id="a", message_id="m", to="010", text="[한빛시] (link)"))
    text = out.getvalue()
    assert "▣ 대형폐기물 (손가락)" in text and "✉ [한빛시] (link)" in text
    assert "http://127.0.0.1:1/demo" in text and "▀" in text, "both addresses, one as a QR code"


async def test_what_is_being_said_stands_at_the_foot_of_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    out = io.StringIO()
    screen = Terminal(out)
    with screen.performance(WHERE, "haneul", "four words"):
        await screen.show(CALL[0])
        await screen.show(CALL[2])
    assert "소파를" in out.getvalue()
    hidden, shown = out.getvalue().rfind("\x1b[?25l"), out.getvalue().rfind("\x1b[?25h")
    assert -1 < hidden < shown, "the cursor is back"


async def test_brackets_in_words_are_no_markup() -> None:
    out = io.StringIO()
    said = TranscriptFinal(call_id="a", speaker="agent", utterance="agent-1", start=0, end=1, text="[bold] 네 [/x]")
    await Terminal(out).show(said)
    assert "[bold] 네 [/x]" in out.getvalue()


async def test_a_reader_that_went_away_is_noticed() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with pytest.raises(BrokenPipeError), os.fdopen(writing, "w") as out:
        await Terminal(out).show(CALL[0])
    reading, writing = os.pipe()
    os.close(reading)
    with pytest.raises(BrokenPipeError), os.fdopen(writing, "wb", buffering=0) as raw:
        await JsonLines(raw).show(CALL[0])
