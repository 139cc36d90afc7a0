"""What the wall shows of a call, an agent, an alert, drawn from events."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from agent_assist.wall.picture import LONGEST, MOST_LEFT, Picture
from agent_assist.wall.rows import AgentRow, AlertRow, FiguresRow, shown_number
from core.events import (
    AgentOffered,
    AgentStateChanged,
    AlarmCleared,
    AlarmRaised,
    AlertChanged,
    CallEnded,
    CallHeld,
    CallJoined,
    CallQueued,
    CallStarted,
    NoteSent,
    Party,
    QualityChanged,
    ScreenShown,
    Suggested,
    Suggestion,
    SupervisionChanged,
    TranscriptFinal,
    TranscriptPartial,
    Written,
    WrittenChanged,
)
from tests.agent_assist.wall.streams import NOW, PEOPLE, events

CALLER = Party(number="01028411009")


def talking(call: str = "c") -> Picture:
    """A caller who has waited and talks with kim."""
    picture = Picture()
    picture.people(PEOPLE)
    for event in (
        CallStarted(call_id=call, at=NOW, caller=CALLER),
        CallQueued(call_id=call, at=NOW + timedelta(seconds=2), position=1),
        AgentOffered(call_id=call, at=NOW + timedelta(seconds=9), agent_id="kim", agent_name="김하늘"),
        CallJoined(call_id=call, at=NOW + timedelta(seconds=12), agent_id="kim", agent_name="김하늘"),
    ):
        picture.take(event)
    return picture


def test_a_call_from_the_menu_to_the_talk() -> None:
    picture = Picture()
    picture.take(CallStarted(call_id="c", at=NOW, caller=CALLER))
    picture.take(ScreenShown(call_id="c", visit_id="v", screen="tax", title="세금"))
    assert (picture.calls["c"].stage, picture.calls["c"].topic) == ("menu", "세금")
    picture.take(CallQueued(call_id="c", at=NOW + timedelta(seconds=5), position=3))
    picture.take(CallQueued(call_id="c", at=NOW + timedelta(seconds=15), position=2))
    waiting = picture.calls["c"]
    assert (waiting.stage, waiting.position, waiting.since) == ("queued", 2, NOW + timedelta(seconds=5))
    row = talking().calls["c"]
    assert (row.stage, row.agent, row.position, row.since) == ("talking", "kim", 0, NOW + timedelta(seconds=12))


def test_the_number_is_hidden_in_the_middle() -> None:
    assert talking().calls["c"].number == "010····1009"
    assert shown_number("120") == "120"
    picture = Picture()
    picture.take(CallStarted(call_id="c", caller=Party(number="01028411009", anonymous=True)))
    assert picture.calls["c"].number == ""


def test_the_last_words_are_the_newest_and_a_partial_that_is_taken_back_gives_way() -> None:
    picture = talking()
    picture.take(
        TranscriptFinal(call_id="c", speaker="caller", utterance="caller-1", start=0, end=1, text="여권 만들려고요")
    )
    picture.take(TranscriptPartial(call_id="c", speaker="agent", utterance="agent-1", start=1, text="네 여"))
    assert (picture.calls["c"].words, picture.calls["c"].words_by) == ("네 여", "agent")
    picture.take(TranscriptPartial(call_id="c", speaker="agent", utterance="agent-1", start=1, text=""))
    assert (picture.calls["c"].words, picture.calls["c"].words_by) == ("여권 만들려고요", "caller")
    long = "가" * 300
    picture.take(TranscriptFinal(call_id="c", speaker="caller", utterance="caller-2", start=0, end=1, text=long))
    assert len(picture.calls["c"].words) == LONGEST
    assert picture.calls["c"].words.startswith("…")


def test_topic_sound_hold_and_supervisor() -> None:
    picture = talking()
    best = Suggestion(id="1", title="여권 재발급", score=0.9, category="민원>여권")
    picture.take(Suggested(call_id="c", suggestions=(best,)))
    picture.take(CallHeld(call_id="c", by="agent"))
    picture.take(SupervisionChanged(call_id="c", supervisor_id="lee", mode="listen"))
    picture.take(QualityChanged(call_id="c", speaker="agent", grade="good"))
    picture.take(QualityChanged(call_id="c", speaker="caller", grade="poor", causes=("loss",)))
    row = picture.calls["c"]
    assert (row.topic, row.category, row.held) == ("여권 재발급", "민원>여권", True)
    assert (row.supervisor, row.mode) == ("lee", "listen")
    assert (row.grade, row.causes) == ("poor", ("loss",))
    picture.take(SupervisionChanged(call_id="c", supervisor_id="lee", mode=None, took_over=True))
    picture.take(CallJoined(call_id="c", agent_id="lee", agent_name="이바다"))
    row = picture.calls["c"]
    assert (row.supervisor, row.mode, row.agent, row.since) == ("", None, "lee", NOW + timedelta(seconds=12))


def test_an_alert_is_on_the_wall_and_on_its_call_until_it_is_closed() -> None:
    picture = talking()
    raised = AlertChanged(call_id="c", alert_id="alert-1", kind="abuse", words=("욕",), at=NOW)
    picture.take(raised)
    row = picture.alerts["c alert-1"]
    assert (row.kind, row.agent_name, row.words, picture.calls["c"].alert) == ("abuse", "김하늘", ("욕",), "abuse")
    assert picture.care("c alert-1", "이바다", NOW)
    picture.take(AlertChanged(call_id="c", alert_id="alert-1", kind="abuse", state="handling", steps=("warned",)))
    assert (picture.alerts["c alert-1"].taken_by, picture.alerts["c alert-1"].steps) == ("이바다", ("warned",))
    picture.take(AlertChanged(call_id="c", alert_id="alert-1", kind="abuse", state="closed"))
    assert not picture.alerts
    assert picture.calls["c"].alert is None
    assert not picture.care("c alert-1", "이바다", NOW)


def text(**more: Any) -> WrittenChanged:
    written = Written(
        contact_id="text-1", channel="text", party=CALLER, opened=NOW, since=NOW, last_at=NOW, owed_since=NOW
    )
    alert_at = more.pop("alert_at", NOW + timedelta(minutes=30))
    return WrittenChanged(written=replace(written, **more), alert_at=alert_at)


def test_a_threat_in_writing_is_on_the_wall_too() -> None:
    picture = Picture()
    picture.take(text(state="assigned", agent_id="kim", agent_name="김하늘"))
    picture.take(AlertChanged(call_id="text-1", alert_id="alert-1", kind="threat", words=("불지른다",), at=NOW))
    row = picture.alerts["text-1 alert-1"]
    assert (row.kind, row.call, row.agent_name, row.words) == ("threat", "text-1", "김하늘", ("불지른다",))
    picture.take(text(state="closed", alert_at=None))
    assert picture.alerts["text-1 alert-1"].over, "until somebody has taken note"
    assert picture.care("text-1 alert-1", "이바다", NOW) and not picture.alerts


def test_what_nobody_has_answered_becomes_an_alert_and_is_none_once_it_is_answered() -> None:
    picture = Picture()
    picture.take(text())
    picture.late(NOW + timedelta(minutes=29))
    assert not picture.alerts
    picture.late(NOW + timedelta(minutes=30))
    picture.care("text-1 text_late", "이바다", NOW)
    picture.fresh()
    picture.late(NOW + timedelta(minutes=31))
    assert not picture.fresh(), "nothing is told twice"
    assert picture.alerts["text-1 text_late"].taken_by == "이바다"
    picture.take(text(state="answered", owed_since=None, alert_at=None))
    picture.late(NOW + timedelta(minutes=32))
    assert not picture.alerts
    picture.take(text())
    picture.late(NOW + timedelta(minutes=33))
    picture.take(text(state="closed", alert_at=None))
    assert not picture.alerts


def test_an_alert_that_nobody_saw_outlives_its_call_until_somebody_takes_note() -> None:
    picture = talking()
    picture.take(AlertChanged(call_id="c", alert_id="alert-1", kind="emergency"))
    picture.take(AlarmRaised(call_id="c", code="no_audio", speaker="caller"))
    picture.take(CallEnded(call_id="c", reason="caller_hung_up"))
    assert {key: row.over for key, row in picture.alerts.items()} == {"c alert-1": True}
    assert picture.care("c alert-1", "이바다", NOW)
    assert not picture.alerts


def test_such_alerts_do_not_pile_up() -> None:
    picture = Picture()
    for number in range(MOST_LEFT + 10):
        call = f"c{number}"
        picture.take(CallStarted(call_id=call))
        picture.take(AlertChanged(call_id=call, alert_id="alert-1", kind="emergency"))
        picture.take(CallEnded(call_id=call, reason="caller_hung_up"))
    assert len(picture.alerts) == MOST_LEFT
    assert "c0 alert-1" not in picture.alerts


def test_an_alarm_comes_and_goes() -> None:
    picture = talking()
    picture.take(AlarmRaised(call_id="c", code="no_audio", speaker="caller"))
    assert picture.calls["c"].alarms == ("no_audio",)
    assert picture.calls["c"].alert is None
    picture.take(AlarmCleared(call_id="c", code="no_audio", speaker="caller"))
    assert picture.calls["c"].alarms == ()
    assert not picture.alerts


def test_troubles_of_the_node_keep_their_beginning_and_who_takes_care() -> None:
    picture = Picture()
    picture.troubles({"sip0": AlertRow(kind="sip_lost", at=NOW, detail="sip0")})
    picture.care("sip0", "이바다", NOW)
    picture.troubles({"sip0": AlertRow(kind="sip_lost", at=NOW + timedelta(seconds=9), detail="sip0")})
    assert (picture.alerts["sip0"].at, picture.alerts["sip0"].taken_by) == (NOW, "이바다")
    picture.troubles({})
    assert not picture.alerts


def test_an_agent_and_her_notes() -> None:
    picture = talking()
    picture.take(AgentStateChanged(agent_id="kim", state="away", since=NOW, reason="lunch", by="lee", extension="2101"))
    row = picture.agents["kim"]
    assert (row.state, row.reason, row.by, row.extension, row.name) == ("away", "lunch", "lee", "2101", "상담사 kim")
    note = NoteSent(note_id="n", agent_id="kim", by="lee", text="천천히")
    picture.take(note)
    assert picture.agents["kim"].unseen == 1
    picture.take(NoteSent(note_id="n", agent_id="kim", by="lee", text="천천히", seen=True))
    assert picture.agents["kim"].unseen == 0
    picture.people({"kim": AgentRow(name="김하늘", team="2팀")})
    row = picture.agents["kim"]
    assert (row.name, row.team, row.state, row.present) == ("김하늘", "2팀", "away", False)
    assert set(picture.agents) == {"kim"}


def test_the_days_figures() -> None:
    picture = Picture()
    picture.fresh()
    picture.today(FiguresRow(offered=3))
    assert picture.fresh() == {("house", "figures")}
    picture.today(FiguresRow(offered=3))
    assert picture.fresh() == set()


@given(st.lists(events, max_size=60))
def test_it_is_bounded_by_the_house(stream: list[object]) -> None:
    picture = Picture()
    picture.people(PEOPLE)
    for event in stream:
        picture.take(event)  # type: ignore[arg-type]
    assert len(picture.calls) <= 3
    assert set(picture.agents) == set(PEOPLE)
    for row in picture.alerts.values():
        assert row.over or row.call in picture.calls
    for call, row in picture.calls.items():
        assert row.alert is None or any(alert.call == call for alert in picture.alerts.values())
