"""Events of a house for tests of the wall, as hypothesis draws them: any order, any calls, also nonsense."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from agent_assist.wall.rows import AgentRow
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
    CallResumed,
    CallStarted,
    Event,
    IssueChanged,
    NoteSent,
    Party,
    QualityChanged,
    QueueChanged,
    Suggested,
    Suggestion,
    SupervisionChanged,
    TranscriptFinal,
    TranscriptPartial,
    TransferChanged,
    Written,
    WrittenChanged,
)

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
AGENTS = ("kim", "lee", "park")
PEOPLE = {agent: AgentRow(name=f"상담사 {agent}", team="1팀", present=True) for agent in AGENTS}
calls = st.sampled_from(["c1", "c2", "c3"])
agents = st.sampled_from(AGENTS)
moments = st.integers(0, 3600).map(lambda s: NOW + timedelta(seconds=s))
speakers = st.sampled_from(["caller", "agent"])
words = st.text(max_size=200)


def _of(kind: type[Event], /, **fields: st.SearchStrategy[object]) -> st.SearchStrategy[Event]:
    return st.builds(kind, at=moments, **fields)  # type: ignore[arg-type]


events: st.SearchStrategy[Event] = st.one_of(
    _of(CallStarted, call_id=calls, caller=st.builds(Party, number=st.sampled_from(["01012345678", "", "120"]))),
    _of(CallQueued, call_id=calls, position=st.integers(1, 9)),
    _of(AgentOffered, call_id=calls, agent_id=agents),
    _of(CallJoined, call_id=calls, agent_id=agents, agent_name=words),
    _of(CallHeld, call_id=calls, by=speakers),
    _of(CallResumed, call_id=calls, by=speakers),
    _of(
        TransferChanged,
        call_id=calls,
        transfer_id=st.just("t"),
        kind=st.just("blind"),
        state=st.sampled_from(["ringing", "done", "returned"]),
        to=st.just("2101"),
    ),
    _of(SupervisionChanged, call_id=calls, supervisor_id=agents, mode=st.sampled_from(["listen", "barge", None])),
    _of(
        QualityChanged,
        call_id=calls,
        speaker=speakers,
        grade=st.sampled_from(["good", "poor", "none"]),
        final=st.booleans(),
    ),
    _of(TranscriptPartial, call_id=calls, speaker=speakers, utterance=st.just("u"), start=st.just(0.0), text=words),
    _of(
        TranscriptFinal,
        call_id=calls,
        speaker=speakers,
        utterance=st.just("u"),
        start=st.just(0.0),
        end=st.just(1.0),
        text=words,
    ),
    _of(
        Suggested,
        call_id=calls,
        suggestions=st.lists(st.builds(Suggestion, id=words, title=words, score=st.just(1.0)), max_size=2).map(tuple),
    ),
    _of(
        AlertChanged,
        call_id=calls,
        alert_id=st.sampled_from(["a1", "a2"]),
        kind=st.sampled_from(["abuse", "emergency"]),
        state=st.sampled_from(["raised", "handling", "closed", "dismissed"]),
        words=st.lists(words, max_size=2).map(tuple),
    ),
    _of(AlarmRaised, call_id=calls, code=st.sampled_from(["no_audio", "not_saved"]), speaker=speakers),
    _of(AlarmCleared, call_id=calls, code=st.sampled_from(["no_audio", "not_saved"]), speaker=speakers),
    _of(CallEnded, call_id=calls, reason=st.just("caller_hung_up")),
    _of(
        AgentStateChanged,
        agent_id=agents,
        state=st.sampled_from(["away", "ready", "talking", "wrap_up"]),
        since=moments,
        reason=st.sampled_from(["", "lunch"]),
    ),
    _of(NoteSent, note_id=words, agent_id=agents, by=agents, seen=st.booleans()),
    _of(
        IssueChanged,
        issue_id=st.sampled_from(["i1", "i2"]),
        terms=st.just(("정전",)),
        since=moments,
        state=st.sampled_from(["rising", "seen", "over"]),
    ),
    _of(QueueChanged, waiting=st.integers(0, 9), longest_since=st.none() | moments),
    st.builds(
        WrittenChanged,
        written=st.builds(
            Written,
            contact_id=st.sampled_from(["text-1", "text-2"]),
            channel=st.just("text"),
            opened=moments,
            since=moments,
            last_at=moments,
            owed_since=st.none() | moments,
            state=st.sampled_from(["waiting", "assigned", "answered", "closed"]),
            last_text=words,
        ),
    ),
)
