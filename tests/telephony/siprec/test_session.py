"""What one more message changes in a recording session."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.events import Party
from telephony.contract import AnySignal, AudioBack, AudioLost, Held, Identified, Resumed
from telephony.siprec.metadata_xml import read
from telephony.siprec.offer import streams
from telephony.siprec.session import Picture, is_another_call, news
from telephony.siprec.sides import Ours
from tests.telephony.siprec.messages import AGENT, CITIZEN, rfc7865, sdp

OURS = Ours("[0-9]{3,5}", frozenset({"120"}))
CALLER = ("p1", f"sip:{CITIZEN}@10.0.0.9", "홍길동", "1")
HANEUL = ("p2", f"sip:{AGENT}@10.0.0.5", "김하늘", "2")
BADA = ("p3", "sip:2108@10.0.0.5", "이바다", "2")


def told(offer: str, *people: tuple[str, str, str, str], session: str = "s1") -> Picture:
    return Picture().after(OURS, streams(offer), read(rfc7865(*people, session=session)) if people else None)


BOTH = told(sdp("4000 1 sendonly", "4002 2 sendonly"), CALLER, HANEUL)


@pytest.mark.parametrize(
    ("caller", "agent", "by"),
    [
        ("4000 1 sendonly", "4002 2 inactive", "caller"),
        ("4000 1 inactive", "4002 2 sendonly", "agent"),
        ("4000 1 inactive", "4002 2 inactive", "agent"),
        ("4000 1 recvonly", "4002 2 sendrecv", "agent"),
    ],
)
def test_hold_and_back(caller: str, agent: str, by: str) -> None:
    held = BOTH.after(OURS, streams(sdp(caller, agent)), None)
    assert held.held_by == by
    assert news(BOTH, held) == [Held(speaker=held.held_by)]
    assert news(held, BOTH) == [Resumed(speaker=held.held_by)]


def test_a_hold_that_changes_hands() -> None:
    one = BOTH.after(OURS, streams(sdp("4000 1 sendonly", "4002 2 inactive")), None)
    other = BOTH.after(OURS, streams(sdp("4000 1 inactive", "4002 2 inactive")), None)
    assert news(one, other) == [Resumed(speaker="caller"), Held(speaker="agent")]


def test_transfer_identifies_the_new_agent() -> None:
    after = BOTH.after(OURS, None, read(rfc7865(HANEUL, BADA, mode="partial", left=frozenset({"p2"}))))
    assert news(BOTH, after) == [Identified(speaker="agent", party=Party(number="2108", name="이바다"))]
    assert not is_another_call(BOTH, after) and not after.over


def test_a_stream_is_taken_away_and_comes_back() -> None:
    gone = BOTH.after(OURS, streams(sdp("4000 1 sendonly", "0 2 inactive")), None)
    assert (gone.missing, gone.index("agent"), gone.held_by) == ({"agent"}, None, None)
    assert news(BOTH, gone) == [AudioLost(speaker="agent")]
    assert news(gone, BOTH) == [AudioBack(speaker="agent")]


def test_of_two_offered_streams_one_that_is_refused_from_the_start_is_missed_but_a_mono_mix_misses_none() -> None:
    assert told(sdp("4000 1 sendonly", "0 2 sendonly"), CALLER, HANEUL).missing == {"agent"}
    mono = told(sdp("4000 1 sendonly"), CALLER, (*HANEUL[:3], "1"))
    assert mono.missing == frozenset() and mono.index("agent") is None


def test_a_stream_added_later() -> None:
    one = told(sdp("4000 1 sendonly"))
    two = one.after(OURS, streams(sdp("4000 1 sendonly", "4002 2 sendonly")), None)
    assert (one.index("agent"), two.index("agent"), two.missing) == (None, 1, frozenset())
    assert news(one, two) == []


def test_the_conversation_ends_but_not_the_session_and_another_begins() -> None:
    over = BOTH.after(OURS, None, read(rfc7865(CALLER, HANEUL, stopped=True)))
    assert over.over
    next_one = over.after(OURS, None, read(rfc7865(("p9", "sip:01099998888@x", "", "1"), HANEUL, session="s2"))).afresh(
        OURS
    )
    assert not next_one.over and next_one.party("caller").number == "01099998888"


@pytest.mark.parametrize(
    ("session", "caller", "another"),
    [("s1", "01099998888", False), ("s2", CITIZEN, False), ("s2", "01099998888", True)],
)
def test_when_another_call_begins_without_a_stop(session: str, caller: str, another: bool) -> None:
    people = (("p7", f"sip:{caller}@x", "홍길동" if caller == CITIZEN else "", "1"), BADA)
    assert is_another_call(BOTH, BOTH.after(OURS, None, read(rfc7865(*people, session=session)))) is another


def test_metadata_that_comes_late_is_no_other_call() -> None:
    assert not is_another_call(told(sdp("4000 1 sendonly")), BOTH)


_STREAM = st.builds(
    "{} {} {}".format,
    st.sampled_from([0, 4000]),
    st.sampled_from("123"),
    st.sampled_from(["sendonly", "inactive", "recvonly"]),
)
_PERSON = st.tuples(
    st.sampled_from(["p1", "p2", "p3"]), st.sampled_from(["sip:2107@x", "sip:0101@x", "tel:120", ""]), st.just(""),
    st.sampled_from(["", "1", "2", "3"]),
)  # fmt: skip
_MESSAGE = st.tuples(st.lists(_STREAM, max_size=3), st.lists(_PERSON, max_size=3), st.booleans(), st.booleans())


@given(st.lists(_MESSAGE, max_size=6))
def test_whatever_comes_the_picture_holds_together(
    messages: list[tuple[list[str], list[tuple[str, ...]], bool, bool]],
) -> None:
    picture = Picture()
    held: AnySignal | None = None
    lost: set[str] = set()
    for offered, people, complete, with_sdp in messages:
        update = read(rfc7865(*people, mode="complete" if complete else "partial"))  # type: ignore[arg-type]
        after = picture.after(OURS, streams(sdp(*offered)) if with_sdp else None, update)
        there = {stream.index for stream in after.offer if stream.there}
        used = [i for i in (after.index("caller"), after.index("agent")) if i is not None]
        assert len(used) == len(set(used)) == min(len(there), 2) and set(used) <= there
        for signal in news(picture, after):
            match signal:
                case Held():
                    assert held is None
                    held = signal
                case Resumed(speaker=speaker):
                    assert held is not None and held.speaker == speaker
                    held = None
                case AudioLost(speaker=speaker):
                    assert speaker not in lost
                    lost.add(speaker)
                case AudioBack(speaker=speaker):
                    lost.remove(speaker)
        picture = after
